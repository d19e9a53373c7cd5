// OctoDNS zone files (YAML): one file a zone, keys are names relative to it.
// Read: `type` with `value` or `values`; lists of records under one name; `\;` in TXT is `;`; ALIAS
// and Route53Provider/ALIAS; the keys '' and '@' mean the apex; `*` is a wildcard; CNAME with one
// `value`. Records of types that this reader does not know become a warning, never an error; their
// names exist. A key outside the zone, or one that stands twice, is a problem.
#pragma once

#include <expected>
#include <string_view>

#include "codec/zone/zone.hpp"

namespace assay::codec::zone {

inline constexpr std::size_t octodns_file_octets_max = 64u << 20;  // ours: far above any real zone
inline constexpr std::size_t octodns_depth_max = 16;               // ours: real files nest 4 deep

// `file` is only for messages. Problem when the text is not YAML, or not an OctoDNS zone.
std::expected<ZoneData, Problem> parse_octodns(std::string_view text, const dns::Name& apex,
                                               std::string_view file);

}  // namespace assay::codec::zone
