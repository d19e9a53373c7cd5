// The words of a master file line (RFC 1035 section 5.1): quoted strings, escapes, comments,
// parentheses.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"

namespace assay::codec::dns {

struct Token {
    std::string text;  // escapes resolved
    std::string raw;   // as written, without the quotes of a wholly quoted word
    std::size_t offset = 0;
    bool quoted = false;
};

inline constexpr std::size_t tokens_max =
    66'000;  // ours: 65,535 octets of empty strings, and what stands before them

// Fault: open-quote, open-parenthesis, bad-escape, too-many-tokens. Line ends count as spaces.
std::expected<std::vector<Token>, base::Fault> tokenise(std::string_view text);

// A character-string in quotes, with every octet that needs it escaped.
std::string quote(std::string_view octets);
// The same without quotes, for words that may not hold spaces.
std::string escape_word(std::string_view octets);

}  // namespace assay::codec::dns
