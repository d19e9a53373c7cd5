#include "codec/dns/wire.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "codec/dns/record.hpp"

namespace assay::codec::dns {

namespace {

using Octets = std::vector<std::uint8_t>;

Octets octets(std::string_view hex) {
    std::string digits;
    for (const char c : hex) {
        if (c != ' ') digits += c;
    }
    return base::hex_decode(digits).value();
}

struct NameRow {
    std::string_view message;
    std::size_t begin, end;
    std::string_view name;  // empty: none
    std::size_t position;   // behind it
};

constexpr NameRow name_rows[] = {
    {"00", 0, 1, ".", 1},
    {"0161 00", 0, 3, "a", 3},
    {"0141 025a59 00", 0, 6, "a.zy", 6},
    {"0161 00 0162 c000", 3, 7, "b.a", 7},
    {"0161 00 c000", 3, 5, "a", 5},
    {"0161 00 c000 c003", 5, 7, "a", 7},
    {"0161 0162 00 0163 c002", 5, 9, "c.b", 9},
    {"00 c000", 1, 3, ".", 3},
    // The octets pointed at may stand before and behind the data itself.
    {"0161 00 0162 c000 ffff", 3, 7, "b.a", 7},
    {"0161 c004 00 00", 2, 5, "", 0},  // forward
    {"c000", 0, 2, "", 0},             // itself
    {"0161 c000", 0, 4, "", 0},        // a circle
    {"c002 c000", 2, 4, "", 0},        // a circle of two
    {"0161 c004 0162 c000", 4, 8, "", 0},
    {"00 c001", 1, 3, "", 0},
    {"00 00 c0ff", 2, 4, "", 0},  // past the end
    // Label types that are not assigned: 01 and 10.
    {"41 61 00", 0, 3, "", 0},
    {"80 00", 0, 2, "", 0},
    // Cut off.
    {"", 0, 0, "", 0},
    {"0161", 0, 2, "", 0},
    {"0261", 0, 2, "", 0},
    {"0161 00", 0, 2, "", 0},
    {"00 c0", 1, 2, "", 0},
    {"00 c000", 1, 2, "", 0},
};

struct BadRow {
    std::string_view type;
    std::string_view wire;
};

// Each one octet short or long, or against a rule of its type.
constexpr BadRow bad_rows[] = {
    {"A", ""},
    {"A", "c00002"},
    {"A", "c000020101"},
    {"AAAA", "20010db8 0000 0000 0000 0000 0000 00"},
    {"AAAA", "20010db8 0000 0000 0000 0000 0000 0001 00"},
    {"NS", ""},
    {"NS", "0161"},
    {"NS", "00 00"},
    {"CNAME", "c000"},
    {"SOA", "00 00 00000001 00000002 00000003 00000004 000005"},
    {"SOA", "00 00 00000001 00000002 00000003 00000004 00000005 00"},
    {"MX", "00"},
    {"MX", "000a"},
    {"MX", "000a 00 00"},
    {"TXT", ""},
    {"TXT", "01"},
    {"TXT", "0161 0262"},
    {"SRV", "0000 0000 00"},
    {"SRV", "0000 0000 0035"},
    {"CAA", ""},
    {"CAA", "00"},
    {"CAA", "00 00"},
    {"CAA", "00 00 61"},
    {"CAA", "00 05 69737375"},
    {"TLSA", "0301"},
    {"DS", "0001 08"},
    {"DNSKEY", "0101 03"},
    {"RRSIG", "0001 0d 02 00000000 00000000 00000000 0000"},
    {"RRSIG", "0001 0d 02 00000000 00000000 00000000 00"},
    // RFC 4034 section 4.1.2: windows ascend and have 1 to 32 octets.
    {"NSEC", ""},
    {"NSEC", "00 00"},
    {"NSEC", "00 0000"},
    {"NSEC", "00 0002 40"},
    {"NSEC", "00 0021 000000000000000000000000000000000000000000000000000000000000000001"},
    {"NSEC", "00 000140 000140"},
    {"NSEC", "00 010140 000140"},
    {"NSEC3PARAM", "01 00 00"},
    {"NSEC3PARAM", "01 00 0000"},
    {"NSEC3PARAM", "01 00 0000 02 aa"},
    {"NSEC3PARAM", "01 00 0000 00 aa"},
    // RFC 9460 section 2.2: keys ascend, each once.
    {"HTTPS", "00"},
    {"HTTPS", "0001"},
    {"HTTPS", "0001 00 00"},
    {"HTTPS", "0001 00 0003"},
    {"HTTPS", "0001 00 0003 0002 00"},
    {"HTTPS", "0001 00 0003 0002 0035 0003 0002 0035"},
    {"HTTPS", "0001 00 0003 0002 0035 0002 0000"},
};

}  // namespace

TEST_CASE("a name is read through pointers that go strictly backwards") {
    for (const auto& row : name_rows) {
        CAPTURE(row.message);
        CAPTURE(row.begin);
        const auto message = octets(row.message);
        WireReader reader(message, row.begin, row.end);
        const auto name = reader.name();
        CHECK(reader.good() == !row.name.empty());
        if (!reader.good()) {
            CHECK(name == Name());
            CHECK(reader.u8() == 0);
            CHECK(reader.at_end());
            continue;
        }
        CHECK(name.text() == row.name);
        CHECK(reader.position() == row.position);
    }
}

TEST_CASE("a name on the wire is at most 255 octets long, pointers or not") {
    Octets message;
    const auto put_label = [&](std::uint8_t size) {
        message.push_back(size);
        message.insert(message.end(), size, 'a');
    };
    for (int i = 0; i < 3; ++i)
        put_label(63);
    message.push_back(0);  // 3 * 64 + 1 = 193
    const auto with_first_label = [&](std::uint8_t size) {
        const auto at = message.size();
        put_label(size);
        message.insert(message.end(), {0xc0, 0});
        return decode_rdata(Type::NS, message, at, message.size() - at);
    };
    CHECK(std::get<Ns>(with_first_label(61).value()).host.wire().size() == name_octets_max);
    CHECK(!with_first_label(62));
    CHECK(!with_first_label(63));
}

TEST_CASE("a chain of pointers ends at the limit") {
    Octets message{0};
    for (unsigned i = 0; i < compression_pointers_max + 1; ++i) {
        const auto target = i == 0 ? 0 : message.size() - 2;
        message.push_back(static_cast<std::uint8_t>(0xc0U | target >> 8));
        message.push_back(static_cast<std::uint8_t>(target));
    }
    const auto last = message.size() - 2;
    CHECK(!decode_rdata(Type::NS, message, last, 2));
    CHECK(decode_rdata(Type::NS, message, last - 2, 2) == Rdata(Ns{}));
}

TEST_CASE("numbers and octets are read within bounds") {
    const auto message = octets("00 0102 03040506 0708 09");
    WireReader reader(message, 1, 9);
    CHECK(reader.u16() == 0x0102);
    CHECK(reader.u32() == 0x03040506);
    CHECK(reader.position() == 7);
    CHECK(!reader.at_end());
    CHECK(reader.text(1) == "\x07");
    CHECK(reader.rest() == Octets{8});
    CHECK(reader.at_end());
    CHECK(reader.good());
    CHECK(reader.rest_text().empty());
    CHECK(reader.u8() == 0);  // there is an octet, but behind the end
    CHECK(!reader.good());
    CHECK(reader.octets(0).empty());

    WireReader exact(message, 0, 3);
    CHECK(exact.exactly(3).size() == 3);
    WireReader more(message, 0, 3);
    CHECK(more.exactly(2).empty());
    CHECK(!more.good());
    WireReader huge(message, 0, 3);
    CHECK(huge.octets(static_cast<std::size_t>(-1)).empty());
    CHECK(!huge.good());
}

TEST_CASE("data that is cut off, too long or against the rules of its type is refused") {
    for (const auto& row : bad_rows) {
        CAPTURE(row.type);
        CAPTURE(row.wire);
        const auto wire = octets(row.wire);
        const auto data = decode_rdata(parse_type(row.type).value(), wire, 0, wire.size());
        REQUIRE(!data);
        CHECK(data.error().rule == "bad-rdata");
        CHECK(data.error().detail.contains(row.type));
    }
}

TEST_CASE("data outside of the message is refused") {
    const auto message = octets("c0000201");
    CHECK(decode_rdata(Type::A, message, 0, 4));
    CHECK(!decode_rdata(Type::A, message, 1, 4));
    CHECK(!decode_rdata(Type::A, message, 5, 0));
    CHECK(!decode_rdata(Type::A, message, static_cast<std::size_t>(-1), 4));
    CHECK(!decode_rdata(Type::A, message, 0, static_cast<std::size_t>(-1)));
    CHECK(decode_rdata(Type{65280}, message, 4, 0) == Rdata(Opaque{Type{65280}, {}}));
}

TEST_CASE("names inside data may be compressed, and are written in full") {
    // "example" at 0, "mx" at 9 with a pointer to it, and so on.
    const auto message = octets("076578616d706c6500 000a 026d78 c000");
    const auto mx = decode_rdata(Type::MX, message, 9, 7).value();
    CHECK(print_rdata(mx) == "10 mx.example.");
    CHECK(encode_rdata(mx) == octets("000a 026d78 076578616d706c65 00"));
    // A name that does not end where the data ends.
    CHECK(!decode_rdata(Type::MX, message, 9, 6));
    CHECK(!decode_rdata(Type::MX, message, 9, 5));
}

}  // namespace assay::codec::dns
