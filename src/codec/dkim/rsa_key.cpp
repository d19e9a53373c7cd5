// Strict DER, just enough for an RSA public key (RFC 8017 appendix A.1.1, RFC 5280 section 4.1).
#include <algorithm>
#include <span>

#include "codec/dkim/key_record.hpp"

namespace assay::codec::dkim {

namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr std::uint8_t tag_integer = 0x02, tag_bit_string = 0x03, tag_null = 0x05, tag_oid = 0x06,
                       tag_sequence = 0x30;
constexpr std::uint8_t rsa_encryption[] = {0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01};

// Takes one element with that tag off the front; its content, or nothing.
std::optional<Bytes> take(Bytes& from, std::uint8_t tag) {
    if (from.size() < 2 || from[0] != tag) return std::nullopt;
    std::size_t length = from[1], header = 2;
    if (length >= 0x80) {
        const std::size_t octets = length & 0x7fU;
        if (octets == 0 || octets > 2 || from.size() < 2 + octets) return std::nullopt;
        length = 0;
        for (std::size_t i = 0; i < octets; ++i)
            length = length << 8 | from[2 + i];
        // DER: the shortest form only.
        if (length < 0x80 || (octets == 2 && length < 0x100)) return std::nullopt;
        header += octets;
    }
    if (from.size() - header < length) return std::nullopt;
    const auto content = from.subspan(header, length);
    from = from.subspan(header + length);
    return content;
}

// A positive INTEGER without its sign octet.
std::optional<Bytes> take_positive(Bytes& from) {
    auto content = take(from, tag_integer);
    if (!content || content->empty() || (content->front() & 0x80U) != 0) return std::nullopt;
    if (content->front() == 0) {
        if (content->size() < 2 || ((*content)[1] & 0x80U) == 0) return std::nullopt;
        content = content->subspan(1);
    }
    return content;
}

std::optional<RsaKey> read_rsa_public_key(Bytes der) {
    auto sequence = take(der, tag_sequence);
    if (!sequence || !der.empty()) return std::nullopt;
    const auto modulus = take_positive(*sequence);
    const auto exponent = take_positive(*sequence);
    if (!modulus || !exponent || !sequence->empty()) return std::nullopt;
    RsaKey out;
    out.bits = static_cast<unsigned>(modulus->size() - 1) * 8;
    for (unsigned top = modulus->front(); top != 0; top >>= 1)
        ++out.bits;
    if (exponent->size() <= 4) {
        for (const auto byte : *exponent)
            out.exponent = out.exponent << 8 | byte;
    }
    return out;
}

// The key inside SubjectPublicKeyInfo, when that is what the octets are.
std::optional<Bytes> unwrap(Bytes der) {
    auto info = take(der, tag_sequence);
    if (!info || !der.empty()) return std::nullopt;
    auto algorithm = take(*info, tag_sequence);
    if (!algorithm) return std::nullopt;
    const auto oid = take(*algorithm, tag_oid);
    if (!oid || !std::ranges::equal(*oid, rsa_encryption)) return std::nullopt;
    if (!algorithm->empty() && (!take(*algorithm, tag_null) || !algorithm->empty()))
        return std::nullopt;
    const auto bits = take(*info, tag_bit_string);
    if (!bits || bits->empty() || bits->front() != 0 || !info->empty()) return std::nullopt;
    return bits->subspan(1);
}

}  // namespace

std::optional<RsaKey> read_rsa_key(const std::vector<std::uint8_t>& der) {
    const auto inside = unwrap(der);
    return read_rsa_public_key(inside ? *inside : Bytes(der));
}

}  // namespace assay::codec::dkim
