#include "codec/ithc/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "codec/ithc/options.hpp"

namespace assay::codec::ithc {

namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";  // U+FFFD

void add_utf8(std::string& out, std::uint32_t code) {
    if (code < 0x80) {
        out += static_cast<char>(code);
    } else if (code < 0x800) {
        out += static_cast<char>(0xc0 | (code >> 6));
        out += static_cast<char>(0x80 | (code & 63));
    } else if (code < 0x10000) {
        out += static_cast<char>(0xe0 | (code >> 12));
        out += static_cast<char>(0x80 | ((code >> 6) & 63));
        out += static_cast<char>(0x80 | (code & 63));
    } else {
        out += static_cast<char>(0xf0 | (code >> 18));
        out += static_cast<char>(0x80 | ((code >> 12) & 63));
        out += static_cast<char>(0x80 | ((code >> 6) & 63));
        out += static_cast<char>(0x80 | (code & 63));
    }
}

// RFC 3629 section 3: how many bytes a character has by its first; 0 for none.
std::size_t length_by_first(unsigned char first) {
    if (first < 0x80) return 1;
    if (first >= 0xc2 && first <= 0xdf) return 2;
    if (first >= 0xe0 && first <= 0xef) return 3;
    if (first >= 0xf0 && first <= 0xf4) return 4;
    return 0;
}

bool is_forbidden_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 && !base::is_space(c);
}

// Bytes 0x80 to 0x9f of Windows-1252; 0 where it has no character.
constexpr std::array<std::uint16_t, 32> windows_1252{
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

struct Reference {
    std::string_view name;
    std::string_view text;
};
constexpr std::array references{
    Reference{"lt", "<"},         Reference{"gt", ">"},         Reference{"amp", "&"},
    Reference{"quot", "\""},      Reference{"apos", "'"},       Reference{"nbsp", " "},
    Reference{"ndash", "\u2013"}, Reference{"mdash", "\u2014"}, Reference{"hellip", "\u2026"},
    Reference{"rsquo", "\u2019"}, Reference{"lsquo", "\u2018"}, Reference{"pound", "\u00a3"},
    Reference{"copy", "\u00a9"}};

// "#8217", "#x2019"; nothing for what is no character or must not be in text.
std::uint32_t numbered(std::string_view name) {
    name.remove_prefix(1);
    const bool hex = !name.empty() && base::to_lower(name[0]) == 'x';
    if (hex) name.remove_prefix(1);
    if (name.empty() || name.size() > 7) return 0;
    std::uint32_t code = 0;
    for (const char c : name) {
        const char lower = base::to_lower(c);
        const bool letter = hex && lower >= 'a' && lower <= 'f';
        if (!base::is_digit(c) && !letter) return 0;
        const int digit = letter ? lower - 'a' + 10 : c - '0';
        code = code * (hex ? 16 : 10) + static_cast<std::uint32_t>(digit);
    }
    const bool surrogate = code >= 0xd800 && code <= 0xdfff;
    if (code > 0x10ffff || surrogate) return 0;
    return code < 0x20 && code != '\t' && code != '\n' ? 0 : code;
}

// The character reference at the start of `text`, decoded; how many bytes it took, or 0.
std::size_t decode_reference(std::string_view text, std::string& out) {
    const auto end = text.substr(0, 12).find(';');
    if (end == std::string_view::npos || end < 2) return 0;
    const auto name = text.substr(1, end - 1);
    if (name[0] == '#') {
        const auto code = numbered(name);
        if (code == 0) return 0;
        add_utf8(out, code == 0xa0 ? ' ' : code);
        return end + 1;
    }
    for (const auto& reference : references) {
        if (reference.name != name) continue;
        out += reference.text;
        return end + 1;
    }
    return 0;
}

void end_line(std::string& out) {
    while (!out.empty() && base::is_blank(out.back()))
        out.pop_back();
    if (!out.empty() && out.back() != '\n') out += '\n';
}

void put_tag(std::string_view tag, std::string& out) {
    constexpr std::array blocks{"p",  "br", "div", "ul", "ol", "tr", "table",      "pre",
                                "h1", "h2", "h3",  "h4", "h5", "h6", "blockquote", "hr"};
    const bool closing = tag.starts_with('/');
    if (closing) tag.remove_prefix(1);
    std::size_t length = 0;
    while (length < tag.size() && base::is_alnum(tag[length]))
        ++length;
    const auto name = base::lower(tag.substr(0, std::min<std::size_t>(length, 12)));
    if (name == "li") {
        end_line(out);
        if (!closing) out += "- ";
    } else if (name == "td" || name == "th") {
        if (closing) out += ' ';
    } else if (std::ranges::find(blocks, name) != blocks.end()) {
        end_line(out);
    }
}

void add_once(std::vector<std::string>& out, std::string value) {
    if (std::ranges::find(out, value) != out.end()) return;
    if (out.size() <= list_length_max) out.push_back(std::move(value));
}

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && base::is_digit(text[end]))
        ++end;
    return end - at;
}

}  // namespace

std::string Utf8Repair::feed(std::string_view chunk) {
    if (rest_.empty()) return run(chunk, false);
    const auto joined = std::exchange(rest_, {}) + std::string(chunk);
    return run(joined, false);
}

std::string Utf8Repair::finish() {
    const auto joined = std::exchange(rest_, {});
    return run(joined, true);
}

std::string Utf8Repair::run(std::string_view text, bool last) {
    std::string out;
    out.reserve(text.size() + 8);
    std::size_t good = 0;  // begin of what was checked and not yet written
    std::size_t at = 0;
    while (at < text.size()) {
        const auto length = length_by_first(static_cast<unsigned char>(text[at]));
        if (length == 1 && !(controls_ && is_forbidden_control(text[at]))) {
            ++at;
            continue;
        }
        if (length > 1 && at + length > text.size() && !last) {
            rest_ = text.substr(at);
            break;
        }
        if (length > 1 && at + length <= text.size() && base::is_utf8(text.substr(at, length))) {
            at += length;
            continue;
        }
        out += text.substr(good, at - good);
        out += replacement;
        ++repaired_;
        good = ++at;
    }
    out += text.substr(good, at - good);
    return out;
}

std::string text_of_cell(std::string_view cell, std::uint64_t& repaired) {
    if (base::is_utf8(cell)) return std::string(cell);
    std::string out;
    for (const char c : cell) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
            continue;
        }
        ++repaired;
        const std::uint32_t code = byte >= 0xa0 ? byte : windows_1252[byte - 0x80U];
        add_utf8(out, code == 0 ? 0xfffd : code);
    }
    return out;
}

bool cut(std::string& text, std::size_t length_max) {
    if (text.size() <= length_max) return false;
    text.resize(base::character_begin(text, length_max));
    return true;
}

std::string html_to_text(std::string_view html) {
    if (html.find_first_of("<&") == std::string_view::npos) return std::string(html);
    std::string out;
    // Without one closing mark left, looking for it again at each "<" would take quadratic time.
    const auto last_close = html.rfind('>');
    std::size_t at = 0;
    while (at < html.size()) {
        const char c = html[at];
        if (c == '&') {
            if (const auto used = decode_reference(html.substr(at), out); used > 0) {
                at += used;
                continue;
            }
        }
        const bool tag =
            c == '<' && at + 1 < html.size() && last_close != std::string_view::npos &&
            at < last_close &&
            (base::is_alpha(html[at + 1]) || html[at + 1] == '/' || html[at + 1] == '!');
        if (!tag) {
            out += c;
            ++at;
            continue;
        }
        const auto end = html.find('>', at);
        put_tag(html.substr(at + 1, end - at - 1), out);
        at = end + 1;
    }
    return std::string(base::trim(out));
}

void add_cves(std::vector<std::string>& out, std::string_view text) {
    for (std::size_t at = 0; at + 9 < text.size(); ++at) {
        if (base::to_lower(text[at]) != 'c') continue;
        if (at > 0 && base::is_alnum(text[at - 1])) continue;
        if (!base::starts_with_ignoring_case(text.substr(at), "cve-")) continue;
        if (digits_at(text.substr(0, at + 8), at + 4) != 4 || text[at + 8] != '-') continue;
        const auto digits = digits_at(text, at + 9);
        if (digits < 4 || digits > 19) continue;
        add_once(out, "CVE-" + std::string(text.substr(at + 4, 5 + digits)));
        at += 8 + digits;
    }
}

void add_cwes(std::vector<std::string>& out, std::string_view text, bool bare) {
    const auto whole = base::trim(text);
    if (bare && !whole.empty() && whole.size() <= 5 && digits_at(whole, 0) == whole.size()) {
        if (whole != "0") add_once(out, "CWE-" + std::string(whole));
        return;
    }
    for (std::size_t at = 0; at + 4 < text.size(); ++at) {
        if (base::to_lower(text[at]) != 'c') continue;
        if (!base::starts_with_ignoring_case(text.substr(at), "cwe")) continue;
        if (text[at + 3] != '-' && text[at + 3] != ':' && text[at + 3] != ' ') continue;
        const auto digits = digits_at(text, at + 4);
        if (digits == 0 || digits > 5) continue;
        add_once(out, "CWE-" + std::string(text.substr(at + 4, digits)));
        at += 3 + digits;
    }
}

std::string normalised(std::string_view name) {
    std::string out;
    for (const char c : name) {
        if (base::is_alnum(c)) out += base::to_lower(c);
    }
    return out;
}

bool is_address(std::string_view text) {
    if (text.empty() || text.size() > 45) return false;
    if (std::ranges::count(text, ':') >= 2)
        return text.find_first_not_of("0123456789abcdefABCDEF:.%") == std::string_view::npos;
    return std::ranges::count(text, '.') == 3 &&
           text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace assay::codec::ithc
