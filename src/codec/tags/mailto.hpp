// "mailto:" URIs as report destinations (RFC 6068, RFC 3986): one address, percent-decoded.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "base/fault.hpp"
#include "codec/dns/name.hpp"

namespace assay::codec::tags {

inline constexpr std::size_t local_part_octets_max = 64;  // RFC 5321 section 4.5.3.1.1
inline constexpr std::size_t destinations_max = 20;       // ours: each of them costs us queries
inline constexpr std::size_t uri_octets_max = 2048;       // ours: what web clients bear

struct Mailto {
    std::string mailbox;  // "reports@example.gov.uk", percent-decoded, as written otherwise
    dns::Name host;       // its domain
    bool operator==(const Mailto&) const = default;
};

// The scheme in lower case, without the colon; empty when the text starts with none.
std::string uri_scheme(std::string_view uri);

// Whether every octet may stand in a URI and every "%" is followed by two hexadecimal digits; else
// the offset of the first that may not. Commas, exclamation marks and semicolons must be encoded in
// all the languages here (RFC 9989 section 4.8, RFC 8460 section 3).
std::optional<std::size_t> first_bad_uri_octet(std::string_view uri);

// Any URI, of any scheme: nothing, or the fault with help for the usual mistakes. Rule bad-uri,
// offset from the start of `uri`, no citation: the caller knows which rule asks.
std::optional<base::Fault> check_uri(std::string_view uri);

// A "mailto:" URI. Header fields ("?subject=...") are allowed and ignored. Faults as above.
std::expected<Mailto, base::Fault> read_mailto(std::string_view uri);

}  // namespace assay::codec::tags
