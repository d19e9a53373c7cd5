#include "codec/dns/record.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "codec/dns/tokens.hpp"

namespace assay::codec::dns {

namespace {

std::string where(const base::Fault& fault) {
    return fault.rule + '@' + std::to_string(fault.offset);
}

struct Row {
    std::string_view type;
    std::string_view text;
    std::string_view printed;  // empty: as `text`
    std::string_view wire;     // hexadecimal; blanks are for people
};

constexpr Row rows[] = {
    // RFC 1035 section 3.3 and 3.4.
    {"A", "192.0.2.1", "", "c0000201"},
    {"AAAA", "2001:db8::1", "", "20010db8 0000 0000 0000 0000 0000 0001"},
    {"AAAA", "2001:DB8:0:0:0:0:0:1", "2001:db8::1", "20010db8 0000 0000 0000 0000 0000 0001"},
    {"NS", "ns.example.", "", "026e73 076578616d706c65 00"},
    {"NS", ".", "", "00"},
    {"CNAME", "A.Example.", "a.example.", "0161 076578616d706c65 00"},
    {"DNAME", "a\\.b.", "", "03612e62 00"},
    {"PTR", "\\000\\255.", "", "0200ff 00"},
    {"SOA", "ns. admin\\.x. 2026010101 7200 3600 1209600 4294967295", "",
     "026e73 00 0761646d696e2e78 00 78c275f5 00001c20 00000e10 00127500 ffffffff"},
    {"SOA", "ns. a. ( 1 ; serial\n 2 ; refresh\n 3 4 5 )", "ns. a. 1 2 3 4 5",
     "026e73 00 0161 00 00000001 00000002 00000003 00000004 00000005"},
    {"MX", "10 mx.example.", "", "000a 026d78 076578616d706c65 00"},
    {"MX", "0 .", "", "0000 00"},
    {"MX", "65535\tmx.", "65535 mx.", "ffff 026d78 00"},
    {"SRV", "0 5 5061 sip.", "", "0000 0005 13c5 03736970 00"},
    // Character-strings: RFC 1035 section 5.1.
    {"TXT", "\"v=spf1 -all\"", "", "0b 763d73706631202d616c6c"},
    {"TXT", "\"\"", "", "00"},
    {"TXT", "a b", "\"a\" \"b\"", "0161 0162"},
    {"TXT", "\"a\"\"b\"", "\"a\" \"b\"", "0161 0162"},
    {"TXT", "a\"b c\"d", "\"ab cd\"", "056162206364"},
    {"TXT", "\"a;b\" ; a comment", "\"a;b\"", "03613b62"},
    {"TXT", "a\\;b\\ c", "\"a;b c\"", "05613b622063"},
    {"TXT", "\"\\\"\\\\\\000\\255\"", "", "04225c00ff"},
    {"TXT", "\"\\065\\b\"", "\"Ab\"", "024162"},
    {"TXT", "\"(\" \"\\\\#\" \"@\"", "", "0128 025c23 0140"},
    // RFC 8659 section 4.1.1.
    {"CAA", "0 issue \"ca.example.com\"", "", "00 056973737565 63612e6578616d706c652e636f6d"},
    {"CAA", "128 Tag \";\"", "", "80 03546167 3b"},
    {"CAA", "0 issue ca.example", "0 issue \"ca.example\"", "00 056973737565 63612e6578616d706c65"},
    {"CAA", "0 issue \"\"", "", "00 056973737565"},
    {"CAA", "255 a\\032b \"\\\"x\\007\"", "", "ff 03612062 227807"},
    // RFC 6698 section 2.2: the digits may be cut up.
    {"TLSA", "3 1 1 00FF ( aa\n55 )", "3 1 1 00ffaa55", "030101 00ffaa55"},
    {"TLSA", "255 255 255 00", "", "ffffff 00"},
    // RFC 4034.
    {"DS", "60485 5 1 2bb183af5f22588179a53b0a98631fad1a292118", "",
     "ec45 05 01 2bb183af5f22588179a53b0a98631fad1a292118"},
    {"DS", "0 0 0 00", "", "0000 00 00 00"},
    {"DNSKEY", "257 3 13 AQID BA==", "257 3 13 AQIDBA==", "0101 03 0d 01020304"},
    {"RRSIG", "A 5 3 86400 1048354263 1045762263 2642 example. AAEC", "",
     "0001 05 03 00015180 3e7c9dd7 3e5510d7 0a52 076578616d706c65 00 000102"},
    {"RRSIG", "TYPE64 13 2 0 20030322173103 20030220173103 0 . AA==",
     "TYPE64 13 2 0 1048354263 1045762263 0 . AA==",
     "0040 0d 02 00000000 3e7c9dd7 3e5510d7 0000 00 00"},
    {"NSEC", "host.example. A MX RRSIG NSEC TYPE1234", "",
     "04686f7374 076578616d706c65 00 0006400100000003 041b"
     "000000000000000000000000000000000000000000000000000020"},
    {"NSEC", "a. TYPE0 CAA A A TYPE65535", "a. TYPE0 A CAA TYPE65535",
     "0161 00 0001c0 010140 ff20"
     "0000000000000000000000000000000000000000000000000000000000000001"},
    {"NSEC", "a.", "", "0161 00"},
    // RFC 5155 section 4.3: "-" is no salt.
    {"NSEC3PARAM", "1 0 12 aabbccdd", "", "01 00 000c 04 aabbccdd"},
    {"NSEC3PARAM", "1 0 0 -", "", "01 00 0000 00"},
    // RFC 9460 appendix D.
    {"HTTPS", "0 foo.example.com.", "", "0000 03666f6f 076578616d706c65 03636f6d 00"},
    {"HTTPS", "1 .", "", "0001 00"},
    {"HTTPS", "16 foo.example.com. port=53", "",
     "0010 03666f6f 076578616d706c65 03636f6d 00 0003 0002 0035"},
    {"HTTPS", "1 . ipv4hint=192.0.2.1 alpn=h2,h3 no-default-alpn",
     "1 . alpn=\"h2,h3\" no-default-alpn ipv4hint=192.0.2.1",
     "0001 00 0001 0006 026832026833 0002 0000 0004 0004 c0000201"},
    {"HTTPS", "1 foo. key667=\"hello\\210qoo\"", "",
     "0001 03666f6f 00 029b 0009 68656c6c6fd2716f6f"},
    // RFC 3597 section 5: any type, known or not; read with or without blanks in the digits.
    {"TYPE65280", "\\# 0", "", ""},
    {"TYPE65280", "\\# 4 0A 00 00 01", "\\# 4 0a000001", "0a000001"},
    {"TYPE65280", "\\# ( 2 ; two\n 00 ff )", "\\# 2 00ff", "00ff"},
    {"NSEC3", "\\# 6 010000000000", "", "010000000000"},
    {"OPT", "\\# 0", "", ""},
    {"A", "\\# 4 c0000201", "192.0.2.1", "c0000201"},
    {"TYPE1", "\\# 4 c0000201", "192.0.2.1", "c0000201"},
    {"MX", "\\# 6 000a 02 6D58 00", "10 mx.", "000a026d7800"},
    {"TXT", "\\# 2 0141", "\"A\"", "0141"},
};

struct BadRow {
    std::string_view type;
    std::string_view text;
    std::string_view fault;  // "rule@offset", or the rule alone
};

constexpr BadRow bad_rows[] = {
    // Fields.
    {"A", "", "missing-field@0"},
    {"A", "192.0.2", "bad-ipv4@0"},
    {"A", " 192.0.2.256", "bad-ipv4@1"},
    {"A", "2001:db8::1", "bad-ipv4@0"},
    {"A", "192.0.2.1 192.0.2.2", "extra-field@10"},
    {"AAAA", "192.0.2.1", "bad-ipv6@0"},
    {"MX", "10", "missing-field@2"},
    {"MX", "mx.example. 10", "bad-number@0"},
    {"MX", "65536 mx.", "bad-number@0"},
    {"MX", "-1 mx.", "bad-number@0"},
    {"MX", "10 mx. x", "extra-field@7"},
    {"MX", "10 mx..example.", "empty-label@3"},
    {"NS", "", "missing-field@0"},
    {"NS", "\"\"", "empty-name@0"},
    {"NS", "a.\\256.", "bad-escape@2"},
    {"SOA", "ns. a. 1 2 3 4", "missing-field@14"},
    {"SOA", "ns. a. 1 2 3 4 4294967296", "bad-number@15"},
    {"SOA", "ns. a. 1 2h 3 4 5", "bad-number@9"},
    {"SRV", "0 0 65536 a.", "bad-number@4"},
    {"TXT", "", "missing-field@0"},
    {"TXT", "; v=spf1", "missing-field@0"},
    {"CAA", "256 issue \"\"", "bad-number@0"},
    {"CAA", "0 issue", "missing-field@7"},
    {"CAA", "0 \"\" \"a\"", "bad-tag@2"},
    {"CAA", "0 issue a b", "extra-field@10"},
    {"TLSA", "3 1 256 00", "bad-number@4"},
    {"TLSA", "3 1 1 0", "bad-data"},
    {"TLSA", "3 1 1 0g", "bad-data"},
    {"DS", "65536 8 2 00", "bad-number@0"},
    {"DS", "1 8 2 000", "bad-data"},
    {"DNSKEY", "256 3 8 A", "bad-data"},
    {"DNSKEY", "256 3 8 AQID BA=", "bad-data"},
    {"RRSIG", "NOTYPE 13 2 0 1 1 0 . AA==", "unknown-type@0"},
    {"RRSIG", "A 13 2 0 20031322173103 1 0 . AA==", "bad-time@9"},
    {"RRSIG", "A 13 2 0 20030230173103 1 0 . AA==", "bad-time@9"},
    {"RRSIG", "A 13 2 0 4294967296 1 0 . AA==", "bad-number@9"},
    {"NSEC", "a. A NOTYPE", "unknown-type@5"},
    {"NSEC", "a. TYPE65536", "unknown-type@3"},
    {"NSEC3PARAM", "1 0 65536 -", "bad-number@4"},
    {"NSEC3PARAM", "1 0 0 xx", "bad-data"},
    {"HTTPS", "1", "missing-field@1"},
    {"HTTPS", "1 . alpn=h2 alpn=h3", "duplicate-parameter"},
    {"HTTPS", "1 . port=65536", "bad-parameter@4"},
    {"HTTPS", "1 . alpn=h2 color=red", "unknown-parameter@12"},
    // Words.
    {"TXT", "\"a", "open-quote@0"},
    {"TXT", "a \"b\\\"", "open-quote@2"},
    {"TXT", "\\", "bad-escape@0"},
    {"TXT", "a\\25", "bad-escape@1"},
    {"TXT", "\"\\256\"", "bad-escape@1"},
    {"TXT", "( a", "open-parenthesis@0"},
    {"TXT", "a )", "open-parenthesis@2"},
    // RFC 3597.
    {"TYPE65280", "0a000001", "unknown-type"},
    {"NSEC3", "1 0 0 - AAAA A", "unknown-type"},
    {"TYPE65280", "\\#", "missing-field@2"},
    {"TYPE65280", "\\# 1", "bad-length"},
    {"TYPE65280", "\\# 2 00", "bad-length"},
    {"TYPE65280", "\\# 1 0000", "bad-length"},
    {"TYPE65280", "\\# 65536 00", "bad-number@3"},
    {"TYPE65280", "\\# 1 0", "bad-data"},
    {"A", "\\# 3 c00002", "bad-rdata"},
    {"A", "\\# 5 c000020101", "bad-rdata"},
    {"MX", "\\# 2 000a", "bad-rdata"},
};

std::vector<std::uint8_t> octets(std::string_view hex) {
    std::string digits;
    for (const char c : hex) {
        if (c != ' ') digits += c;
    }
    return base::hex_decode(digits).value();
}

}  // namespace

TEST_CASE("the data of a record as text and as octets are the same value") {
    for (const auto& row : rows) {
        CAPTURE(row.type);
        CAPTURE(row.text);
        const auto type = parse_type(row.type).value();
        const auto data = parse_rdata(type, row.text);
        REQUIRE(data);
        CHECK(type_of(*data) == type);
        const auto printed = print_rdata(*data);
        CHECK(printed == (row.printed.empty() ? row.text : row.printed));
        CHECK(parse_rdata(type, printed) == *data);
        const auto wire = octets(row.wire);
        CHECK(base::hex_encode(encode_rdata(*data)) == base::hex_encode(wire));
        CHECK(decode_rdata(type, wire, 0, wire.size()) == *data);
    }
}

TEST_CASE("data that cannot be read has a fault that says what and where") {
    for (const auto& row : bad_rows) {
        CAPTURE(row.type);
        CAPTURE(row.text);
        const auto data = parse_rdata(parse_type(row.type).value(), row.text);
        REQUIRE(!data);
        const bool exact = row.fault.contains('@');
        CHECK((exact ? where(data.error()) : data.error().rule) == row.fault);
        CHECK(data.error().offset <= row.text.size());
        CHECK(!data.error().detail.empty());
    }
}

TEST_CASE("names without a final dot are completed with the origin") {
    const auto origin = parse_name("example.com").value();
    const auto text = [&](Type type, std::string_view data) {
        return print_rdata(parse_rdata(type, data, origin).value());
    };
    CHECK(text(Type::MX, "10 mx") == "10 mx.example.com.");
    CHECK(text(Type::MX, "10 mx.") == "10 mx.");
    CHECK(text(Type::CNAME, "@") == "example.com.");
    CHECK(text(Type::SOA, "ns @ 1 2 3 4 5") == "ns.example.com. example.com. 1 2 3 4 5");
    CHECK(text(Type::NSEC, "b A") == "b.example.com. A");
    CHECK(text(Type::HTTPS, "1 .") == "1 .");
    CHECK(text(Type::TXT, "@") == "\"@\"");
}

TEST_CASE("a character-string has at most 255 octets") {
    const std::string longest(255, 'a');
    const auto text = parse_rdata(Type::TXT, quote(longest) + ' ' + quote(longest));
    REQUIRE(text);
    CHECK(encode_rdata(*text).size() == 512);
    CHECK(std::get<Txt>(*text).joined() == longest + longest);
    const auto fault = parse_rdata(Type::TXT, "a " + quote(longest + 'a')).error();
    CHECK(where(fault) == "string-too-long@2");
    CHECK(fault.detail.contains("256 octets"));
    std::string escaped;
    for (int i = 0; i < 255; ++i)
        escaped += "\\255";
    CHECK(parse_rdata(Type::TXT, escaped) == Rdata(Txt{{std::string(255, '\xff')}}));

    CHECK(parse_rdata(Type::CAA, "0 " + longest + " x"));
    CHECK(parse_rdata(Type::CAA, "0 a" + longest + " x").error().rule == "bad-tag");
    const auto salt = [](std::size_t size) { return "1 0 0 " + std::string(size * 2, 'a'); };
    CHECK(parse_rdata(Type::NSEC3PARAM, salt(255)));
    CHECK(parse_rdata(Type::NSEC3PARAM, salt(256)).error().rule == "bad-salt");
}

TEST_CASE("data has at most 65,535 octets") {
    const auto tlsa = [](std::size_t size) { return "3 0 0 " + std::string(size * 2, '0'); };
    CHECK(encode_rdata(parse_rdata(Type::TLSA, tlsa(65532)).value()).size() == 65535);
    CHECK(where(parse_rdata(Type::TLSA, tlsa(65533)).error()) == "rdata-too-long@0");
    CHECK(parse_rdata(Type::CAA, "0 issue " + std::string(65528, 'a')));
    CHECK(!parse_rdata(Type::CAA, "0 issue " + std::string(65529, 'a')));
    std::string words;
    for (std::size_t i = 0; i < 65535; ++i)
        words += "\"\" ";
    CHECK(parse_rdata(Type::TXT, words));
    CHECK(parse_rdata(Type::TXT, words + "\"\"").error().rule == "rdata-too-long");
    for (std::size_t i = 65535; i < tokens_max; ++i)
        words += "a ";
    CHECK(parse_rdata(Type::TXT, words + "a").error().rule == "too-many-tokens");
}

TEST_CASE("record types have names and numbers") {
    CHECK(print(Type::NSEC3PARAM) == "NSEC3PARAM");
    CHECK(print(Type{65280}) == "TYPE65280");
    CHECK(parse_type("mx") == Type::MX);
    CHECK(parse_type("Type15") == Type::MX);
    CHECK(parse_type("TYPE0") == Type{0});
    CHECK(parse_type("TYPE65535") == Type{65535});
    for (const std::string_view text : {"", "TYPE", "TYPE65536", "TYPE-1", "TYPE1x", "15", "MX "}) {
        CAPTURE(text);
        CHECK(where(parse_type(text).error()) == "unknown-type@0");
    }
}

TEST_CASE("a line of a master file is read, whatever stands or does not stand in it") {
    const auto origin = parse_name("example.com").value();
    const auto printed = [&](std::string_view line) {
        const auto record = parse_record(line, origin);
        return record ? print_record(*record) : where(record.error());
    };
    constexpr std::string_view mx = "example.com. 300 IN MX 10 mx.example.com.";
    CHECK(printed("example.com. 300 IN MX 10 mx.example.com.") == mx);
    CHECK(printed("example.com. IN 300 MX 10 mx.example.com.") == mx);
    CHECK(printed("EXAMPLE.com.\t300\tin\tmx\t10\tmx") == mx);
    CHECK(printed("@ 300 MX 10 mx ; mail") == mx);
    CHECK(printed("@ MX 10 mx") == "example.com. 0 IN MX 10 mx.example.com.");
    CHECK(printed("www A 192.0.2.1") == "www.example.com. 0 IN A 192.0.2.1");
    CHECK(printed(". NS a.") == ". 0 IN NS a.");
    CHECK(printed("a TYPE65280 \\# 1 ff") == "a.example.com. 0 IN TYPE65280 \\# 1 ff");
    CHECK(printed("a TYPE1 \\# 4 c0000201") == "a.example.com. 0 IN A 192.0.2.1");
    CHECK(printed("a\\.b 2147483647 A 192.0.2.1") ==
          "a\\.b.example.com. 2147483647 IN A 192.0.2.1");
    CHECK(printed("@ SOA ns a ( 1 2\n 3 4 5 )") ==
          "example.com. 0 IN SOA ns.example.com. a.example.com. 1 2 3 4 5");
    CHECK(printed("a TXT \"IN A\" 300") == "a.example.com. 0 IN TXT \"IN A\" \"300\"");

    CHECK(printed("") == "bad-record@0");
    CHECK(printed("; nothing") == "bad-record@0");
    CHECK(printed("a") == "bad-record@1");
    CHECK(printed("a 300 IN") == "bad-record@8");
    CHECK(printed("a..b A 192.0.2.1") == "empty-label@2");
    CHECK(printed("a A 192.0.2.256") == "bad-ipv4@4");
    CHECK(printed("a 300 MX 10") == "missing-field@11");
    CHECK(printed("a TXT \"b") == "open-quote@6");
    CHECK(parse_record("a CH A 192.0.2.1").error().rule == "unknown-type");
    CHECK(parse_record("a 2147483648 A 192.0.2.1").error().rule == "unknown-type");
}

TEST_CASE("the key tag of a DNSKEY is that of RFC 4034 appendix B") {
    // The example of RFC 4034 section 5.4.
    const auto key = parse_rdata(
        Type::DNSKEY,
        "256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99W"
        "YwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc"
        "2w/rljwvFw==");
    CHECK(std::get<Dnskey>(key.value()).key_tag() == 60485);
    CHECK(std::get<Dnskey>(*key).rsa_bits() == 1024);
    CHECK(std::get<Dnskey>(*key).is_zone_key());
    CHECK(!std::get<Dnskey>(*key).is_secure_entry_point());
    CHECK(Dnskey{257, 3, 13, {}}.is_secure_entry_point());
    CHECK(Dnskey{257, 3, 13, {}}.key_tag() == 257 + 768 + 13);
    CHECK(Dnskey{0xffff, 0xff, 0xff, {0xff, 0xff}}.key_tag() == 0xffff);
    // Appendix B.1: algorithm 1 takes two octets from the modulus.
    CHECK(Dnskey{256, 3, 1, {0, 0, 0xab, 0xcd, 0xef}}.key_tag() == 0xabcd);
    CHECK(Dnskey{256, 3, 1, {0xab, 0xcd}}.key_tag() == 0);
}

TEST_CASE("the size of an RSA key is that of its modulus") {
    const auto bits = [](unsigned algorithm, std::vector<std::uint8_t> key) {
        return Dnskey{256, 3, static_cast<std::uint8_t>(algorithm), std::move(key)}.rsa_bits();
    };
    CHECK(bits(8, {1, 3, 0x80, 0}) == 16);
    CHECK(bits(10, {1, 3, 0x01, 0}) == 9);
    CHECK(bits(7, {1, 3, 0, 0x01, 0}) == 9);
    CHECK(bits(5, {0, 0, 1, 3, 0xff}) == 8);
    CHECK(bits(1, {3, 1, 0, 1, 0x80}) == 8);
    CHECK(bits(13, {1, 3, 0x80, 0}) == 0);
    CHECK(bits(8, {}) == 0);
    CHECK(bits(8, {0}) == 0);
    CHECK(bits(8, {0, 0, 0, 0x80}) == 0);
    CHECK(bits(8, {0, 0xff, 0xff, 3}) == 0);
    CHECK(bits(8, {1, 3}) == 0);
    CHECK(bits(8, {1, 3, 0, 0}) == 0);
}

}  // namespace assay::codec::dns
