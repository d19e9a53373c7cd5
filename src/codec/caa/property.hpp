// CAA property values (RFC 8659 section 4, parameters RFC 8657, issuemail RFC 9495).
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fault.hpp"
#include "codec/dns/record.hpp"

namespace assay::codec::caa {

struct Issuer {                         // of issue, issuewild, issuemail
    std::optional<std::string> domain;  // lower case; empty: nobody may issue (";")
    std::vector<std::pair<std::string, std::string>>
        parameters;  // accounturi, validationmethods, others
    bool operator==(const Issuer&) const = default;
};

// Rules: unknown-tag, unknown-critical-tag, bad-tag, bad-flags, bad-issuer, bad-parameter,
// duplicate-parameter, bad-account-uri, bad-validation-methods, bad-iodef; at most
// tags::faults_per_rule_max of each.
std::vector<base::Fault> lint(const dns::Caa& property);
bool is_error(const base::Fault& fault);  // false: advice
std::expected<Issuer, base::Fault> parse_issuer(std::string_view value);
std::string print(const Issuer& issuer);

// Who may issue for the name, from one RRset: for wildcards issuewild overrides issue (RFC 8659
// section 4.3).
struct Allowed {
    bool restricted = false;        // is there any property that restricts?
    std::vector<Issuer> issuers;    // empty and restricted: nobody
    bool unknown_critical = false;  // then nobody may issue
    bool operator==(const Allowed&) const = default;
};
Allowed allowed_issuers(const std::vector<dns::Caa>& rrset, bool for_wildcard);

}  // namespace assay::codec::caa
