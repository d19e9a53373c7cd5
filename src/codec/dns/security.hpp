// What DNSSEC says of an answer (RFC 4033 section 5).
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::codec::dns {

enum class Security : std::uint8_t {
    secure,         // a chain of signatures from the trust anchor holds
    insecure,       // proven to be unsigned
    bogus,          // signed, and the signatures do not hold
    indeterminate,  // nobody validated
};

constexpr std::string_view print(Security security) {
    switch (security) {
        case Security::secure: return "secure";
        case Security::insecure: return "insecure";
        case Security::bogus: return "bogus";
        case Security::indeterminate: return "indeterminate";
    }
    return "indeterminate";
}

}  // namespace assay::codec::dns
