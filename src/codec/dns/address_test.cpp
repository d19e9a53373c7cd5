#include <doctest/doctest.h>

#include "codec/dns/record.hpp"

namespace assay::codec::dns {

namespace {

struct Row {
    std::string_view text;
    std::string_view printed;  // empty: no address
};

constexpr Row ipv4_rows[] = {
    {"192.0.2.1", "192.0.2.1"},
    {"0.0.0.0", "0.0.0.0"},
    {"255.255.255.255", "255.255.255.255"},
    {"", ""},
    {"192.0.2", ""},
    {"192.0.2.1.", ""},
    {"192.0.2.1.1", ""},
    {"192.0.2.256", ""},
    {"192.0.2.01", ""},
    {"192.0.2.00", ""},
    {"192.0..1", ""},
    {"192.0.2.-1", ""},
    {"192.0.2.+1", ""},
    {"192.0.2.1 ", ""},
    {"192.0.2.0x1", ""},
    {"3221225985", ""},
    {"192.0.2.99999999999999999999", ""},
    {"2001:db8::1", ""},
};

constexpr Row ipv6_rows[] = {
    {"2001:db8:1:2:3:4:5:6", "2001:db8:1:2:3:4:5:6"},
    {"2001:0DB8:0000:0000:0000:0000:0000:0001", "2001:db8::1"},
    {"::", "::"},
    {"::1", "::1"},
    {"1::", "1::"},
    {"0:0:0:0:0:0:0:0", "::"},
    {"2001:db8::", "2001:db8::"},
    // RFC 5952 section 4.2: the longest run, the first of equals, never one group alone.
    {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
    {"2001:0:0:1:0:0:0:1", "2001:0:0:1::1"},
    {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
    {"2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
    {"::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"},
    {"1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"},
    {"1:0:0:4:5:6:0:0", "1::4:5:6:0:0"},
    {"1:2:3:4:5:6:0:0", "1:2:3:4:5:6::"},
    {"0:0:3:4:5:6:7:8", "::3:4:5:6:7:8"},
    // RFC 4291 section 2.2: the last 32 bits as an IPv4 address.
    {"2001:db8::192.0.2.1", "2001:db8::c000:201"},
    {"2001:db8:3:4:5:6:192.0.2.1", "2001:db8:3:4:5:6:c000:201"},
    {"2001:db8:3:4:5::192.0.2.1", "2001:db8:3:4:5:0:c000:201"},
    {"", ""},
    {":", ""},
    {":::", ""},
    {"1", ""},
    {"1:2:3:4:5:6:7", ""},
    {"1:2:3:4:5:6:7:8:9", ""},
    {"1:2:3:4:5:6:7:", ""},
    {":2:3:4:5:6:7:8", ""},
    {"1::3:4:5:6:7:8:9", ""},
    {"1:2:3:4::5:6:7:8", ""},
    {"1::2::3", ""},
    {"1::2:", ""},
    {":1::2", ""},
    {"2001:db8::12345", ""},
    {"2001:db8::g", ""},
    {"2001:db8::1%eth0", ""},
    {"2001:db8::1/64", ""},
    {"[2001:db8::1]", ""},
    {" 2001:db8::1", ""},
    {"192.0.2.1", ""},
    {"192.0.2.1::", ""},
    {"::192.0.2.1:1", ""},
    {"::192.0.2", ""},
    {"::192.0.2.256", ""},
    {"::1.192.0.2.1", ""},
    {"1:2:3:4:5:6:7:192.0.2.1", ""},
};

}  // namespace

TEST_CASE("an IPv4 address is four decimal octets") {
    for (const auto& row : ipv4_rows) {
        CAPTURE(row.text);
        const auto address = parse_ipv4(row.text);
        CHECK((address ? print_address(*address) : "") == row.printed);
        CHECK(is_address(row.text) == (address || parse_ipv6(row.text)));
        if (!address) CHECK(address.error().rule == "bad-ipv4");
    }
    CHECK(parse_ipv4("192.0.2.1").value() == A{{192, 0, 2, 1}});
}

TEST_CASE("an IPv6 address is read in every form and printed in one") {
    for (const auto& row : ipv6_rows) {
        CAPTURE(row.text);
        const auto address = parse_ipv6(row.text);
        CHECK((address ? print_address(*address) : "") == row.printed);
        CHECK(is_address(row.text) == (address || parse_ipv4(row.text)));
        if (address) {
            CHECK(parse_ipv6(print_address(*address)) == address);
        } else {
            CHECK(address.error().rule == "bad-ipv6");
        }
    }
    CHECK(parse_ipv6("2001:db8::ff:1").value() ==
          Aaaa{{0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0, 1}});
}

TEST_CASE("what is no address is shown in the fault, shortened") {
    const auto fault = parse_ipv4("a\n" + std::string(500, 'b')).error();
    CHECK(fault.detail.starts_with("'a\\x0ab"));
    CHECK(fault.detail.size() < 100);
    CHECK(fault.cite == "RFC 1035 section 3.4.1");
    CHECK(parse_ipv6("x").error().cite == "RFC 4291 section 2.2");
}

}  // namespace assay::codec::dns
