#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/dns/record.hpp"

namespace assay::codec::dns {

namespace {

std::unexpected<base::Fault> bad(std::string_view rule, std::string_view cite,
                                 std::string_view what, std::string_view text) {
    return std::unexpected(
        base::Fault{std::string(rule), std::string(cite), 0,
                    fmt::format("'{}' is not {}", base::quote_for_display(text, 60), what)});
}

// 1 to 4 hexadecimal digits.
std::optional<unsigned> hex_group(std::string_view text) {
    if (text.empty() || text.size() > 4) return std::nullopt;
    unsigned value = 0;
    for (const char c : text) {
        const char lower = base::to_lower(c);
        if (base::is_digit(lower)) {
            value = value * 16 + static_cast<unsigned>(lower - '0');
        } else if (lower >= 'a' && lower <= 'f') {
            value = value * 16 + static_cast<unsigned>(lower - 'a' + 10);
        } else {
            return std::nullopt;
        }
    }
    return value;
}

// Groups of one side of "::", the last perhaps an IPv4 address.
std::optional<std::vector<unsigned>> groups_of(std::string_view text) {
    std::vector<unsigned> out;
    if (text.empty()) return out;
    const auto parts = base::split(text, ':');
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i + 1 == parts.size() && parts[i].find('.') != std::string_view::npos) {
            const auto tail = parse_ipv4(parts[i]);
            if (!tail) return std::nullopt;
            const auto& octets = tail->address;
            out.push_back(static_cast<unsigned>(octets[0] << 8 | octets[1]));
            out.push_back(static_cast<unsigned>(octets[2] << 8 | octets[3]));
            continue;
        }
        const auto group = hex_group(parts[i]);
        if (!group) return std::nullopt;
        out.push_back(*group);
    }
    return out;
}

}  // namespace

std::expected<A, base::Fault> parse_ipv4(std::string_view text) {
    const auto parts = base::split(text, '.');
    A out;
    if (parts.size() != 4)
        return bad("bad-ipv4", "RFC 1035 section 3.4.1", "an IPv4 address", text);
    for (std::size_t i = 0; i < 4; ++i) {
        const auto octet = base::parse_decimal(parts[i], 255);
        if (!octet || (parts[i].size() > 1 && parts[i].front() == '0')) {
            return bad("bad-ipv4", "RFC 1035 section 3.4.1", "an IPv4 address", text);
        }
        out.address[i] = static_cast<std::uint8_t>(*octet);
    }
    return out;
}

std::expected<Aaaa, base::Fault> parse_ipv6(std::string_view text) {
    const auto wrong = [&] {
        return bad("bad-ipv6", "RFC 4291 section 2.2", "an IPv6 address", text);
    };
    const auto gap = text.find("::");
    const bool compressed = gap != std::string_view::npos;
    const auto front = groups_of(text.substr(0, gap));
    const auto back = compressed ? groups_of(text.substr(gap + 2)) : std::vector<unsigned>();
    if (!front || !back || text.empty()) return wrong();
    if (compressed && text.substr(0, gap).find('.') != std::string_view::npos) return wrong();
    const std::size_t given = front->size() + back->size();
    if (compressed ? given > 7 : given != 8) return wrong();
    Aaaa out;
    const auto put = [&](std::size_t index, unsigned group) {
        out.address[index * 2] = static_cast<std::uint8_t>(group >> 8);
        out.address[index * 2 + 1] = static_cast<std::uint8_t>(group);
    };
    for (std::size_t i = 0; i < front->size(); ++i)
        put(i, (*front)[i]);
    for (std::size_t i = 0; i < back->size(); ++i)
        put(8 - back->size() + i, (*back)[i]);
    return out;
}

bool is_address(std::string_view text) {
    const bool may_be_ipv4 = !text.empty() && base::is_digit(text.back());
    if (!may_be_ipv4 && !text.contains(':')) return false;  // most texts are names
    return parse_ipv4(text) || parse_ipv6(text);
}

std::string print_address(const A& address) {
    const auto& octets = address.address;
    return fmt::format("{}.{}.{}.{}", octets[0], octets[1], octets[2], octets[3]);
}

// RFC 5952 section 4: lower case, no leading zeros, the longest run of two or more zero groups as
// "::", the first of equals.
std::string print_address(const Aaaa& address) {
    std::array<unsigned, 8> groups{};
    for (std::size_t i = 0; i < 8; ++i) {
        groups[i] = static_cast<unsigned>(address.address[i * 2] << 8 | address.address[i * 2 + 1]);
    }
    std::size_t best = 8, best_length = 1;
    for (std::size_t i = 0; i < 8;) {
        std::size_t end = i;
        while (end < 8 && groups[end] == 0)
            ++end;
        if (end - i > best_length) {
            best = i;
            best_length = end - i;
        }
        i = end == i ? i + 1 : end;
    }
    std::string out;
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == best) {
            out += "::";
            i += best_length - 1;
            continue;
        }
        if (!out.empty() && out.back() != ':') out += ':';
        out += fmt::format("{:x}", groups[i]);
    }
    return out;
}

}  // namespace assay::codec::dns
