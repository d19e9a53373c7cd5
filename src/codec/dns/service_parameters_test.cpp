#include "codec/dns/service_parameters.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

namespace assay::codec::dns {

namespace {

std::string hex(std::string_view value) {
    return base::hex_encode(std::vector<std::uint8_t>(value.begin(), value.end()));
}

std::string octets(std::string_view digits) {
    const auto bytes = base::hex_decode(digits).value();
    return {bytes.begin(), bytes.end()};
}

struct Row {
    std::string_view word;
    unsigned key;
    std::string_view value;    // hexadecimal
    std::string_view printed;  // empty: as `word`
};

constexpr Row rows[] = {
    {"mandatory=alpn", 0, "0001", ""},
    {"mandatory=ipv4hint,alpn", 0, "00010004", "mandatory=alpn,ipv4hint"},
    {"mandatory=key65280,port", 0, "0003ff00", "mandatory=port,key65280"},
    {"alpn=h2", 1, "026832", "alpn=\"h2\""},
    {"alpn=\"h2,http/1.1\"", 1, "026832 08687474702f312e31", ""},
    // RFC 9460 appendix D.2: escapes of the list inside escapes of the string.
    {"alpn=\"f\\\\\\\\oo\\\\,bar,h2\"", 1, "08665c6f6f2c626172 026832", ""},
    {"alpn=f\\\\\\092oo\\092,bar,h2", 1, "08665c6f6f2c626172 026832",
     "alpn=\"f\\\\\\\\oo\\\\,bar,h2\""},
    {"no-default-alpn", 2, "", ""},
    {"no-default-alpn=", 2, "", "no-default-alpn"},
    {"no-default-alpn=\"\"", 2, "", "no-default-alpn"},
    {"port=0", 3, "0000", ""},
    {"port=443", 3, "01bb", ""},
    {"port=\"65535\"", 3, "ffff", "port=65535"},
    {"ipv4hint=192.0.2.1", 4, "c0000201", ""},
    {"ipv4hint=192.0.2.2,192.0.2.1", 4, "c0000202 c0000201", ""},
    {"ech=AAEC", 5, "000102", ""},
    {"ech=\"AA==\"", 5, "00", "ech=AA=="},
    {"ipv6hint=2001:db8::1", 6, "20010db8000000000000000000000001", ""},
    {"ipv6hint=\"2001:DB8:0::,::1\"", 6,
     "20010db8000000000000000000000000 00000000000000000000000000000001",
     "ipv6hint=2001:db8::,::1"},
    {"dohpath=\"/dns-query{?dns}\"", 7, "2f646e732d71756572797b3f646e737d", ""},
    {"dohpath", 7, "", "dohpath=\"\""},
    {"key65280", 65280, "", "key65280=\"\""},
    {"key65280=a=b", 65280, "613d62", "key65280=\"a=b\""},
    {"key65280=\"\\000\\255\\\"\\\\\"", 65280, "00ff225c", ""},
    // A known key in its generic form takes octets.
    {"key3=\\000\\053", 3, "0035", "port=53"},
    {"key1=\\002h2", 1, "026832", "alpn=\"h2\""},
    {"key2", 2, "", "no-default-alpn"},
    {"key0=\"\"", 0, "", ""},
    // And is printed so when the value does not fit.
    {"key3=\"5\"", 3, "35", ""},
    {"key1=\"\\003h2\"", 1, "036832", ""},
    {"key1=\"\"", 1, "", ""},
    {"key2=\"x\"", 2, "78", ""},
    {"key4=\"\\192\\000\\002\"", 4, "c00002", ""},
    {"key5=\"\"", 5, "", ""},
    {"key6=\"x\"", 6, "78", ""},
    {"key0=\"\\000\\004\\000\\001\"", 0, "00040001", ""},
    {"key0=\"\\000\\000\"", 0, "0000", ""},
};

struct BadRow {
    std::string_view word;
    std::string_view rule;
    std::string_view detail;
};

constexpr BadRow bad_rows[] = {
    {"", "unknown-parameter", "''"},
    {"=h2", "unknown-parameter", "''"},
    {"color=red", "unknown-parameter", "'color'"},
    {"ALPN=h2", "unknown-parameter", "'ALPN'"},
    {"key", "unknown-parameter", "'key'"},
    {"key01=x", "unknown-parameter", "'key01'"},
    {"key65536=x", "unknown-parameter", ""},
    {"key-1=x", "unknown-parameter", ""},
    {"mandatory", "bad-parameter", "mandatory"},
    {"mandatory=", "bad-parameter", "mandatory"},
    {"mandatory=mandatory", "bad-parameter", "mandatory"},
    {"mandatory=alpn,color", "bad-parameter", "mandatory"},
    {"mandatory=alpn,port,alpn", "bad-parameter", "twice"},
    {"mandatory=alpn,", "bad-parameter", "mandatory"},
    {"alpn", "bad-parameter", "alpn"},
    {"alpn=", "bad-parameter", "alpn"},
    {"alpn=h2,,h3", "bad-parameter", "alpn"},
    {"alpn=h2,", "bad-parameter", "alpn"},
    {"alpn=\"h2\\\\\"", "bad-parameter", "backslash"},
    {"no-default-alpn=x", "bad-parameter", "no value"},
    {"port", "bad-parameter", "65535"},
    {"port=65536", "bad-parameter", "65535"},
    {"port=https", "bad-parameter", "65535"},
    {"port=-1", "bad-parameter", "65535"},
    {"ipv4hint", "bad-parameter", "family"},
    {"ipv4hint=2001:db8::1", "bad-parameter", "family"},
    {"ipv4hint=192.0.2.1,", "bad-parameter", "family"},
    {"ipv6hint=192.0.2.1", "bad-parameter", "family"},
    {"ech=", "bad-parameter", "base64"},
    {"ech=A", "bad-parameter", "base64"},
    {"dohpath=\"/dns", "bad-parameter", "cannot be read"},
    {"dohpath=a b", "bad-parameter", "cannot be read"},
    {"dohpath=\\256", "bad-parameter", "cannot be read"},
};

std::string without_blanks(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c != ' ') out += c;
    }
    return out;
}

}  // namespace

TEST_CASE("a service parameter is read as octets and printed again") {
    for (const auto& row : rows) {
        CAPTURE(row.word);
        const auto parameter = parse_service_parameter(row.word);
        REQUIRE(parameter);
        CHECK(parameter->first == row.key);
        CHECK(hex(parameter->second) == without_blanks(row.value));
        const auto printed = print_service_parameter(parameter->first, parameter->second);
        CHECK(printed == (row.printed.empty() ? row.word : row.printed));
        CHECK(parse_service_parameter(printed) == *parameter);
    }
}

TEST_CASE("a service parameter that cannot be read has a fault") {
    for (const auto& row : bad_rows) {
        CAPTURE(row.word);
        const auto parameter = parse_service_parameter(row.word);
        REQUIRE(!parameter);
        CHECK(parameter.error().rule == row.rule);
        CHECK(parameter.error().detail.contains(row.detail));
        CHECK(parameter.error().cite.starts_with("RFC 9460 section "));
    }
}

TEST_CASE("an ALPN name has at most 255 octets and a value at most 65,535") {
    const std::string longest(255, 'a');
    CHECK(parse_service_parameter("alpn=" + longest));
    CHECK(!parse_service_parameter("alpn=" + longest + 'a'));
    CHECK(parse_service_parameter("key9=" + std::string(65535, 'a')));
    CHECK(!parse_service_parameter("key9=" + std::string(65536, 'a')));
}

TEST_CASE("each key has a name") {
    CHECK(service_parameter_name(0) == "mandatory");
    CHECK(service_parameter_name(7) == "dohpath");
    CHECK(service_parameter_name(8) == "key8");
    CHECK(service_parameter_name(65535) == "key65535");
    CHECK(print_service_parameter(3, octets("0035")) == "port=53");
}

}  // namespace assay::codec::dns
