// SPF macros (RFC 7208 section 7).
#pragma once

#include <expected>
#include <string>
#include <string_view>

#include "base/fault.hpp"

namespace assay::codec::spf {

struct MacroContext {
    std::string sender;  // local-part@domain
    std::string domain;  // the domain of the record being evaluated
    std::string helo;
    std::string address;                     // dotted quad, or IPv6 text (any form)
    std::string validated_name = "unknown";  // %{p}
    std::string receiver;                    // %{r}
    std::string timestamp;                   // %{t}: seconds since 1970
};

inline constexpr std::size_t expansion_octets_max =
    65535;  // ours: the longest text a record can hold

// Checks syntax only. Fault: bad-macro, forbidden-character. `in_explanation` allows c, r and t.
std::expected<void, base::Fault> check_macros(std::string_view text, bool in_explanation);

// Is the last thing in the text a macro-expand: "%{d}", "%%", "%_" or "%-"? For texts without
// fault.
bool ends_with_macro(std::string_view text);

// Expands a domain-spec or explanation; a domain longer than 253 octets loses labels from the left
// (RFC 7208 section 7.3) only where `in_explanation` is false.
std::expected<std::string, base::Fault> expand(std::string_view text, const MacroContext& context,
                                               bool in_explanation);

}  // namespace assay::codec::spf
