#include "codec/tags/mailto.hpp"

#include <doctest/doctest.h>

namespace assay::codec::tags {

TEST_CASE("one address is read out of a mailto URI") {
    struct {
        std::string_view uri, mailbox, host;
    } const rows[] = {
        {"mailto:reports@example.gov.uk", "reports@example.gov.uk", "example.gov.uk"},
        {"MAILTO:Reports@Example.GOV.UK", "Reports@Example.GOV.UK", "example.gov.uk"},
        {"mailto:a%2Bb@example.com", "a+b@example.com", "example.com"},
        {"mailto:a+b@example.com?subject=x%20y", "a+b@example.com", "example.com"},
        {"mailto:a%21b@example.com#x", "a!b@example.com", "example.com"},
        {"mailto:%22a%20b%22@example.com", "\"a b\"@example.com", "example.com"},
        {"mailto:a%40b.c%22@example.com", "", ""},
        {"mailto:%C3%BC@example.com", "\xc3\xbc@example.com", "example.com"},
        {"mailto:a@b%C3%BCcher.example",
         "a@b\xc3\xbc"
         "cher.example",
         "xn--bcher-kva.example"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.uri);
        const auto mailto = read_mailto(row.uri);
        CHECK((mailto ? mailto->mailbox : "") == row.mailbox);
        CHECK((mailto ? mailto->host.text() : "") == row.host);
    }
}

TEST_CASE("the usual mistakes in addresses get help") {
    struct {
        std::string_view uri;
        std::size_t offset;
        std::string_view detail;
    } const rows[] = {
        {"", 0, "extra comma"},
        {"a@example.com", 0, "\"mailto:a@example.com\""},
        {"mailto=a@example.com", 0, "with a colon"},
        {"malito:a@example.com", 0, "\"mailto:\"?"},
        {"mailto:", 7, "no address after"},
        {"mailto:example.com", 7, "no @"},
        {"mailto://a@example.com", 7, "without slashes"},
        {"mailto:mailto:a@example.com", 7, "twice"},
        {"mailto:<a@example.com>", 7, "angle brackets"},
        {"mailto:a@example.com mailto:b@example.com", 20, "comma between"},
        {"mailto: a@example.com", 7, "space inside"},
        {"mailto:a!b@example.com", 8, "%21"},
        {"mailto:a,b@example.com", 8, "%2C"},
        {"mailto:a%zz@example.com", 8, "hexadecimal"},
        {"mailto:@example.com", 7, "before the @"},
        {"mailto:a..b@example.com", 7, "before the @"},
        {"mailto:a@", 9, "domain name"},
        {"mailto:a@exa_mple.com", 9, "\"exa_mple.com\""},
        {"mailto:a@[192.0.2.1]", 9, "IP address"},
        {"mailto:a@192.0.2.1", 9, "IP address"},
        {"mailto:a@%5BIPv6:2001:db8::1%5D", 9, "IP address"},
        {"mailto:a@2.1", 9, "domain name"},
        {"mailto:a%00@example.com", 7, "before the @"},
        {"mailto:\x80@example.com", 7, "not allowed"},
        {"https://example.com/", 0, "not an address"},
        {"reports", 0, "not an address"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.uri);
        const auto mailto = read_mailto(row.uri);
        REQUIRE(!mailto);
        CHECK(mailto.error().rule == "bad-uri");
        CHECK(mailto.error().offset == row.offset);
        CHECK_MESSAGE(mailto.error().detail.contains(row.detail), mailto.error().detail);
    }
}

TEST_CASE("a name before the @ has at most 64 octets, a URI a limit of ours") {
    const std::string name(local_part_octets_max, 'a');
    CHECK(read_mailto("mailto:" + name + "@example.com"));
    CHECK(!read_mailto("mailto:" + name + "a@example.com"));
    CHECK(check_uri("https://example.com/" + std::string(uri_octets_max, 'a')));
}

TEST_CASE("a URI of any scheme is checked for its octets only") {
    CHECK(!check_uri("https://example.com/x?a=b&c=[d]"));
    CHECK(!check_uri("ftp://example.com"));
    CHECK(check_uri("https://example.com/a b"));
    CHECK(check_uri("https:"));
    CHECK(uri_scheme("HTTPS://x") == "https");
    CHECK(uri_scheme("a@example.com").empty());
    CHECK(uri_scheme(":x").empty());
    CHECK(uri_scheme("1a:x").empty());
}

}  // namespace assay::codec::tags
