// Where characters of UTF-8 begin.
#pragma once

#include <cstddef>
#include <string_view>

namespace assay::base {

// The begin of the character that spans `at`; the size where `at` is not before it.
inline std::size_t character_begin(std::string_view text, std::size_t at) {
    if (at >= text.size()) return text.size();
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0) == 0x80)
        --at;
    return at;
}

}  // namespace assay::base
