// A zone as an authoritative server sees it (RFC 1034 section 4.3.2, RFC 4592): pure data and
// look-up.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/fault.hpp"
#include "codec/dns/record.hpp"

namespace assay::codec::zone {

// What a file holds besides records that DNS knows.
struct Alias {
    dns::Name name, target;
};  // OctoDNS ALIAS: addresses of `target` served at `name`

struct Problem {  // in a file given to us: a usage error, not a finding
    std::string file;
    std::size_t line = 0;  // 1 is the first; 0: unknown
    std::string text;      // what is wrong and what to do
};

struct ZoneData {  // what the readers produce
    dns::Name apex;
    std::vector<dns::Record> records;
    std::vector<Alias> aliases;
    std::vector<dns::Name> others;  // owners of records that are not read: the names exist
    std::vector<Problem> warnings;  // kept out of the zone, said to the user
};

enum class Kind {
    answer,      // records of the type asked
    cname,       // a CNAME stands there instead; `records` holds it
    alias,       // an OctoDNS ALIAS stands there and an address was asked; `target` holds where it
                 // points
    no_data,     // the name exists (perhaps only as an empty non-terminal), not with this type
    nx_domain,   // the name does not exist
    delegation,  // at or below a zone cut that this zone does not serve; `records` holds its NS
    yx_domain,   // a DNAME makes a name that is too long (RFC 6672 section 2.2)
};

struct Found {
    Kind kind = Kind::nx_domain;
    bool wildcard = false;             // synthesised (RFC 4592 section 3.3)
    std::vector<dns::Record> records;  // owner names as asked, also when synthesised
    dns::Name target;                  // of alias; of yx_domain the owner of the DNAME
};

class Zone {
  public:
    explicit Zone(ZoneData data);

    const dns::Name& apex() const { return apex_; }
    // `name` must be at or below the apex. NS at a cut below the apex is a delegation, except that
    // DS is answered at the cut itself (RFC 4035 section 3.1.4.1).
    Found find(const dns::Name& name, dns::Type type) const;
    // Every owner name with records, in no particular order (not empty non-terminals).
    std::vector<dns::Name> names() const;
    bool has(const dns::Name& name, dns::Type type) const;

  private:
    struct Node {
        std::vector<dns::Record> records;
        dns::Name alias_target;  // the root: none
        bool has_alias = false;
    };
    const Node* node(const dns::Name& name) const;
    void drop_equal_records();
    std::optional<Found> redirect(const dns::Name& name) const;

    dns::Name apex_;
    std::unordered_map<dns::Name, Node> nodes_;  // also empty non-terminals
    std::vector<dns::Name> cuts_;                // ascending
};

}  // namespace assay::codec::zone
