// Bytes and ASCII text: the few helpers that every codec needs. No locale, ever.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::base {

constexpr bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
constexpr bool is_alpha(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
constexpr bool is_alnum(char c) {
    return is_digit(c) || is_alpha(c);
}
constexpr bool is_blank(char c) {
    return c == ' ' || c == '\t';
}
constexpr bool is_space(char c) {
    return is_blank(c) || c == '\r' || c == '\n';
}
constexpr char to_lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

std::string lower(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
bool starts_with_ignoring_case(std::string_view text, std::string_view prefix);

// Without leading and trailing space, tab, CR, LF.
std::string_view trim(std::string_view text);

// Always at least one part; parts are views into `text`.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);

// Decimal digits only, no sign, no space; nothing if empty or above `max`.
std::optional<std::uint64_t> parse_decimal(std::string_view text, std::uint64_t max);

// RFC 4648 section 4, padded. Decoding ignores blanks and line ends (as DKIM and zone files do)
// and returns nothing on any other byte or on wrong padding.
std::string base64_encode(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> base64_decode(std::string_view text);

// RFC 4648 section 5, without padding (RFC 7515 section 2). Decoding is strict: no blanks, no
// padding, and no bits that would be lost.
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);

// RFC 4648 section 8; printed in lower case, read in either.
std::string hex_encode(std::span<const std::uint8_t> bytes);
std::optional<std::vector<std::uint8_t>> hex_decode(std::string_view text);

// For messages: printable ASCII stays, every other byte becomes \xNN; cut at `length_max` with
// "...".
std::string quote_for_display(std::string_view text, std::size_t length_max = 200);

// Valid UTF-8, without surrogates and overlong forms (RFC 3629).
bool is_utf8(std::string_view text);

}  // namespace assay::base
