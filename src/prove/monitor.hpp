// A monitor of a transparency log: has it only grown since the last look, and is there something
// in it that must not be there?
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prove/log_directory.hpp"
#include "prove/pack.hpp"

namespace assay::prove {

inline constexpr std::size_t monitor_octets_max = 1u << 20;  // ours
inline constexpr std::size_t evidence_max = 16;              // ours: one fork is enough to act

// What a monitor keeps: the checkpoint of the last good look, and those that contradict it.
// {"schema":"assay.monitor/1","seen":"...","evidence":["..."]}
struct MonitorState {
    std::optional<Note> seen;
    std::vector<Note> evidence;
    bool operator==(const MonitorState&) const = default;
};
base::Result<MonitorState> parse_monitor_state(std::string_view text);  // error: malformed, limit
std::string print(const MonitorState& state);

enum class Course {
    first,        // nothing was seen before
    same,         //
    grown,        // what was seen is the beginning of what is there
    rolled_back,  // the log is shorter
    forked,       // another history of the same length or longer
};
std::string_view print(Course course);  // "rolled-back"

// An entry that should not be there: a number or a token issued twice, a type that nobody knows,
// bytes that are no entry.
struct Strange {
    std::uint64_t entry = 0;
    std::string what;
    bool operator==(const Strange&) const = default;
};

struct Look {
    Course course = Course::first;
    std::uint64_t size_before = 0, size = 0;  // new entries: from `size_before` on, if consistent
    std::vector<Strange> strange;             // among the new entries
    std::vector<std::string> seen_by;         // witnesses of the trust file
    bool consistent() const { return course < Course::rolled_back; }
};

// Compares a copy of the log (hashed whole by LogDirectory::open) with what was seen last. With
// `trust`, the log's signature and the witnesses' are checked too. Errors: usage (no checkpoint,
// or another log), malformed (the log did not sign).
base::Result<Look> look_at(const LogDirectory& log, const MonitorState& state, const Trust* trust);

// The state after the look: the new checkpoint is the one to compare with, or evidence.
MonitorState after(const Look& look, const LogDirectory& log, MonitorState state);

}  // namespace assay::prove
