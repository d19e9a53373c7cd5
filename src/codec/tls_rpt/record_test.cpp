#include "codec/tls_rpt/record.hpp"

#include <doctest/doctest.h>

#include "codec/tags/mailto.hpp"

namespace assay::codec::tls_rpt {

namespace {

std::string summary(const std::vector<base::Fault>& faults) {
    std::string out;
    for (const auto& fault : faults) {
        if (!out.empty()) out += ' ';
        out += fault.rule + '@' + std::to_string(fault.offset);
    }
    return out;
}

struct Row {
    std::string_view text;
    std::string_view faults;  // all of them
    std::string_view stop;    // why there is no reporting; empty: there is
    std::string_view detail;  // part of a sentence
};

constexpr Row rows[] = {
    {"v=TLSRPTv1; rua=mailto:a@example.com", "", "", ""},
    {"v=TLSRPTv1;rua=https://reports.example.com/v1;", "", "", ""},
    {"v=TLSRPTv1; rua=mailto:a@example.com , https://example.net/x; ext=1", "", "", ""},
    {"v=TLSRPTv1; rua=https://[2001:db8::1]/x", "", "", ""},
    {"v=TLSRPTv1; rua=https://192.0.2.1:8443/x", "", "", ""},
    {"v=TLSRPTv1; rua=https://2.1/x", "bad-uri@16", "bad-uri@16", "host name"},
    {"v=TLSRPTv1; rua=mailto:a@192.0.2.1", "bad-uri@25", "bad-uri@25", "IP address"},
    // The version.
    {"", "bad-version@0", "bad-version@0", "empty"},
    {"hello", "bad-version@0", "bad-version@0", "does not start"},
    {"v=TLSRPT1; rua=mailto:a@example.com", "bad-version@2", "bad-version@2", "\"TLSRPTv1\""},
    {"v=tlsrptv1; rua=mailto:a@example.com", "bad-version@2", "bad-version@2", "exactly"},
    {"v = TLSRPTv1; rua=mailto:a@example.com", "bad-version@0", "bad-version@0", "without spaces"},
    {"rua=mailto:a@example.com; v=TLSRPTv1", "bad-version@0", "bad-version@0", "come first"},
    {"v=TLSRPTv1 ; rua=mailto:a@example.com", "space-before-separator@10", "", "Remove it"},
    {"v=TLSRPTv1 rua=mailto:a@example.com", "missing-separator@10", "missing-separator@10",
     "a space before \"rua=\""},
    {"v=TLSRPTv1\\; rua=mailto:a@example.com", "escaped-separator@10", "escaped-separator@10",
     "backslash"},
    // The address.
    {"v=TLSRPTv1", "missing-rua@10", "missing-rua@10", "no address"},
    {"v=TLSRPTv1; rua=", "missing-rua@16", "missing-rua@16", "no address"},
    {"v=TLSRPTv1; RUA=mailto:a@example.com", "misspelt-tag@12 missing-rua@36", "missing-rua@36",
     "\"rua\"?"},
    {"v=TLSRPTv1; rua:mailto:a@example.com", "bad-syntax@12", "bad-syntax@12", "colon"},
    {"v=TLSRPTv1; rua=a@example.com", "bad-uri@16", "bad-uri@16", "Put \"mailto:\""},
    {"v=TLSRPTv1; rua=http://example.com/", "unsupported-scheme@16", "unsupported-scheme@16",
     "addresses only"},
    {"v=TLSRPTv1; rua=mailto:a@example.com,ftp://example.com/", "unsupported-scheme@37", "", ""},
    {"v=TLSRPTv1; rua=https:///x", "bad-uri@16", "bad-uri@16", "host name"},
    {"v=TLSRPTv1; rua=mailto:a@example.com!10m", "bad-uri@36", "bad-uri@36", "%21"},
    {"v=TLSRPTv1; rua=mailto:a@example.com,", "bad-uri@37", "", "extra comma"},
    {"v=TLSRPTv1; rua=mailto:a@example.com;mailto:b@example.com", "bad-syntax@37", "",
     "commas, not semicolons"},
    {"v=TLSRPTv1; rua= mailto:a@example.com", "bad-syntax@15", "", "space beside"},
    // The rest.
    {"v=TLSRPTv1; rua=mailto:a@example.com; rua=mailto:b@example.com", "duplicate-tag@38", "",
     "first one counts"},
    {"v=TLSRPTv1; rua=mailto:a@example.com; x=a b", "bad-extension@40", "", "spaces"},
    {"v=TLSRPTv1; rua=mailto:a@example.com; v=TLSRPTv1", "joined-records@38", "", "joined"},
    {"v=TLSRPTv1; rua=mailto:a@example.com\n", "control-byte@36", "control-byte@36", "line break"},
    {"v=TLSRPTv1; rua=mailto:\xc2\xa0"
     "a@example.com",
     "non-ascii@23", "non-ascii@23", "non-breaking"},
};

}  // namespace

TEST_CASE("every fault of a TLS reporting record is found where it is") {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto linted = lint(row.text);
        CHECK(summary(linted.faults) == row.faults);
        const auto parsed = parse(row.text);
        CHECK((parsed ? "" : summary({parsed.error()})) == row.stop);
        CHECK(linted.record.has_value() == parsed.has_value());
        if (parsed) CHECK(*parsed == *linted.record);
        bool said = row.detail.empty();
        for (const auto& fault : linted.faults)
            said = said || fault.detail.contains(row.detail);
        CHECK(said);
    }
}

TEST_CASE("destinations are read with mailbox and host") {
    const auto record =
        parse(
            "v=TLSRPTv1; rua=mailto:a%2Bb@Example.com,https://user@reports.example.net:8443/x?y,"
            "https://[2001:db8::1]/,https://192.0.2.1/; ext=1")
            .value();
    REQUIRE(record.destinations.size() == 4);
    CHECK(record.destinations[0].mailbox == "a+b@Example.com");
    CHECK(record.destinations[0].host->text() == "example.com");
    CHECK(record.destinations[0].offset == 16);
    CHECK(!record.destinations[1].mailbox);
    CHECK(record.destinations[1].host->text() == "reports.example.net");
    CHECK(record.destinations[1].offset == 41);
    CHECK(!record.destinations[2].host);
    CHECK(!record.destinations[3].host);
    CHECK(record.extensions == std::vector<std::pair<std::string, std::string>>{{"ext", "1"}});
}

TEST_CASE("printing and parsing a TLS reporting record gives the same record") {
    for (const auto text :
         {"v=TLSRPTv1; rua=mailto:a@example.com",
          "v=TLSRPTv1; rua=mailto:a@example.com,https://example.com/x; a=1; b=2"}) {
        CHECK(print(parse(text).value()) == text);
        CHECK(parse(print(parse(text).value())) == parse(text));
    }
}

TEST_CASE("a TLS reporting record claims by its exact version") {
    for (const auto text : {"v=TLSRPTv1;", "v=TLSRPTv1 ; rua=x"}) {
        CHECK_MESSAGE(claims(text), text);
    }
    for (const auto text :
         {"", "v=TLSRPTv1", "v=TLSRPTv1 rua=x", "v=TLSRPTv10", "v=tlsrptv1;", " v=TLSRPTv1;"}) {
        CHECK_MESSAGE(!claims(text), text);
    }
    CHECK(resembles("v=tlsrpt1"));
    CHECK(!resembles("v=STSv1"));
    CHECK(is_error({"bad-uri", "", 0, ""}));
    CHECK(!is_error({"space-before-separator", "", 0, ""}));
}

TEST_CASE("a crowd of report addresses is cut at a limit") {
    std::string text = "v=TLSRPTv1; rua=mailto:a@example.com";
    for (std::size_t i = 0; i < tags::destinations_max; ++i)
        text += ",mailto:a@example.com";
    const auto linted = lint(text);
    CHECK(linted.record->destinations.size() == tags::destinations_max);
    CHECK(linted.faults.size() == 1);
    CHECK(linted.faults.front().rule == "too-many-uris");
}

}  // namespace assay::codec::tls_rpt
