#include "codec/tags/mailto.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "codec/dns/record.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::tags {

namespace {

base::Fault bad_uri(std::size_t offset, std::string detail) {
    return {"bad-uri", {}, offset, std::move(detail)};
}

// RFC 3986 section 2, without the three that the record languages reserve.
bool is_uri_octet(char c) {
    return base::is_alnum(c) || std::string_view("-._~:/?#[]@$&'()*+=").contains(c);
}

bool is_hex(char c) {
    return base::is_digit(c) || (base::to_lower(c) >= 'a' && base::to_lower(c) <= 'f');
}

bool is_escape(std::string_view text) {
    return text.size() >= 3 && text[0] == '%' && is_hex(text[1]) && is_hex(text[2]);
}

// Only for texts whose escapes are right.
std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_escape(text.substr(i))) {
            out += text[i];
            continue;
        }
        const auto byte = base::hex_decode(text.substr(i + 1, 2));
        out += static_cast<char>(byte->front());
        i += 2;
    }
    return out;
}

bool is_mailbox_octet(char c) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80) return true;  // UTF-8, checked as a whole (RFC 6531 section 3.3)
    return base::is_alnum(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").contains(c);
}

// RFC 5321 section 4.1.2: Local-part, a Dot-string or a Quoted-string.
bool is_local_part(std::string_view text) {
    if (text.empty() || text.size() > local_part_octets_max || !base::is_utf8(text)) return false;
    if (text.size() > 2 && text.front() == '"' && text.back() == '"') {
        const auto inside = text.substr(1, text.size() - 2);
        bool escaped = false;
        for (const char c : inside) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte < 0x20 || byte == 0x7f || (c == '"' && !escaped)) return false;
            escaped = c == '\\' && !escaped;
        }
        return !escaped;
    }
    for (const auto atom : base::split(text, '.')) {
        if (atom.empty() || !std::ranges::all_of(atom, is_mailbox_octet)) return false;
    }
    return true;
}

// An IPv4 or IPv6 address, in brackets or not.
bool is_address(std::string_view domain) {
    if (domain.starts_with('[') && domain.ends_with(']'))
        domain = domain.substr(1, domain.size() - 2);
    if (base::starts_with_ignoring_case(domain, "IPv6:")) domain.remove_prefix(5);
    return dns::is_address(domain);
}

std::string describe_bad_octet(std::string_view uri, std::size_t at) {
    const char c = uri[at];
    const auto rest = trim_blanks(uri.substr(at));
    if (base::is_blank(c) && !uri_scheme(rest).empty()) {
        return "There is a space between two addresses. Put a comma between them.";
    }
    if (base::is_blank(c)) {
        return "There is a space inside the address " + quoted(uri) + ". Remove it.";
    }
    if (c == '<' || c == '>') return "Write the address without angle brackets.";
    if (c == '%') {
        return "A percent sign must be followed by two hexadecimal digits, as in \"%2C\".";
    }
    if (c == '!') return "Write an exclamation mark in an address as \"%21\".";
    if (c == ',') return "Write a comma in an address as \"%2C\".";
    if (c == ';') return "Write a semicolon in an address as \"%3B\".";
    return "The address " + quoted(uri) +
           " has a character that is not allowed there: " + quoted(std::string_view(&c, 1)) + ".";
}

std::string describe_missing_scheme(std::string_view uri) {
    static constexpr std::string_view schemes[] = {"mailto", "https"};
    const auto end = uri.find_first_of(":=@/");
    const auto start = uri.substr(0, end);
    if (base::equals_ignoring_case(start, "mailto")) {
        return "Write \"mailto:\" with a colon before the address.";
    }
    const auto meant = nearest(start, schemes);
    if (!meant.empty()) {
        return quoted(start) + " is not a known kind of address. Did you mean " +
               quoted(std::string(meant) + ":") + "?";
    }
    if (uri.contains('@')) {
        return "Put \"mailto:\" before the address: " + quoted("mailto:" + std::string(uri)) + ".";
    }
    return quoted(uri) + " is not an address for reports. Write \"mailto:\" and an email address.";
}

}  // namespace

std::string uri_scheme(std::string_view uri) {
    const auto colon = uri.find(':');
    if (colon == std::string_view::npos || colon > word_octets_max) return {};
    const auto scheme = uri.substr(0, colon);
    // RFC 3986 section 3.1
    const bool valid = !scheme.empty() && base::is_alpha(scheme.front()) &&
                       std::ranges::all_of(scheme, [](char c) {
                           return base::is_alnum(c) || c == '+' || c == '-' || c == '.';
                       });
    return valid ? base::lower(scheme) : std::string();
}

std::optional<std::size_t> first_bad_uri_octet(std::string_view uri) {
    for (std::size_t i = 0; i < uri.size(); ++i) {
        const bool good = uri[i] == '%' ? is_escape(uri.substr(i)) : is_uri_octet(uri[i]);
        if (!good) return i;
    }
    return std::nullopt;
}

std::optional<base::Fault> check_uri(std::string_view uri) {
    if (uri.empty()) return bad_uri(0, "There is no address here. Remove the extra comma.");
    if (uri.size() > uri_octets_max) {
        return bad_uri(uri_octets_max, "The address is longer than " +
                                           std::to_string(uri_octets_max) + " characters.");
    }
    const auto scheme = uri_scheme(uri);
    if (const auto at = first_bad_uri_octet(uri)) return bad_uri(*at, describe_bad_octet(uri, *at));
    static constexpr std::string_view known[] = {"mailto", "https", "http"};
    if (scheme.empty() || !nearest(scheme, known).empty()) {
        return bad_uri(0, describe_missing_scheme(uri));
    }
    if (uri.size() == scheme.size() + 1) {
        return bad_uri(uri.size(), "There is no address after " + quoted(uri) + ".");
    }
    return std::nullopt;
}

std::expected<Mailto, base::Fault> read_mailto(std::string_view uri) {
    constexpr std::string_view scheme = "mailto:";
    if (auto fault = check_uri(uri)) return std::unexpected(*std::move(fault));
    if (uri_scheme(uri) != "mailto")
        return std::unexpected(bad_uri(0, describe_missing_scheme(uri)));
    const auto address = uri.substr(scheme.size(), uri.find_first_of("?#") - scheme.size());
    const auto fail = [&](std::size_t at, std::string detail) {
        return std::unexpected(bad_uri(scheme.size() + at, std::move(detail)));
    };
    if (address.starts_with("//")) return fail(0, "Write \"mailto:\" without slashes.");
    if (uri_scheme(address) == "mailto") return fail(0, "\"mailto:\" is there twice. Remove one.");
    const auto at = address.rfind('@');
    if (at == std::string_view::npos) {
        return fail(0, quoted(address) + " is not an email address: it has no @.");
    }
    Mailto out;
    const auto local = percent_decode(address.substr(0, at));
    if (!is_local_part(local)) {
        return fail(0, quoted(local) + " is not a valid name before the @ of an email address.");
    }
    const auto domain = percent_decode(address.substr(at + 1));
    // RFC 5321 section 4.1.3 puts an address in brackets; nobody sends reports there either.
    if (is_address(domain)) {
        return fail(at + 1, quoted(domain) +
                                " is an IP address. Write the domain name of a mail "
                                "service that receives the reports.");
    }
    auto host = dns::parse_domain(domain);
    if (!host || !dns::is_host_name(*host)) {
        return fail(at + 1, quoted(domain) + " is not a valid domain name for an email address.");
    }
    out.mailbox = local + '@' + domain;
    out.host = *std::move(host);
    return out;
}

}  // namespace assay::codec::tags
