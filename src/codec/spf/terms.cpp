#include "codec/spf/terms.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "codec/spf/macro.hpp"

namespace assay::codec::spf {

namespace {

constexpr std::string_view section_terms = "RFC 7208 section 4.6.1";

std::optional<Mechanism> mechanism_of(std::string_view name) {
    constexpr std::pair<std::string_view, Mechanism> names[] = {
        {"all", Mechanism::all}, {"include", Mechanism::include}, {"a", Mechanism::a},
        {"mx", Mechanism::mx},   {"ptr", Mechanism::ptr},         {"ip4", Mechanism::ip4},
        {"ip6", Mechanism::ip6}, {"exists", Mechanism::exists}};
    for (const auto& [known, mechanism] : names) {
        if (base::equals_ignoring_case(name, known)) return mechanism;
    }
    return std::nullopt;
}

// RFC 7208 section 12: name = ALPHA *( ALPHA / DIGIT / "-" / "_" / "." )
bool is_name(std::string_view text) {
    return !text.empty() && base::is_alpha(text.front()) && std::ranges::all_of(text, [](char c) {
        return base::is_alnum(c) || c == '-' || c == '_' || c == '.';
    });
}

// RFC 7208 section 12, "domain-end": a macro, or "." and a top label (not all digits, hyphens only
// inside).
bool has_domain_end(std::string_view spec) {
    if (ends_with_macro(spec)) return true;
    if (spec.ends_with('.')) spec.remove_suffix(1);
    const auto dot = spec.rfind('.');
    if (dot == std::string_view::npos) return false;
    const auto label = spec.substr(dot + 1);
    if (label.empty() || label.front() == '-' || label.back() == '-') return false;
    const bool digits = std::ranges::all_of(label, base::is_digit);
    return !digits &&
           std::ranges::all_of(label, [](char c) { return base::is_alnum(c) || c == '-'; });
}

// RFC 7208 section 12: "dual-cidr-length" is what stands at the end, digits and slashes; a
// domain-spec may hold "/" too. The size of `rest` when there is none.
std::size_t cidr_start(std::string_view rest) {
    if (rest.starts_with('/')) return 0;
    const auto before = rest.find_last_not_of("/0123456789");
    return std::min(rest.find('/', before == std::string_view::npos ? 0 : before), rest.size());
}

// RFC 7208 section 12: no leading zeros.
std::optional<std::uint8_t> prefix_of(std::string_view text, std::uint8_t max) {
    const auto value = base::parse_decimal(text, max);
    if (!value || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    return static_cast<std::uint8_t>(*value);
}

bool is_private(const dns::A& a) {
    const auto& o = a.address;
    return o[0] == 10 || o[0] == 127 || (o[0] == 172 && o[1] >= 16 && o[1] < 32) ||
           (o[0] == 192 && o[1] == 168) || (o[0] == 169 && o[1] == 254);
}

// Are there bits set after the prefix?
template <std::size_t size>
bool has_host_bits(const std::array<std::uint8_t, size>& address, unsigned prefix) {
    for (unsigned bit = prefix; bit < size * 8; ++bit) {
        if ((address[bit / 8] & (0x80U >> (bit % 8))) != 0) return true;
    }
    return false;
}

}  // namespace

void TermReader::add(std::string_view rule, std::string_view cite, std::size_t offset,
                     std::string detail) {
    faults_.add(rule, cite, offset, std::move(detail));
}

void TermReader::read(std::string_view term, std::size_t offset) {
    const auto odd = std::ranges::find_if(term, [](char c) {
        return static_cast<unsigned char>(c) < 0x21 || static_cast<unsigned char>(c) > 0x7e;
    });
    if (odd != term.end()) {
        add("forbidden-character", section_terms,
            offset + static_cast<std::size_t>(odd - term.begin()),
            fmt::format("'{}' holds a character that SPF does not allow",
                        base::quote_for_display(term, 100)));
        return;
    }
    const auto equals = term.find('=');
    if (equals != std::string_view::npos && is_name(term.substr(0, equals))) {
        read_modifier(term, equals, offset);
    } else {
        read_directive(term, offset);
    }
}

void TermReader::read_modifier(std::string_view term, std::size_t equals, std::size_t offset) {
    Modifier modifier{base::lower(term.substr(0, equals)), std::string(term.substr(equals + 1)),
                      offset, std::string(term)};
    const auto shown = base::quote_for_display(term, 100);
    const bool redirect = modifier.name == "redirect", explanation = modifier.name == "exp";
    if (!redirect && !explanation) {
        if (auto macros = check_macros(modifier.value, false); !macros) {
            add("bad-term", "RFC 7208 section 6", offset,
                fmt::format("'{}' cannot be read: {}", shown, macros.error().detail));
            return;
        }
        std::string_view why = "it is not known";
        if (mechanism_of(modifier.name)) why = "a mechanism takes ':', not '='";
        if (modifier.name == "v") why = "a record begins once. Publish one record for all terms";
        add("unknown-modifier", "RFC 7208 section 6", offset,
            fmt::format("Receivers ignore '{}': {}", shown, why));
        record_.unknown.push_back(std::move(modifier));
        return;
    }
    auto& slot = redirect ? record_.redirect : record_.explanation;
    if (slot) {
        add(redirect ? "duplicate-redirect" : "duplicate-exp", "RFC 7208 section 6", offset,
            fmt::format("'{}' stands twice", modifier.name));
        return;
    }
    const auto macros = check_macros(modifier.value, false);
    if (modifier.value.empty() || !macros || !has_domain_end(modifier.value)) {
        add(modifier.value.empty() && redirect ? "empty-redirect" : "bad-domain-spec",
            "RFC 7208 section 6.1", offset, fmt::format("'{}' does not name a domain", shown));
    }
    slot = std::move(modifier);
}

void TermReader::unknown_mechanism(std::string_view term, std::string_view name,
                                   std::size_t offset) {
    const auto shown = base::quote_for_display(term, 100);
    const auto lower = base::lower(name);
    std::string hint;
    if (lower == "ipv4" || lower == "ip" || lower == "ipv6" || lower == "ip-4") {
        hint = lower == "ipv6" ? ". Write ip6:" : ". Write ip4: or ip6:";
    } else if (lower == "includes" || lower == "inlcude" || lower == "incude" || lower == "inc") {
        hint = ". Write include:";
    } else if (dns::parse_ipv4(term.substr(0, term.find('/')))) {
        hint = ". Write ip4: before the address";
    } else if (dns::parse_ipv6(term.substr(0, term.find('/')))) {
        hint = ". Write ip6: before the address";
    } else if (term.find_first_of(",;") != std::string_view::npos) {
        hint = ". Terms are separated by spaces only";
    } else if (is_name(term) && term.find('.') != std::string_view::npos) {
        hint = ". Write include: or a: before a name";
    } else if (lower == "spf1" || lower.starts_with("v")) {
        hint = ". A record begins once with v=spf1";
    }
    add("unknown-mechanism", section_terms, offset,
        fmt::format("'{}' is not an SPF term{}", shown, hint));
}

void TermReader::read_directive(std::string_view term, std::size_t offset) {
    Directive directive;
    directive.offset = offset;
    directive.text = std::string(term);
    std::string_view rest = term;
    constexpr std::pair<char, Qualifier> signs[] = {{'+', Qualifier::pass},
                                                    {'-', Qualifier::fail},
                                                    {'~', Qualifier::softfail},
                                                    {'?', Qualifier::neutral}};
    for (const auto& [sign, qualifier] : signs) {
        if (rest.starts_with(sign)) {
            directive.qualifier = qualifier;
            rest.remove_prefix(1);
            break;
        }
    }
    const auto end = rest.find_first_of(":/");
    const auto name = rest.substr(0, end);
    const auto mechanism = mechanism_of(name);
    if (!mechanism) return unknown_mechanism(term, name, offset);
    directive.mechanism = *mechanism;
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end);
    const auto shown = base::quote_for_display(term, 100);
    switch (*mechanism) {
        case Mechanism::all:
            if (!rest.empty())
                return add("unexpected-argument", "RFC 7208 section 5.1", offset,
                           fmt::format("'{}': all takes nothing after it", shown));
            break;
        case Mechanism::ip4:
        case Mechanism::ip6:
            if (!read_network(directive, rest, offset)) return;
            check_network_bits(directive);
            break;
        default:
            if (!read_domain(directive, rest, offset)) return;
    }
    record_.directives.push_back(std::move(directive));
}

bool TermReader::read_network(Directive& directive, std::string_view value, std::size_t offset) {
    const bool four = directive.mechanism == Mechanism::ip4;
    const auto shown = base::quote_for_display(directive.text, 100);
    const auto wrong = [&](std::string_view rule, std::string_view what) {
        add(rule, "RFC 7208 section 5.6", offset, fmt::format("'{}': {}", shown, what));
        return false;
    };
    const std::string_view rule = four ? "bad-ip4" : "bad-ip6";
    if (!value.starts_with(':')) return wrong(rule, "the address is missing");
    value.remove_prefix(1);
    const auto slash = value.find('/');
    const auto address = value.substr(0, slash);
    if (four) {
        const auto parsed = dns::parse_ipv4(address);
        if (!parsed)
            return wrong(rule, dns::parse_ipv6(address) ? "this is an IPv6 address, write ip6:"
                                                        : "this is not an IPv4 address");
        directive.ip4 = *parsed;
    } else {
        const auto parsed = dns::parse_ipv6(address);
        if (!parsed)
            return wrong(rule, dns::parse_ipv4(address) ? "this is an IPv4 address, write ip4:"
                                                        : "this is not an IPv6 address");
        directive.ip6 = *parsed;
    }
    if (slash == std::string_view::npos) return true;
    const auto prefix = prefix_of(value.substr(slash + 1), four ? 32 : 128);
    if (!prefix)
        return wrong("bad-prefix", four ? "the prefix is a number from 0 to 32"
                                        : "the prefix is a number from 0 to 128");
    (four ? directive.prefix4 : directive.prefix6) = prefix;
    return true;
}

bool TermReader::read_prefixes(Directive& directive, std::string_view cidr, std::size_t offset) {
    // RFC 7208 section 5.3: "/24", "//64" or "/24//64"
    const auto wrong = [&] {
        add("bad-prefix", "RFC 7208 section 5.3", offset,
            fmt::format("'{}': the prefix is /0 to /32, //0 to //128, or both",
                        base::quote_for_display(directive.text, 100)));
        return false;
    };
    const auto twin = cidr.find("//");
    const auto four = cidr.substr(0, twin);
    if (!four.empty()) {
        directive.prefix4 = prefix_of(four.substr(1), 32);
        if (!directive.prefix4) return wrong();
    }
    if (twin != std::string_view::npos) {
        directive.prefix6 = prefix_of(cidr.substr(twin + 2), 128);
        if (!directive.prefix6) return wrong();
    }
    return true;
}

bool TermReader::read_domain(Directive& directive, std::string_view rest, std::size_t offset) {
    const bool may_have_prefix =
        directive.mechanism == Mechanism::a || directive.mechanism == Mechanism::mx;
    const bool needs_domain =
        directive.mechanism == Mechanism::include || directive.mechanism == Mechanism::exists;
    const auto shown = base::quote_for_display(directive.text, 100);
    if (may_have_prefix) {
        const auto cidr = rest.substr(cidr_start(rest));
        if (!cidr.empty() && !read_prefixes(directive, cidr, offset)) return false;
        rest.remove_suffix(cidr.size());
    }
    if (rest.empty()) {
        if (!needs_domain) return true;
        add("missing-domain-spec", "RFC 7208 section 5.2", offset,
            fmt::format("'{}' needs a domain after ':'", shown));
        return false;
    }
    if (!rest.starts_with(':') || rest.size() == 1) {
        add("missing-domain-spec", "RFC 7208 section 4.8", offset,
            fmt::format("'{}' names no domain", shown));
        return false;
    }
    const auto spec = rest.substr(1);
    const auto macros = check_macros(spec, false);
    if (!macros || !has_domain_end(spec)) {
        const bool address = dns::is_address(spec);
        add("bad-domain-spec", "RFC 7208 section 4.8", offset,
            fmt::format("'{}': {}", shown,
                        address   ? "this is an address, write ip4: or ip6:"
                        : !macros ? macros.error().detail
                                  : "this is not a domain name"));
        return false;
    }
    directive.domain_spec = std::string(spec);
    return true;
}

void TermReader::check_network_bits(const Directive& directive) {
    const auto shown = base::quote_for_display(directive.text, 100);
    const bool bits4 =
        directive.ip4 && has_host_bits(directive.ip4->address, directive.prefix4.value_or(32));
    const bool bits6 =
        directive.ip6 && has_host_bits(directive.ip6->address, directive.prefix6.value_or(128));
    if (bits4 || bits6) {
        add("network-bits", "RFC 4632 section 3.1", directive.offset,
            fmt::format("'{}' has address bits after the prefix, which receivers ignore", shown));
    }
    if (directive.ip4 && is_private(*directive.ip4)) {
        add("private-address", "RFC 1918 section 3", directive.offset,
            fmt::format("'{}' is a private address: no mail reaches the internet from it", shown));
    }
}

}  // namespace assay::codec::spf
