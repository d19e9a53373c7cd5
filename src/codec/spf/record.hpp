// The SPF record (RFC 7208 sections 4.5, 4.6, 5, 6, 7, 12).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/fault.hpp"
#include "codec/dns/record.hpp"

namespace assay::codec::spf {

inline constexpr unsigned lookups_max = 10;  // RFC 7208 section 4.6.4: terms that cause DNS queries
inline constexpr unsigned void_lookups_max = 2;  // RFC 7208 section 4.6.4
inline constexpr unsigned mx_hosts_max =
    10;  // RFC 7208 section 4.6.4: addresses looked up for one "mx"
inline constexpr std::size_t record_octets_advised =
    450;  // RFC 7208 section 3.4: answer below 512 octets
inline constexpr std::size_t record_octets_max = 65535;  // the most that a TXT record can hold

enum class Qualifier { pass, fail, softfail, neutral };
enum class Mechanism { all, include, a, mx, ptr, ip4, ip6, exists };

struct Directive {
    Qualifier qualifier = Qualifier::pass;
    Mechanism mechanism = Mechanism::all;
    std::string domain_spec;       // as written, macros unexpanded; empty: the domain itself
    std::optional<dns::A> ip4;     // of ip4
    std::optional<dns::Aaaa> ip6;  // of ip6
    std::optional<std::uint8_t> prefix4, prefix6;  // bits; absent: 32 and 128
    std::size_t offset = 0;                        // of the term in the text
    std::string text;                              // the term as written

    // Does evaluating it cost one of the ten lookups? (include, a, mx, ptr, exists)
    bool queries_dns() const;
    bool operator==(const Directive&) const = default;
};

struct Modifier {
    std::string name, value;  // name in lower case
    std::size_t offset = 0;
    std::string text;
    bool operator==(const Modifier&) const = default;
};

struct Record {
    std::vector<Directive> directives;  // in order of evaluation
    std::optional<Modifier> redirect, explanation;
    std::vector<Modifier> unknown;  // unknown modifiers are ignored (RFC 7208 section 6)

    const Directive* all() const;  // the first "all", or nothing
    bool operator==(const Record&) const = default;
};

// Is this text an SPF record? "v=spf1" in any case, then a space or the end (RFC 7208 section 4.5).
bool claims(std::string_view text);
// Was the text meant to be one, whether or not it claims? "spf1 ...", "v = spf1 ...", "v=spf1;...".
bool resembles(std::string_view text);

// The faults in the text, at most tags::faults_per_rule_max of a rule. `record` holds the terms
// that could be read even where `has_permanent_error`; it is empty only when the text does not
// claim to be SPF. Rules that make a receiver return permerror: unknown-mechanism, bad-domain-spec,
// missing-domain-spec, bad-ip4, bad-ip6, bad-prefix, bad-term, duplicate-redirect, duplicate-exp,
// unexpected-argument, forbidden-character, empty-redirect. Rules that do not: terms-after-all,
// redirect-with-all, ptr, uppercase-version, extra-space, modifier-before-mechanism, deprecated...
// (advice; the list stands in record.cpp).
base::Linted<Record> lint(std::string_view text);
bool is_permanent_error(const base::Fault& fault);

// The first permanent error, or the record.
std::expected<Record, base::Fault> parse(std::string_view text);

// Canonical text; parse(print(x)) has the same meaning as x. Terms print from their parts, not from
// `text`.
std::string print(const Record& record);
std::string print(const Directive& directive);

bool is_mechanism_name(std::string_view name);

// Does the domain-spec hold a macro ("%{...}")? Then its name depends on the message.
bool has_macro(std::string_view domain_spec);

// One plain sentence: "Mail from any address in 192.0.2.0/24 passes."
std::string explain(const Directive& directive);
std::string explain(const Modifier& modifier);

}  // namespace assay::codec::spf
