#include "codec/dns/message.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "codec/dns/wire.hpp"

namespace assay::codec::dns {

namespace {

constexpr std::uint16_t class_in = 1;
constexpr std::uint32_t ttl_max = 0x7fffffff;
constexpr std::uint16_t option_extended_error = 15;  // RFC 8914 section 4

void put16(std::vector<std::uint8_t>& out, unsigned value) {
    out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value));
}

unsigned flags_of(const Header& header) {
    unsigned flags = static_cast<unsigned>(header.rcode) & 0xfU;
    flags |= (header.opcode & 0xfU) << 11;
    if (header.response) flags |= 0x8000U;
    if (header.authoritative) flags |= 0x0400U;
    if (header.truncated) flags |= 0x0200U;
    if (header.recursion_desired) flags |= 0x0100U;
    if (header.recursion_available) flags |= 0x0080U;
    if (header.authentic) flags |= 0x0020U;
    if (header.checking_disabled) flags |= 0x0010U;
    return flags;
}

Header header_of(std::uint16_t id, unsigned flags) {
    Header out;
    out.id = id;
    out.response = (flags & 0x8000U) != 0;
    out.opcode = static_cast<std::uint8_t>(flags >> 11 & 0xfU);
    out.authoritative = (flags & 0x0400U) != 0;
    out.truncated = (flags & 0x0200U) != 0;
    out.recursion_desired = (flags & 0x0100U) != 0;
    out.recursion_available = (flags & 0x0080U) != 0;
    out.authentic = (flags & 0x0020U) != 0;
    out.checking_disabled = (flags & 0x0010U) != 0;
    out.rcode = static_cast<Rcode>(flags & 0xfU);
    return out;
}

std::unexpected<base::Fault> fault(std::string_view rule, std::size_t at, std::string detail) {
    return std::unexpected(
        base::Fault{std::string(rule), "RFC 1035 section 4.1", at, std::move(detail)});
}

// RFC 8914 section 2: code and text of each EXTENDED-DNS-ERROR option.
void read_options(std::span<const std::uint8_t> options, Message& message) {
    WireReader reader(options, 0, options.size());
    while (!reader.at_end()) {
        const auto code = reader.u16(), length = reader.u16();
        const auto value = reader.octets(length);
        if (!reader.good() || code != option_extended_error || value.size() < 2) continue;
        const unsigned error = static_cast<unsigned>(value[0] << 8 | value[1]);
        const std::string text(value.begin() + 2, value.end());
        message.extended_errors.push_back(fmt::format("extended error {}{}{}", error,
                                                      text.empty() ? "" : ": ",
                                                      base::quote_for_display(text)));
    }
}

std::expected<void, base::Fault> read_section(std::span<const std::uint8_t> bytes,
                                              WireReader& reader, unsigned count,
                                              std::vector<Record>& section, Message& message,
                                              std::size_t& records) {
    for (unsigned i = 0; i < count; ++i) {
        if (++records > message_records_max) {
            return fault(
                "too-many-records", reader.position(),
                fmt::format("The message holds more than {} records", message_records_max));
        }
        const auto name = reader.name();
        const auto type = static_cast<Type>(reader.u16());
        const auto record_class = reader.u16();
        auto ttl = reader.u32();
        const auto length = reader.u16();
        const auto at = reader.position();
        const auto octets = reader.octets(length);
        if (!reader.good())
            return fault("truncated-record", at, "A record runs past the end of the message");
        if (type == Type::OPT) {
            // RFC 6891 section 6.1.3: the upper eight bits of the RCODE stand in the TTL.
            message.header.rcode = static_cast<Rcode>(
                (ttl >> 24 << 4) | (static_cast<unsigned>(message.header.rcode) & 0xfU));
            read_options(octets, message);
            continue;
        }
        if (record_class != class_in) continue;
        if (ttl > ttl_max) ttl = 0;  // RFC 2181 section 8
        auto data = decode_rdata(type, bytes, at, length);
        if (!data) data = Opaque{type, {octets.begin(), octets.end()}};
        section.push_back({name, ttl, *std::move(data)});
    }
    return {};
}

}  // namespace

std::string print(Rcode rcode) {
    switch (rcode) {
        case Rcode::no_error: return "NOERROR";
        case Rcode::format_error: return "FORMERR";
        case Rcode::server_failure: return "SERVFAIL";
        case Rcode::name_error: return "NXDOMAIN";
        case Rcode::not_implemented: return "NOTIMP";
        case Rcode::refused: return "REFUSED";
    }
    return fmt::format("RCODE{}", static_cast<unsigned>(rcode));
}

std::vector<std::uint8_t> encode_query(const Header& header, const Name& name, Type type,
                                       Edns edns) {
    std::vector<std::uint8_t> out;
    put16(out, header.id);
    put16(out, flags_of(header));
    for (const unsigned count : {1U, 0U, 0U, edns == Edns::none ? 0U : 1U})
        put16(out, count);
    out.insert(out.end(), name.wire().begin(), name.wire().end());
    put16(out, static_cast<unsigned>(type));
    put16(out, class_in);
    if (edns == Edns::none) return out;
    out.push_back(0);  // RFC 6891 section 6.1.2: OPT at the root
    put16(out, static_cast<unsigned>(Type::OPT));
    put16(out, edns_payload_octets);
    put16(out, static_cast<unsigned>(header.rcode) >> 4 << 8);  // the upper bits, and version 0
    put16(out, edns == Edns::dnssec_ok ? 0x8000U : 0U);
    put16(out, 0);
    return out;
}

std::expected<Message, base::Fault> decode_message(std::span<const std::uint8_t> bytes) {
    WireReader reader(bytes, 0, bytes.size());
    Message out;
    const auto id = reader.u16(), flags = reader.u16();
    const auto questions = reader.u16(), answers = reader.u16(), authorities = reader.u16(),
               additionals = reader.u16();
    out.header = header_of(id, flags);
    if (!reader.good()) return fault("short-header", 0, "The message is shorter than a header");
    // RFC 6891 section 7: a server that cannot read our OPT record may send its header alone.
    const bool failed =
        out.header.rcode != Rcode::no_error && out.header.rcode != Rcode::name_error;
    if (questions == 0 && out.header.response && failed) {
        out.has_question = false;
        return out;
    }
    if (questions != 1)
        return fault("question-count", 4, fmt::format("The message has {} questions", questions));
    out.question = reader.name();
    out.question_type = static_cast<Type>(reader.u16());
    const auto question_class = reader.u16();
    if (!reader.good() || question_class != class_in)
        return fault("bad-question", 12, "The question cannot be read");
    // RFC 2181 section 9: what came is to be ignored and asked again over TCP; the last record may
    // be cut short.
    if (out.header.truncated) return out;
    std::size_t records = 0;
    for (const auto& [count, section] :
         {std::pair<unsigned, std::vector<Record>*>{answers, &out.answer},
          {authorities, &out.authority},
          {additionals, &out.additional}}) {
        if (auto done = read_section(bytes, reader, count, *section, out, records); !done) {
            return std::unexpected(done.error());
        }
    }
    return out;
}

}  // namespace assay::codec::dns
