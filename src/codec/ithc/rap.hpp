// A remediation action plan: what is to be done about a finding, by whom, and by when.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace assay::codec::ithc {

inline constexpr std::size_t rap_items_max = 100'000;            // ours: a plan for people
inline constexpr std::size_t rap_length_max = 64 * 1024 * 1024;  // ours: bytes of a plan

struct RapItem {
    std::string finding_key;  // what the plan calls the finding; never empty
    std::string actions;
    std::string planned_start;   // "2026-12-01", or empty
    std::string planned_finish;  // the same
    std::string owner;
    std::string lessons_learnt;
    std::string title = {};  // of the finding, for people

    bool operator==(const RapItem&) const = default;
};

// A day that exists, as "2026-12-01", from that or, day first as in the United Kingdom, from
// "1/12/2026", "1.12.2026", "1-Dec-2026" or "1 December 2026"; nothing otherwise.
std::optional<std::string> parse_day(std::string_view text);

}  // namespace assay::codec::ithc
