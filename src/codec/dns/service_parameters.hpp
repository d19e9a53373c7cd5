// SvcParams of HTTPS records: one parameter as text and as octets (RFC 9460 sections 2.1 and 7).
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/fault.hpp"

namespace assay::codec::dns {

std::string service_parameter_name(std::uint16_t key);  // "alpn", "key65280"

// `word` as tokens.hpp leaves it: raw, with its quotes and escapes. Fault: unknown-parameter,
// bad-parameter.
std::expected<std::pair<std::uint16_t, std::string>, base::Fault> parse_service_parameter(
    std::string_view word);
// Values that do not fit their key are printed in the generic form key0="...", which reads back.
std::string print_service_parameter(std::uint16_t key, std::string_view value);

}  // namespace assay::codec::dns
