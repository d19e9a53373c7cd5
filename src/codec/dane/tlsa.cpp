#include "codec/dane/tlsa.hpp"

#include <fmt/format.h>

namespace assay::codec::dane {

namespace {

constexpr std::string_view usages[] = {"PKIX-TA", "PKIX-EE", "DANE-TA",
                                       "DANE-EE"};                          // RFC 7218 section 2.1
constexpr std::string_view selectors[] = {"Cert", "SPKI"};                  // RFC 7218 section 2.2
constexpr std::string_view matchings[] = {"Full", "SHA2-256", "SHA2-512"};  // RFC 7218 section 2.3

template <std::size_t size>
std::string_view name(const std::string_view (&names)[size], std::uint8_t value) {
    return value < size ? names[value] : "unassigned";
}

}  // namespace

std::vector<base::Fault> lint(const dns::Tlsa& record) {
    std::vector<base::Fault> out;
    const auto add = [&](std::string_view rule, std::string_view cite, std::string detail) {
        out.push_back({std::string(rule), std::string(cite), 0, std::move(detail)});
    };
    if (record.usage > 3)
        add("bad-usage", "RFC 6698 section 2.1.1",
            fmt::format("Usage {} has no meaning", record.usage));
    if (record.selector > 1)
        add("bad-selector", "RFC 6698 section 2.1.2",
            fmt::format("Selector {} has no meaning", record.selector));
    if (record.matching > 2)
        add("bad-matching", "RFC 6698 section 2.1.3",
            fmt::format("Matching type {} has no meaning", record.matching));
    const std::size_t expected = record.matching == 1   ? 32
                                 : record.matching == 2 ? 64
                                                        : record.data.size();
    if (record.data.size() != expected || record.data.empty()) {
        add("bad-length", "RFC 6698 section 2.1.4",
            fmt::format("The data has {} octets; {} has {}", record.data.size(),
                        matching_name(record.matching),
                        record.data.empty() && record.matching == 0 ? 1 : expected));
    }
    if (record.usage < 2) {
        add("pkix-usage", "RFC 7672 section 3.1.3",
            fmt::format("Mail servers ignore usage {} ({}); use 3 (DANE-EE) or 2 (DANE-TA)",
                        record.usage, usage_name(record.usage)));
    }
    if (record.matching == 0)
        add("full-certificate", "RFC 7671 section 5.1",
            "The whole certificate or key is in the record; a SHA-256 digest is enough");
    if (record.matching == 2)
        add("sha512-only", "RFC 7671 section 9",
            "SHA-512 need not be supported by everyone; publish a SHA-256 record as well");
    // RFC 7672 section 3.1 recommends 3 1 1, and 2 0 1 where the issuer is to be named.
    if (record.usage == 3 && record.selector == 0) {
        add("uncommon-combination", "RFC 7672 section 3.1.1",
            "3 1 1 survives the renewal of a certificate with the same key");
    }
    return out;
}

bool is_error(const base::Fault& fault) {
    return fault.rule.starts_with("bad-") || fault.rule == "pkix-usage";
}

Usability usability(const dns::Tlsa& record) {
    // RFC 7672 section 3.1.3, and parameters that a client cannot compute (RFC 7671 section 5).
    const bool known =
        (record.usage == 2 || record.usage == 3) && record.selector <= 1 && record.matching <= 2;
    const std::size_t size = record.data.size();
    const bool complete = record.matching == 1   ? size == 32
                          : record.matching == 2 ? size == 64
                                                 : size > 0;
    return known && complete ? Usability::usable : Usability::unusable;
}

std::string_view usage_name(std::uint8_t usage) {
    return name(usages, usage);
}
std::string_view selector_name(std::uint8_t selector) {
    return name(selectors, selector);
}
std::string_view matching_name(std::uint8_t matching) {
    return name(matchings, matching);
}

std::expected<dns::Name, base::Fault> tlsa_name(const dns::Name& host, std::uint16_t port) {
    const auto protocol = host.child("_tcp");
    if (!protocol) return protocol;
    return protocol->child("_" + std::to_string(port));
}

}  // namespace assay::codec::dane
