// Reads DNS wire format within bounds. After the first failure every read gives zeros and good() is
// false, so that readers check once at the end.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "codec/dns/name.hpp"

namespace assay::codec::dns {

inline constexpr unsigned compression_pointers_max =
    127;  // a name of 255 octets has at most so many labels

class WireReader {
  public:
    // Reads message[begin, end); compressed names may point before `begin` (RFC 1035
    // section 4.1.4).
    WireReader(std::span<const std::uint8_t> message, std::size_t begin, std::size_t end)
        : message_(message), at_(begin), end_(end) {}

    bool good() const { return good_; }
    bool at_end() const { return at_ >= end_ || !good_; }
    std::size_t position() const { return at_; }

    std::uint8_t u8();
    std::uint16_t u16();
    std::uint32_t u32();
    Name name();
    std::span<const std::uint8_t> octets(std::size_t count);
    // `count` octets that are all that is left; zeros otherwise.
    std::span<const std::uint8_t> exactly(std::size_t count);
    std::string text(std::size_t count);
    std::vector<std::uint8_t> rest();
    std::string rest_text();

  private:
    void fail() { good_ = false; }

    std::span<const std::uint8_t> message_;
    std::size_t at_, end_;
    bool good_ = true;
};

}  // namespace assay::codec::dns
