// The MTA-STS DNS record and policy file (RFC 8461 sections 3.1, 3.2; erratum 7282 on max_age).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"
#include "codec/dns/name.hpp"

namespace assay::codec::mta_sts {

inline constexpr std::size_t policy_octets_max = 64u << 10;  // RFC 8461 section 3.3 suggests 64 kB
inline constexpr std::uint64_t max_age_seconds_max =
    31'557'600;  // RFC 8461 section 3.2, erratum 7282

struct Record {
    std::string id;  // 1 to 32 letters and digits
    std::vector<std::pair<std::string, std::string>> extensions;
    bool operator==(const Record&) const = default;
};

// "v=STSv1" then ";", case-sensitive.
bool claims(std::string_view text);
// Was the text meant to be an MTA-STS record, whether or not it claims?
bool resembles(std::string_view text);

// `record` is empty when senders must take it that there is no MTA-STS (RFC 8461 section 3.1): the
// text does not claim, has no valid id, or does not fit the grammar. Of a tag that is there twice,
// the first counts.
//
// Errors: too-long, too-many-tags, bad-version, missing-id, bad-id, duplicate-tag, misspelt-tag
// (one slip away from "id"), bad-extension, bad-syntax, empty-tag, missing-separator,
// joined-records, escaped-separator, quote-mark, control-byte, non-ascii.
//
// Advice: space-before-separator ("v=STSv1 ;").
base::Linted<Record> lint(std::string_view text);
bool is_error(const base::Fault& fault);  // false: advice

// The record, or the first fault that stops a sender.
std::expected<Record, base::Fault> parse(std::string_view text);

// Canonical text: "v=STSv1; id=20260101T000000".
std::string print(const Record& record);

enum class Mode { enforce, testing, none };
std::string_view print(Mode mode);

struct Policy {
    Mode mode = Mode::none;
    std::uint64_t max_age = 0;    // seconds, clamped to max_age_seconds_max
    std::vector<std::string> mx;  // patterns, lower case, without a final dot
    std::vector<std::pair<std::string, std::string>> extensions;
    bool operator==(const Policy&) const = default;
};

// `record` is empty when a sender cannot use the policy: version, mode or max_age is missing or
// invalid, no valid mx in mode enforce or testing, or a line does not fit the grammar.
//
// Errors that stop a sender: missing-version, bad-version, missing-mode, bad-mode, missing-max-age,
// bad-max-age, missing-mx, bad-line, bare-cr, byte-order-mark, not-utf8, too-large.
//
// Other errors: bad-mx (the pattern is left out; stops when none is left), max-age-too-long (cut to
// the limit), duplicate-key (the first wins), misspelt-key, blank-line.
//
// Advice: lf-line-end (once), unknown-key.
base::Linted<Policy> lint_policy(std::string_view text);
bool is_policy_error(const base::Fault& fault);  // false: advice
std::expected<Policy, base::Fault> parse_policy(std::string_view text);
std::string print(const Policy& policy);  // CRLF line ends

// "*.example.com" matches exactly one left-most label (RFC 8461 section 4.1); without regard to
// case.
bool matches(std::string_view pattern, const dns::Name& mx_host);

}  // namespace assay::codec::mta_sts
