// Facts as JSON: {"schema":"assay.facts/1", ...}, one object a domain. print and parse round-trip.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "fact/domain.hpp"

namespace assay::fact {

inline constexpr std::string_view schema = "assay.facts/1";
inline constexpr std::size_t facts_octets_max = 16u << 20;  // ours: one domain's facts are a few kB

std::string print(const Domain& domain);  // one line
// Error: usage; another schema version is named as such.
base::Result<Domain> parse(std::string_view json);

}  // namespace assay::fact
