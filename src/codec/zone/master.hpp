// Master files (RFC 1035 section 5), read with ldns. $INCLUDE is refused unless the caller allows
// it. The apex is the owner of the SOA record; without one it is `origin`, which callers take from
// the file's name.
#pragma once

#include <expected>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "codec/zone/zone.hpp"

namespace assay::codec::zone {

inline constexpr std::size_t master_file_octets_max = 256u << 20;  // ours
inline constexpr std::size_t master_include_depth_max = 8;         // ours: RFC 1035 sets none

// Reads an included file's text by the name written after $INCLUDE; empty: includes are refused.
using Includer = std::function<std::expected<std::string, Problem>(std::string_view name)>;

std::expected<ZoneData, Problem> parse_master(std::string_view text,
                                              const std::optional<dns::Name>& origin,
                                              std::string_view file, const Includer& include = {});

}  // namespace assay::codec::zone
