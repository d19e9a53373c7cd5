#include "codec/spf/macro.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "base/text.hpp"
#include "codec/dns/record.hpp"

namespace assay::codec::spf {

namespace {

constexpr std::string_view delimiters = ".-+,/_=";  // RFC 7208 section 7.1
constexpr std::size_t parts_max = 1000;             // ours: more than a name or a mailbox has parts

struct Macro {
    char letter = 0;       // lower case
    bool escape = false;   // upper-case letter: URL-escape (section 7.3)
    std::size_t keep = 0;  // parts from the right; 0: all
    bool reverse = false;
    std::string_view split_at = ".";
    std::size_t length = 0;  // of "%{...}"
};

std::unexpected<base::Fault> bad(std::size_t at, std::string detail) {
    return std::unexpected(base::Fault{"bad-macro", "RFC 7208 section 7.1", at, std::move(detail)});
}

// text[at] is '%' and text[at + 1] is '{'.
std::expected<Macro, base::Fault> read_macro(std::string_view text, std::size_t at,
                                             bool in_explanation) {
    const auto close = text.find('}', at);
    if (close == std::string_view::npos) return bad(at, "a macro is never closed with '}'");
    auto inside = text.substr(at + 2, close - at - 2);
    Macro out;
    out.length = close - at + 1;
    const std::string_view letters = in_explanation ? "slodiphvcrt" : "slodiphv";
    if (inside.empty() || letters.find(base::to_lower(inside.front())) == std::string_view::npos) {
        return bad(at,
                   fmt::format("'%{{{}}}' is not a macro", base::quote_for_display(inside, 20)));
    }
    out.letter = base::to_lower(inside.front());
    out.escape = out.letter != inside.front();
    inside.remove_prefix(1);
    std::size_t digits = 0;
    while (digits < inside.size() && base::is_digit(inside[digits]))
        ++digits;
    if (digits > 0) {
        // RFC 7208 section 7.1: any number of digits, not zero; more than there are parts keeps
        // all.
        for (const char digit : inside.substr(0, digits)) {
            out.keep = std::min(out.keep * 10 + static_cast<std::size_t>(digit - '0'), parts_max);
        }
        if (out.keep == 0) return bad(at, "the number in a macro is at least 1");
        inside.remove_prefix(digits);
    }
    if (!inside.empty() && base::to_lower(inside.front()) == 'r') {
        out.reverse = true;
        inside.remove_prefix(1);
    }
    if (inside.find_first_not_of(delimiters) != std::string_view::npos) {
        return bad(
            at, fmt::format("'{}' cannot stand in a macro", base::quote_for_display(inside, 20)));
    }
    if (!inside.empty()) out.split_at = inside;
    return out;
}

// RFC 7208 section 7.3: %{i} of IPv6 is its 32 nibbles with dots.
std::string dotted(const std::string& address) {
    const auto ipv6 = dns::parse_ipv6(address);
    if (!ipv6) return address;
    std::string out;
    for (const char digit : base::hex_encode(ipv6->address)) {
        if (!out.empty()) out += '.';
        out += digit;
    }
    return out;
}

std::string value_of(char letter, const MacroContext& context) {
    const auto at = context.sender.rfind('@');
    switch (letter) {
        case 's': return context.sender;
        case 'l':
            return at == std::string::npos || at == 0 ? "postmaster" : context.sender.substr(0, at);
        case 'o': return at == std::string::npos ? context.sender : context.sender.substr(at + 1);
        case 'd': return context.domain;
        case 'i': return dotted(context.address);
        case 'p': return context.validated_name;
        case 'h': return context.helo;
        case 'v': return dns::parse_ipv6(context.address) ? "ip6" : "in-addr";
        case 'c': {
            const auto ipv6 = dns::parse_ipv6(context.address);
            return ipv6 ? dns::print_address(*ipv6) : context.address;
        }
        case 'r': return context.receiver;
        case 't': return context.timestamp;
        default: return {};
    }
}

std::string transform(const Macro& macro, const std::string& value) {
    std::vector<std::string> parts(1);
    for (const char c : value) {
        if (macro.split_at.find(c) != std::string_view::npos) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    if (macro.reverse) std::ranges::reverse(parts);
    if (macro.keep > 0 && parts.size() > macro.keep) {
        parts.erase(parts.begin(), parts.end() - static_cast<std::ptrdiff_t>(macro.keep));
    }
    const auto joined = base::join(parts, ".");
    if (!macro.escape) return joined;
    std::string out;
    for (const char c : joined) {  // RFC 3986 section 2.3: unreserved characters stay
        const bool unreserved = base::is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~';
        out +=
            unreserved ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return out;
}

// One walk for both: `context` empty only checks.
std::expected<std::string, base::Fault> walk(std::string_view text, const MacroContext* context,
                                             bool in_explanation) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool visible = byte > 0x20 && byte < 0x7f;
        if (!visible && !(in_explanation && text[i] == ' ')) {
            return std::unexpected(base::Fault{"forbidden-character", "RFC 7208 section 7.1", i,
                                               "There is a character that SPF does not allow"});
        }
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (next == '%' || next == '_' || next == '-') {
            out += next == '%' ? "%" : next == '_' ? " " : "%20";
            ++i;
            continue;
        }
        if (next != '{') return bad(i, "'%' stands alone; write %% for a percent sign");
        const auto macro = read_macro(text, i, in_explanation);
        if (!macro) return std::unexpected(macro.error());
        if (context != nullptr) out += transform(*macro, value_of(macro->letter, *context));
        if (out.size() > expansion_octets_max)
            return bad(i, "the macros expand to too long a text");
        i += macro->length - 1;
    }
    return out;
}

}  // namespace

std::expected<void, base::Fault> check_macros(std::string_view text, bool in_explanation) {
    auto walked = walk(text, nullptr, in_explanation);
    if (!walked) return std::unexpected(walked.error());
    return {};
}

bool ends_with_macro(std::string_view text) {
    bool last = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        last = text[i] == '%';
        if (!last) continue;
        i = text.substr(i).starts_with("%{") ? text.find('}', i) : i + 1;
        if (i >= text.size()) return false;
    }
    return last;
}

std::expected<std::string, base::Fault> expand(std::string_view text, const MacroContext& context,
                                               bool in_explanation) {
    auto out = walk(text, &context, in_explanation);
    if (!out || in_explanation) return out;
    // RFC 7208 section 7.3: labels are dropped from the left until the name fits.
    while (out->size() > 253) {
        const auto dot = out->find('.');
        if (dot == std::string::npos) break;
        out->erase(0, dot + 1);
    }
    return out;
}

}  // namespace assay::codec::spf
