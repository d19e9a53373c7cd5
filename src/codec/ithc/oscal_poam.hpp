// The plan as an OSCAL plan of action and milestones (NIST OSCAL 1.2, JSON).
#pragma once

#include <vector>

#include "base/result.hpp"
#include "codec/ithc/rap.hpp"

namespace assay::codec::ithc {

struct PoamItem {
    std::string uuid;       // of the item; given by the caller, who keeps it from plan to plan
    std::string risk_uuid;  // of its risk
    std::string title;
    bool open = true;  // the status of the risk: open, or closed
    RapItem plan;

    bool operator==(const PoamItem&) const = default;
};

struct Poam {
    std::string uuid;
    std::string title;
    std::string version;        // of the document
    std::string last_modified;  // RFC 3339
    std::vector<PoamItem> items;

    bool operator==(const Poam&) const = default;
};

// An OSCAL item has no dates of its own, so: planned days stand in the item's props (of our name
// space), the planned finish is the deadline of the risk too; the actions are the item's
// description, the lessons its remarks.
//
// Errors: usage (a UUID or day that is none; a line break where OSCAL allows one line).
base::Result<std::string> print_poam(const Poam& poam);

// Also plans of other tools, as far as they go: an item without our props has its own UUID as
// key, and its deadline as planned finish. What has no place in a plan is left out.
//
// Errors: malformed (not JSON, or not a plan: what is missing), limit.
base::Result<Poam> parse_poam(std::string_view text);

}  // namespace assay::codec::ithc
