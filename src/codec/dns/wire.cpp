#include "codec/dns/wire.hpp"

namespace assay::codec::dns {

std::uint8_t WireReader::u8() {
    if (!good_ || at_ >= end_) {
        fail();
        return 0;
    }
    return message_[at_++];
}

std::uint16_t WireReader::u16() {
    const unsigned high = u8();
    return static_cast<std::uint16_t>(high << 8 | u8());
}

std::uint32_t WireReader::u32() {
    const std::uint32_t high = u16();
    return high << 16 | u16();
}

std::span<const std::uint8_t> WireReader::octets(std::size_t count) {
    if (!good_ || count > end_ - at_) {
        fail();
        return {};
    }
    const auto out = message_.subspan(at_, count);
    at_ += count;
    return out;
}

std::span<const std::uint8_t> WireReader::exactly(std::size_t count) {
    if (good_ && end_ - at_ != count) fail();
    return octets(count);
}

std::string WireReader::text(std::size_t count) {
    const auto bytes = octets(count);
    return {bytes.begin(), bytes.end()};
}

std::vector<std::uint8_t> WireReader::rest() {
    const auto bytes = octets(at_ <= end_ ? end_ - at_ : 0);
    return {bytes.begin(), bytes.end()};
}

std::string WireReader::rest_text() {
    const auto bytes = octets(at_ <= end_ ? end_ - at_ : 0);
    return {bytes.begin(), bytes.end()};
}

Name WireReader::name() {
    std::string wire;
    std::size_t at = at_, limit = end_;
    std::size_t earliest = at_;
    bool jumped = false;
    for (unsigned pointers = 0; good_;) {
        if (at >= limit) break;
        const std::size_t length = message_[at];
        if ((length & 0xc0U) == 0xc0U) {
            if (at + 1 >= limit || ++pointers > compression_pointers_max) break;
            const std::size_t target = (length & 0x3fU) << 8 | message_[at + 1];
            // Strictly backwards, or a name could run in a circle.
            if (target >= earliest) break;
            if (!jumped) at_ = at + 2;
            jumped = true;
            at = earliest = target;
            limit = message_.size();
            continue;
        }
        if (length > label_octets_max || at + 1 + length > limit) break;
        if (wire.size() + 1 + length > name_octets_max) break;
        wire.append(message_.begin() + static_cast<std::ptrdiff_t>(at),
                    message_.begin() + static_cast<std::ptrdiff_t>(at + 1 + length));
        at += 1 + length;
        if (length == 0) {
            if (!jumped) at_ = at;
            return Name::from_wire(std::move(wire));
        }
    }
    fail();
    return {};
}

}  // namespace assay::codec::dns
