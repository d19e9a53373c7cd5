// What several checks of this area share.
#pragma once

#include <optional>

#include "check/check.hpp"

namespace assay::check {

// cannot-tell or not-applicable when there is no one record to look at; nothing otherwise.
std::optional<Outcome> without_record(const fact::Domain& facts);

// Why the counters may be too low: an include that could not be read, or that depends on the
// message.
enum class Cost { lookups, voids };
std::optional<std::string> unknown_cost(const fact::Spf& spf, Cost cost);

// "include:spf.example.net costs 3", for the terms that cost anything.
std::vector<std::string> costs(const fact::SpfNode& node);

unsigned child_voids(const fact::Spf& spf, std::size_t node);

// include or redirect.
bool is_link(const fact::SpfTerm& term);
bool is_redirect(const fact::SpfTerm& term);

}  // namespace assay::check
