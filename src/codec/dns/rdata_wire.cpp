// RDATA as octets (RFC 1035 section 3.3 and the RFC of each type).
#include <fmt/format.h>

#include <algorithm>

#include "codec/dns/record.hpp"
#include "codec/dns/wire.hpp"

namespace assay::codec::dns {

namespace {

using Octets = std::vector<std::uint8_t>;

// RFC 4034 section 4.1.2: blocks of 256 types, at most 32 octets of bitmap each.
std::optional<std::vector<Type>> read_type_bitmap(WireReader& reader) {
    std::vector<Type> out;
    int last_window = -1;
    while (!reader.at_end()) {
        const auto window = reader.u8(), length = reader.u8();
        if (!reader.good() || length == 0 || length > 32 || static_cast<int>(window) <= last_window)
            return std::nullopt;
        last_window = window;
        const auto bits = reader.octets(length);
        if (!reader.good()) return std::nullopt;
        for (unsigned i = 0; i < length * 8U; ++i) {
            if ((bits[i / 8] & (0x80U >> (i % 8))) != 0)
                out.push_back(static_cast<Type>(window * 256U + i));
        }
    }
    return out;
}

void write_type_bitmap(const std::vector<Type>& types, Octets& out) {
    for (unsigned window = 0; window < 256; ++window) {
        std::array<std::uint8_t, 32> bits{};
        std::size_t used = 0;
        for (const auto type : types) {
            const auto number = static_cast<unsigned>(type);
            if (number / 256 != window) continue;
            bits[number % 256 / 8] |= static_cast<std::uint8_t>(0x80U >> (number % 8));
            used = std::max<std::size_t>(used, number % 256 / 8 + 1);
        }
        if (used == 0) continue;
        out.push_back(static_cast<std::uint8_t>(window));
        out.push_back(static_cast<std::uint8_t>(used));
        out.insert(out.end(), bits.begin(), bits.begin() + static_cast<std::ptrdiff_t>(used));
    }
}

std::optional<Rdata> read_txt(WireReader& reader) {
    Txt out;
    while (!reader.at_end()) {
        const auto bytes = reader.octets(reader.u8());
        if (!reader.good()) return std::nullopt;
        out.strings.emplace_back(bytes.begin(), bytes.end());
    }
    if (out.strings.empty()) return std::nullopt;
    return out;
}

std::optional<Rdata> read_https(WireReader& reader) {
    Https out;
    out.priority = reader.u16();
    out.target = reader.name();
    while (reader.good() && !reader.at_end()) {
        const auto key = reader.u16(), length = reader.u16();
        const auto value = reader.octets(length);
        // RFC 9460 section 2.2: keys strictly ascending.
        if (!out.parameters.empty() && out.parameters.back().first >= key) return std::nullopt;
        out.parameters.emplace_back(key, std::string(value.begin(), value.end()));
    }
    return out;
}

std::optional<Rdata> read_dnssec(Type type, WireReader& reader) {
    switch (type) {
        case Type::DS: {
            Ds out;
            out.key_tag = reader.u16();
            for (auto* value : {&out.algorithm, &out.digest_type})
                *value = reader.u8();
            out.digest = reader.rest();
            return out;
        }
        case Type::DNSKEY: {
            Dnskey out;
            out.flags = reader.u16();
            for (auto* value : {&out.protocol, &out.algorithm})
                *value = reader.u8();
            out.key = reader.rest();
            return out;
        }
        case Type::RRSIG: {
            Rrsig out;
            out.covered = static_cast<Type>(reader.u16());
            for (auto* value : {&out.algorithm, &out.labels})
                *value = reader.u8();
            for (auto* value : {&out.original_ttl, &out.expiration, &out.inception})
                *value = reader.u32();
            out.key_tag = reader.u16();
            out.signer = reader.name();
            out.signature = reader.rest();
            return out;
        }
        case Type::NSEC: {
            Nsec out;
            out.next = reader.name();
            auto types = read_type_bitmap(reader);
            if (!types) return std::nullopt;
            out.types = *std::move(types);
            return out;
        }
        default: {
            Nsec3Param out;
            for (auto* value : {&out.hash, &out.flags})
                *value = reader.u8();
            out.iterations = reader.u16();
            const auto salt = reader.octets(reader.u8());
            out.salt.assign(salt.begin(), salt.end());
            return out;
        }
    }
}

std::optional<Rdata> read(Type type, WireReader& reader) {
    switch (type) {
        case Type::A: {
            A out;
            std::ranges::copy(reader.exactly(4), out.address.begin());
            return out;
        }
        case Type::AAAA: {
            Aaaa out;
            std::ranges::copy(reader.exactly(16), out.address.begin());
            return out;
        }
        case Type::NS: return Ns{reader.name()};
        case Type::CNAME: return Cname{reader.name()};
        case Type::DNAME: return Dname{reader.name()};
        case Type::PTR: return Ptr{reader.name()};
        case Type::SOA: {
            Soa out;
            out.primary = reader.name();
            out.mailbox = reader.name();
            for (auto* value : {&out.serial, &out.refresh, &out.retry, &out.expire, &out.minimum})
                *value = reader.u32();
            return out;
        }
        case Type::MX: {
            const auto preference = reader.u16();
            return Mx{preference, reader.name()};
        }
        case Type::TXT: return read_txt(reader);
        case Type::SRV: {
            Srv out;
            for (auto* value : {&out.priority, &out.weight, &out.port})
                *value = reader.u16();
            out.target = reader.name();
            return out;
        }
        case Type::CAA: {
            Caa out;
            out.flags = reader.u8();
            out.tag = reader.text(reader.u8());
            out.value = reader.rest_text();
            if (out.tag.empty()) return std::nullopt;  // RFC 8659 section 4.1
            return out;
        }
        case Type::TLSA: {
            Tlsa out;
            for (auto* value : {&out.usage, &out.selector, &out.matching})
                *value = reader.u8();
            out.data = reader.rest();
            return out;
        }
        case Type::DS:
        case Type::DNSKEY:
        case Type::RRSIG:
        case Type::NSEC:
        case Type::NSEC3PARAM: return read_dnssec(type, reader);
        case Type::HTTPS: return read_https(reader);
        default: return Opaque{type, reader.rest()};
    }
}

struct Writer {
    Octets& out;

    void u8(unsigned value) { out.push_back(static_cast<std::uint8_t>(value)); }
    void u16(unsigned value) {
        u8(value >> 8);
        u8(value & 0xffU);
    }
    void u32(std::uint32_t value) {
        u16(value >> 16);
        u16(value & 0xffffU);
    }
    void name(const Name& value) {
        out.insert(out.end(), value.wire().begin(), value.wire().end());
    }
    template <class Bytes>
    void bytes(const Bytes& value) {
        for (const auto byte : value)
            out.push_back(static_cast<std::uint8_t>(byte));
    }
    template <class Bytes>
    void counted(const Bytes& value) {
        u8(static_cast<unsigned>(value.size()));
        bytes(value);
    }

    void operator()(const A& data) { bytes(data.address); }
    void operator()(const Aaaa& data) { bytes(data.address); }
    void operator()(const Ns& data) { name(data.host); }
    void operator()(const Cname& data) { name(data.target); }
    void operator()(const Dname& data) { name(data.target); }
    void operator()(const Ptr& data) { name(data.target); }
    void operator()(const Soa& data) {
        name(data.primary);
        name(data.mailbox);
        for (const auto value : {data.serial, data.refresh, data.retry, data.expire, data.minimum})
            u32(value);
    }
    void operator()(const Mx& data) {
        u16(data.preference);
        name(data.host);
    }
    void operator()(const Txt& data) {
        for (const auto& string : data.strings)
            counted(string);
    }
    void operator()(const Srv& data) {
        for (const auto value : {data.priority, data.weight, data.port})
            u16(value);
        name(data.target);
    }
    void operator()(const Caa& data) {
        u8(data.flags);
        counted(data.tag);
        bytes(data.value);
    }
    void operator()(const Tlsa& data) {
        for (const auto value : {data.usage, data.selector, data.matching})
            u8(value);
        bytes(data.data);
    }
    void operator()(const Ds& data) {
        u16(data.key_tag);
        u8(data.algorithm);
        u8(data.digest_type);
        bytes(data.digest);
    }
    void operator()(const Dnskey& data) {
        u16(data.flags);
        u8(data.protocol);
        u8(data.algorithm);
        bytes(data.key);
    }
    void operator()(const Rrsig& data) {
        u16(static_cast<unsigned>(data.covered));
        u8(data.algorithm);
        u8(data.labels);
        for (const auto value : {data.original_ttl, data.expiration, data.inception})
            u32(value);
        u16(data.key_tag);
        name(data.signer);
        bytes(data.signature);
    }
    void operator()(const Nsec& data) {
        name(data.next);
        write_type_bitmap(data.types, out);
    }
    void operator()(const Nsec3Param& data) {
        u8(data.hash);
        u8(data.flags);
        u16(data.iterations);
        counted(data.salt);
    }
    void operator()(const Https& data) {
        u16(data.priority);
        name(data.target);
        for (const auto& [key, value] : data.parameters) {
            u16(key);
            u16(static_cast<unsigned>(value.size()));
            bytes(value);
        }
    }
    void operator()(const Opaque& data) { bytes(data.data); }
};

}  // namespace

std::expected<Rdata, base::Fault> decode_rdata(Type type, std::span<const std::uint8_t> message,
                                               std::size_t offset, std::size_t length) {
    const auto wrong = [&](std::size_t at) {
        return std::unexpected(
            base::Fault{"bad-rdata", "RFC 1035 section 3.3", at,
                        fmt::format("The data of a {} record cannot be read", print(type))});
    };
    if (offset > message.size() || length > message.size() - offset) return wrong(offset);
    WireReader reader(message, offset, offset + length);
    auto out = read(type, reader);
    if (!out || !reader.good() || !reader.at_end()) return wrong(reader.position());
    return *std::move(out);
}

std::vector<std::uint8_t> encode_rdata(const Rdata& rdata) {
    Octets out;
    Writer writer{out};
    std::visit(writer, rdata);
    return out;
}

}  // namespace assay::codec::dns
