// Fault: they published something wrong. A value inside a fact; never an Error of ours.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace assay::base {

struct Fault {
    std::string rule;        // stable tag, lower case with hyphens: "unknown-tag"
    std::string cite;        // "RFC 9989 section 4.7"
    std::size_t offset = 0;  // bytes from the start of the text or wire that was read
    std::string detail;      // plain words for a person, with the offending part quoted

    bool operator==(const Fault&) const = default;
};

// What a linter returns: the record as a receiver would read it, if any, and every fault found.
template <class Record>
struct Linted {
    std::optional<Record> record;  // empty: a receiver ignores the text altogether
    std::vector<Fault> faults;     // in order of offset

    bool operator==(const Linted&) const = default;
};

}  // namespace assay::base
