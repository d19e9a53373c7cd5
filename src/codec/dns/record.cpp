#include "codec/dns/record.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace assay::codec::dns {

namespace {

struct TypeName {
    Type type;
    std::string_view name;
};

constexpr TypeName type_names[] = {
    {Type::A, "A"},
    {Type::NS, "NS"},
    {Type::CNAME, "CNAME"},
    {Type::SOA, "SOA"},
    {Type::PTR, "PTR"},
    {Type::MX, "MX"},
    {Type::TXT, "TXT"},
    {Type::AAAA, "AAAA"},
    {Type::SRV, "SRV"},
    {Type::DNAME, "DNAME"},
    {Type::OPT, "OPT"},
    {Type::DS, "DS"},
    {Type::RRSIG, "RRSIG"},
    {Type::NSEC, "NSEC"},
    {Type::DNSKEY, "DNSKEY"},
    {Type::NSEC3, "NSEC3"},
    {Type::NSEC3PARAM, "NSEC3PARAM"},
    {Type::TLSA, "TLSA"},
    {Type::HTTPS, "HTTPS"},
    {Type::CAA, "CAA"},
};

template <class... Cases>
struct Overload : Cases... {
    using Cases::operator()...;
};

}  // namespace

std::string print(Type type) {
    const auto at = std::ranges::find(type_names, type, &TypeName::type);
    if (at != std::end(type_names)) return std::string(at->name);
    return fmt::format("TYPE{}", static_cast<unsigned>(type));
}

std::expected<Type, base::Fault> parse_type(std::string_view text) {
    for (const auto& [type, name] : type_names) {
        if (base::equals_ignoring_case(text, name)) return type;
    }
    if (base::starts_with_ignoring_case(text, "TYPE")) {
        if (const auto number = base::parse_decimal(text.substr(4), 65535))
            return static_cast<Type>(*number);
    }
    return std::unexpected(
        base::Fault{"unknown-type", "RFC 3597 section 5", 0,
                    fmt::format("'{}' is not a record type", base::quote_for_display(text, 40))});
}

Type type_of(const Rdata& rdata) {
    return std::visit(Overload{
                          [](const A&) { return Type::A; },
                          [](const Aaaa&) { return Type::AAAA; },
                          [](const Ns&) { return Type::NS; },
                          [](const Cname&) { return Type::CNAME; },
                          [](const Dname&) { return Type::DNAME; },
                          [](const Ptr&) { return Type::PTR; },
                          [](const Soa&) { return Type::SOA; },
                          [](const Mx&) { return Type::MX; },
                          [](const Txt&) { return Type::TXT; },
                          [](const Srv&) { return Type::SRV; },
                          [](const Caa&) { return Type::CAA; },
                          [](const Tlsa&) { return Type::TLSA; },
                          [](const Ds&) { return Type::DS; },
                          [](const Dnskey&) { return Type::DNSKEY; },
                          [](const Rrsig&) { return Type::RRSIG; },
                          [](const Nsec&) { return Type::NSEC; },
                          [](const Nsec3Param&) { return Type::NSEC3PARAM; },
                          [](const Https&) { return Type::HTTPS; },
                          [](const Opaque& opaque) { return opaque.type; },
                      },
                      rdata);
}

std::string Txt::joined() const {
    std::string out;
    for (const auto& string : strings)
        out += string;
    return out;
}

// RFC 4034 appendix B; algorithm 1 (RSAMD5) has a rule of its own, in B.1.
std::uint16_t Dnskey::key_tag() const {
    if (algorithm == 1) {
        if (key.size() < 3) return 0;
        return static_cast<std::uint16_t>(key[key.size() - 3] << 8 | key[key.size() - 2]);
    }
    std::uint32_t sum = (static_cast<std::uint32_t>(flags)) +
                        (static_cast<std::uint32_t>(protocol) << 8) + algorithm;
    for (std::size_t i = 0; i < key.size(); ++i) {
        sum += (i & 1U) != 0 ? key[i] : static_cast<std::uint32_t>(key[i]) << 8;
    }
    sum += sum >> 16 & 0xffffU;
    return static_cast<std::uint16_t>(sum);
}

unsigned Dnskey::rsa_bits() const {
    constexpr std::array<std::uint8_t, 5> rsa{1, 5, 7, 8, 10};
    if (std::ranges::find(rsa, algorithm) == rsa.end() || key.empty()) return 0;
    // RFC 3110 section 2: one octet of exponent length, or a zero and two.
    std::size_t at = 1, exponent = key[0];
    if (exponent == 0) {
        if (key.size() < 3) return 0;
        exponent = static_cast<std::size_t>(key[1] << 8 | key[2]);
        at = 3;
    }
    at += exponent;
    while (at < key.size() && key[at] == 0)
        ++at;
    if (exponent == 0 || at >= key.size()) return 0;
    unsigned bits = static_cast<unsigned>(key.size() - at - 1) * 8;
    for (unsigned top = key[at]; top != 0; top >>= 1)
        ++bits;
    return bits;
}

}  // namespace assay::codec::dns
