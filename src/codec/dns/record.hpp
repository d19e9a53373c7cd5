// Resource records: typed RDATA, its text form (RFC 1035 section 5, RFC 3597) and its wire form.
#pragma once

#include <array>
#include <cstdint>
#include <expected>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/fault.hpp"
#include "codec/dns/name.hpp"

namespace assay::codec::dns {

// IANA "Resource Record (RR) TYPEs". Values without a name here are kept and printed as TYPE123.
enum class Type : std::uint16_t {
    A = 1,
    NS = 2,
    CNAME = 5,
    SOA = 6,
    PTR = 12,
    MX = 15,
    TXT = 16,
    AAAA = 28,
    SRV = 33,
    DNAME = 39,
    OPT = 41,
    DS = 43,
    RRSIG = 46,
    NSEC = 47,
    DNSKEY = 48,
    NSEC3 = 50,
    NSEC3PARAM = 51,
    TLSA = 52,
    HTTPS = 65,
    CAA = 257,
};

std::string print(Type type);  // "MX", "TYPE1234" (RFC 3597 section 5)
std::expected<Type, base::Fault> parse_type(std::string_view text);  // either form, any case

struct A {
    std::array<std::uint8_t, 4> address{};
    bool operator==(const A&) const = default;
};
struct Aaaa {
    std::array<std::uint8_t, 16> address{};
    bool operator==(const Aaaa&) const = default;
};
struct Ns {
    Name host;
    bool operator==(const Ns&) const = default;
};
struct Cname {
    Name target;
    bool operator==(const Cname&) const = default;
};
struct Dname {
    Name target;
    bool operator==(const Dname&) const = default;
};
struct Ptr {
    Name target;
    bool operator==(const Ptr&) const = default;
};
struct Soa {
    Name primary, mailbox;
    std::uint32_t serial = 0, refresh = 0, retry = 0, expire = 0,
                  minimum = 0;  // all but serial: seconds
    bool operator==(const Soa&) const = default;
};
struct Mx {
    std::uint16_t preference = 0;
    Name host;
    bool operator==(const Mx&) const = default;
};
struct Txt {
    std::vector<std::string> strings;  // each at most 255 octets; at least one
    std::string joined() const;        // as SPF, DKIM and DMARC read it: joined without a space
    bool operator==(const Txt&) const = default;
};
struct Srv {
    std::uint16_t priority = 0, weight = 0, port = 0;
    Name target;
    bool operator==(const Srv&) const = default;
};
struct Caa {                 // RFC 8659 section 4
    std::uint8_t flags = 0;  // 128: issuer critical
    std::string tag, value;
    bool operator==(const Caa&) const = default;
};
struct Tlsa {  // RFC 6698 section 2
    std::uint8_t usage = 0, selector = 0, matching = 0;
    std::vector<std::uint8_t> data;
    bool operator==(const Tlsa&) const = default;
};
struct Ds {  // RFC 4034 section 5
    std::uint16_t key_tag = 0;
    std::uint8_t algorithm = 0, digest_type = 0;
    std::vector<std::uint8_t> digest;
    bool operator==(const Ds&) const = default;
};
struct Dnskey {  // RFC 4034 section 2
    std::uint16_t flags = 0;
    std::uint8_t protocol = 3, algorithm = 0;
    std::vector<std::uint8_t> key;
    std::uint16_t key_tag() const;  // RFC 4034 appendix B
    bool is_zone_key() const { return (flags & 0x0100U) != 0; }
    bool is_secure_entry_point() const { return (flags & 0x0001U) != 0; }
    // Bits of the RSA modulus (RFC 3110 section 2); 0 for other algorithms and for unreadable keys.
    unsigned rsa_bits() const;
    bool operator==(const Dnskey&) const = default;
};
struct Rrsig {  // RFC 4034 section 3
    Type covered{};
    std::uint8_t algorithm = 0, labels = 0;
    std::uint32_t original_ttl = 0, expiration = 0,
                  inception = 0;  // the last two: seconds since 1970, mod 2^32
    std::uint16_t key_tag = 0;
    Name signer;
    std::vector<std::uint8_t> signature;
    bool operator==(const Rrsig&) const = default;
};
struct Nsec {
    Name next;
    std::vector<Type> types;
    bool operator==(const Nsec&) const = default;
};  // types ascending
struct Nsec3Param {  // RFC 5155 section 4
    std::uint8_t hash = 1, flags = 0;
    std::uint16_t iterations = 0;
    std::vector<std::uint8_t> salt;
    bool operator==(const Nsec3Param&) const = default;
};
struct Https {  // RFC 9460; parameters kept as key and raw value, ascending keys
    std::uint16_t priority = 0;
    Name target;
    std::vector<std::pair<std::uint16_t, std::string>> parameters;
    bool operator==(const Https&) const = default;
};
struct Opaque {  // RFC 3597: every other type
    Type type{};
    std::vector<std::uint8_t> data;
    bool operator==(const Opaque&) const = default;
};

using Rdata = std::variant<A, Aaaa, Ns, Cname, Dname, Ptr, Soa, Mx, Txt, Srv, Caa, Tlsa, Ds, Dnskey,
                           Rrsig, Nsec, Nsec3Param, Https, Opaque>;

Type type_of(const Rdata& rdata);

struct Record {
    Name name;
    std::uint32_t ttl = 0;  // seconds
    Rdata data;
    Type type() const { return type_of(data); }
    bool operator==(const Record&) const = default;
};

// RDATA text: "10 mx.example.gov.uk." Names without a final dot are completed with `origin`.
// TXT: quoted or bare character-strings (RFC 1035 section 5.1). RFC 3597 "\# 4 0a000001" is read
// for every type. parse_rdata(type, print_rdata(x)) == x for every value.
std::expected<Rdata, base::Fault> parse_rdata(Type type, std::string_view text,
                                              const Name& origin = Name());
std::string print_rdata(const Rdata& rdata);

// One line of a master file without directives: "name. 300 IN MX 10 mx.example."; TTL and class
// optional.
std::expected<Record, base::Fault> parse_record(std::string_view line, const Name& origin = Name());
std::string print_record(const Record& record);

// Wire form. Decoding reads `length` octets at `offset` of a whole message, because names may be
// compressed (RFC 1035 section 4.1.4); it never reads outside, follows at most 127 pointers, each
// strictly backwards.
std::expected<Rdata, base::Fault> decode_rdata(Type type, std::span<const std::uint8_t> message,
                                               std::size_t offset, std::size_t length);
std::vector<std::uint8_t> encode_rdata(const Rdata& rdata);  // without compression

std::string print_address(const A& address);     // 192.0.2.1
std::string print_address(const Aaaa& address);  // RFC 5952
std::expected<A, base::Fault> parse_ipv4(
    std::string_view text);  // four decimal octets, no leading zeros
std::expected<Aaaa, base::Fault> parse_ipv6(
    std::string_view text);              // RFC 4291 section 2.2, no zone, no brackets
bool is_address(std::string_view text);  // one of these two

}  // namespace assay::codec::dns
