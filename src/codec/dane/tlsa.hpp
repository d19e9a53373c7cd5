// TLSA records as SMTP uses them (RFC 6698 section 2, RFC 7671, RFC 7672 section 3).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"
#include "codec/dns/record.hpp"

namespace assay::codec::dane {

enum class Usability { usable, unusable };  // RFC 7672 section 3.1.3: for SMTP only usages 2 and 3

// Rules: bad-usage, bad-selector, bad-matching, bad-length (digest of the wrong size),
// full-certificate (matching 0, advice), pkix-usage (0 or 1: unusable for SMTP),
// uncommon-combination (advice: 3 1 1 is preferred), sha512-only (advice).
std::vector<base::Fault> lint(const dns::Tlsa& record);
bool is_error(const base::Fault& fault);  // the record is unusable; false: advice
Usability usability(const dns::Tlsa& record);

std::string_view usage_name(std::uint8_t usage);        // "DANE-EE", RFC 7218
std::string_view selector_name(std::uint8_t selector);  // "SPKI"
std::string_view matching_name(std::uint8_t matching);  // "SHA2-256"

// "_25._tcp.<host>"
std::expected<dns::Name, base::Fault> tlsa_name(const dns::Name& host, std::uint16_t port);

}  // namespace assay::codec::dane
