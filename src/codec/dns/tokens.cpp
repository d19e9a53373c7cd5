#include "codec/dns/tokens.hpp"

#include <fmt/format.h>

#include <optional>

#include "base/text.hpp"

namespace assay::codec::dns {

namespace {

std::unexpected<base::Fault> fault(std::string_view rule, std::size_t at, std::string detail) {
    return std::unexpected(
        base::Fault{std::string(rule), "RFC 1035 section 5.1", at, std::move(detail)});
}

// The octet that an escape at text[i] stands for; `i` moves to its last character. Nothing: no such
// escape.
std::optional<char> unescape(std::string_view text, std::size_t& i) {
    if (i + 1 >= text.size()) return std::nullopt;
    if (!base::is_digit(text[i + 1])) return text[++i];
    const auto value = base::parse_decimal(text.substr(i + 1, 3), 255);
    if (!value || i + 3 >= text.size()) return std::nullopt;
    i += 3;
    return static_cast<char>(*value);
}

}  // namespace

std::expected<std::vector<Token>, base::Fault> tokenise(std::string_view text) {
    std::vector<Token> out;
    std::size_t depth = 0, opened = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (base::is_space(c)) continue;
        if (c == ';') {
            while (i + 1 < text.size() && text[i + 1] != '\n')
                ++i;
            continue;
        }
        if (c == '(' || c == ')') {
            if (c == ')' && depth == 0)
                return fault("open-parenthesis", i, "A parenthesis closes that nothing opened");
            opened = i;
            c == '(' ? ++depth : --depth;
            continue;
        }
        Token token;
        token.offset = i;
        token.quoted = c == '"';
        bool inside = false;
        const std::size_t start = i;
        for (; i < text.size(); ++i) {
            if (text[i] == '"') {
                inside = !inside;
                if (token.quoted && !inside) break;  // the closing quote of a string
                continue;
            }
            if (!inside &&
                (base::is_space(text[i]) || text[i] == ';' || text[i] == '(' || text[i] == ')'))
                break;
            if (text[i] == '\\') {
                const auto octet = unescape(text, i);
                if (!octet)
                    return fault("bad-escape", i,
                                 "A backslash needs one character or three digits after it");
                token.text += *octet;
            } else {
                token.text += text[i];
            }
        }
        if (inside) return fault("open-quote", start, "A quotation mark is never closed");
        token.raw = token.quoted ? std::string(text.substr(start + 1, i - start - 1))
                                 : std::string(text.substr(start, i - start));
        if (!token.quoted) --i;  // the character that ended the word is read again
        out.push_back(std::move(token));
        if (out.size() > tokens_max) {
            return fault("too-many-tokens", start,
                         fmt::format("The record has more than {} words", tokens_max));
        }
    }
    if (depth > 0) return fault("open-parenthesis", opened, "A parenthesis is never closed");
    return out;
}

std::string quote(std::string_view octets) {
    std::string out = "\"";
    for (const char c : octets) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (byte >= 0x20 && byte < 0x7f) {
            out += c;
        } else {
            out += fmt::format("\\{:03}", byte);
        }
    }
    return out + '"';
}

std::string escape_word(std::string_view octets) {
    std::string out;
    for (const char c : octets) {
        if (base::is_alnum(c) || c == '-' || c == '_' || c == '.') {
            out += c;
        } else {
            out += fmt::format("\\{:03}", static_cast<unsigned char>(c));
        }
    }
    return out;
}

}  // namespace assay::codec::dns
