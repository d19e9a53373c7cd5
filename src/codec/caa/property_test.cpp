#include "codec/caa/property.hpp"

#include <doctest/doctest.h>

#include "codec/tags/tag_list.hpp"

namespace assay::codec::caa {

namespace {

std::string summary(const std::vector<base::Fault>& faults) {
    std::string out;
    for (const auto& fault : faults) {
        if (!out.empty()) out += ' ';
        out += fault.rule;
    }
    return out;
}

struct IssuerRow {
    std::string_view value;
    std::string_view printed;
};

constexpr IssuerRow issuer_rows[] = {
    // RFC 8659 section 4.2.
    {"", ";"},
    {" \t", ";"},
    {";", ";"},
    {" ; ", ";"},
    {"ca.example.com", "ca.example.com"},
    {" CA.Example.com ", "ca.example.com"},
    {"ca", "ca"},
    {"ca1--x.example.com;", "ca1--x.example.com"},
    {"ca.example.com; account=230123", "ca.example.com; account=230123"},
    {"ca.example.com;account=230123;a-b=", "ca.example.com; account=230123; a-b="},
    {"ca.example.com ; Account = 23!:<~ ", "ca.example.com; account=23!:<~"},
    {"ca.example.com; policy=ev=1", "ca.example.com; policy=ev=1"},
    {"; account=1", "; account=1"},
    {"ca.example.com; accounturi=https://ca.example.com/a/1; validationmethods=dns-01,http-01",
     "ca.example.com; accounturi=https://ca.example.com/a/1; validationmethods=dns-01,http-01"},
    // An A-label is letters, digits and hyphens.
    {"xn--mller-kva.example", "xn--mller-kva.example"},
};

struct BadRow {
    std::string_view value;
    std::string_view rule;
    std::string_view detail;
};

constexpr BadRow bad_rows[] = {
    {"%%%%%", "bad-issuer", "'%%%%%'"},
    {"ca.example.com.", "bad-issuer", ""},
    {".ca.example.com", "bad-issuer", ""},
    {"ca..example.com", "bad-issuer", ""},
    {"-ca.example.com", "bad-issuer", ""},
    {"ca-.example.com", "bad-issuer", ""},
    {"ca_1.example.com", "bad-issuer", ""},
    {"*.example.com", "bad-issuer", ""},
    {"https://ca.example.com", "bad-issuer", ""},
    {"ca.example.com, ca.example.net", "bad-issuer", ""},
    {"ca.example.com account=1", "bad-issuer", ""},
    {"\"ca.example.com\"", "bad-issuer", ""},
    {"m\xc3\xbcller.example", "bad-issuer", "m\\xc3\\xbcller"},
    {"ca.example.com; a=1;", "bad-parameter", "Remove the semicolon"},
    {"ca.example.com;; a=1", "bad-parameter", "Remove the semicolon"},
    {"ca.example.com;;", "bad-parameter", "Remove the semicolon"},
    {";;", "bad-parameter", "Remove the semicolon"},
    {"ca.example.com; account", "bad-parameter", "'account' is not tag=value"},
    {"ca.example.com; =1", "bad-parameter", "tag=value"},
    {"ca.example.com; a_b=1", "bad-parameter", "tag=value"},
    {"ca.example.com; -a=1", "bad-parameter", "tag=value"},
    {"ca.example.com; a-=1", "bad-parameter", "tag=value"},
    {"ca.example.com; a=1 b=2", "bad-parameter", "not allowed"},
    {"ca.example.com; a=\x7f", "bad-parameter", "not allowed"},
    {"ca.example.com; a=\xc3\xbc", "bad-parameter", "not allowed"},
};

struct LintRow {
    unsigned flags;
    std::string_view tag;
    std::string_view value;
    std::string_view faults;
    bool errors;  // is there one that is more than advice?
};

constexpr LintRow lint_rows[] = {
    {0, "issue", "ca.example.com", "", false},
    {128, "issue", ";", "", false},
    {0, "ISSUE", "ca.example.com", "", false},
    {0, "issuewild", "ca.example.com", "", false},
    {0, "issuemail", "ca.example.com", "", false},
    {0, "issue", "%", "bad-issuer", true},
    {0, "issuewild", "%", "bad-issuer", true},
    {0, "issuemail", "%", "bad-issuer", true},
    {0, "issue", "ca.example.com; x", "bad-parameter", true},
    // Flags: RFC 8659 section 4.1.
    {1, "issue", ";", "bad-flags", false},
    {127, "issue", ";", "bad-flags", false},
    {129, "issue", ";", "bad-flags", false},
    // Tags.
    {0, "tbs", "Unknown", "unknown-tag", false},
    {128, "tbs", "Unknown", "unknown-critical-tag", true},
    {255, "tbs", "", "unknown-critical-tag bad-flags", true},
    {0, "", "x", "bad-tag", true},
    {0, "issue ", "x", "bad-tag", true},
    {0, "is-sue", "x", "bad-tag", true},
    {128, "issue.wild", "x", "bad-tag", true},
    // RFC 8659 section 4.4.
    {0, "iodef", "mailto:security@example.com", "", false},
    {0, "iodef", "https://iodef.example.com/", "", false},
    {0, "IODEF", "HTTP://iodef.example.com/", "", false},
    {0, "iodef", "security@example.com", "bad-iodef", true},
    {0, "iodef", "", "bad-iodef", true},
    {0, "iodef", "ftp://example.com/", "bad-iodef", true},
    // RFC 8657.
    {0, "issue", "ca.example.com; accounturi=https://ca.example.com/1", "", false},
    {0, "issue", "ca.example.com; accounturi=123", "bad-account-uri", true},
    {0, "issue", "ca.example.com; accounturi=", "bad-account-uri", true},
    {0, "issue", "ca.example.com; accounturi=a:b; AccountURI=a:c", "duplicate-parameter", true},
    {0, "issue", "a; x=1; x=2; x=3", "duplicate-parameter duplicate-parameter", true},
    {0, "issue", "a; validationmethods=dns-01", "", false},
    {0, "issue", "a; validationmethods=dns-01,ca-custom,email", "", false},
    {0, "issue", "a; validationmethods=", "", false},
    {0, "issue", "a; validationmethods=-dns,x-", "", false},
    {0, "issue", "a; validationmethods=,", "bad-validation-methods", true},
    {0, "issue", "a; validationmethods=dns-01,", "bad-validation-methods", true},
    {0, "issue", "a; validationmethods=dns_01,x", "bad-validation-methods", true},
    {0, "issuewild", "a; validationmethods=dns:01; accounturi=x",
     "bad-validation-methods bad-account-uri", true},
};

dns::Caa property(unsigned flags, std::string_view tag, std::string_view value) {
    return {static_cast<std::uint8_t>(flags), std::string(tag), std::string(value)};
}

// "domain domain", in order; "-" where nothing restricts, "!" for an unknown critical property.
std::string allowed(const std::vector<dns::Caa>& rrset, bool for_wildcard) {
    const auto found = allowed_issuers(rrset, for_wildcard);
    std::string out = found.unknown_critical ? "!" : found.restricted ? "" : "-";
    for (const auto& issuer : found.issuers) {
        if (!out.empty()) out += ' ';
        out += issuer.domain.value_or(";");
    }
    return out;
}

}  // namespace

TEST_CASE("the issuer of a property is read and printed") {
    for (const auto& row : issuer_rows) {
        CAPTURE(row.value);
        const auto issuer = parse_issuer(row.value);
        REQUIRE(issuer);
        CHECK(print(*issuer) == row.printed);
        CHECK(parse_issuer(print(*issuer)) == *issuer);
    }
    const auto issuer = parse_issuer("CA.example; Account=Abc").value();
    CHECK(issuer.domain == "ca.example");
    CHECK(issuer.parameters ==
          std::vector<std::pair<std::string, std::string>>{{"account", "Abc"}});
}

TEST_CASE("a value that is no issuer has a fault") {
    for (const auto& row : bad_rows) {
        CAPTURE(row.value);
        const auto issuer = parse_issuer(row.value);
        REQUIRE(!issuer);
        CHECK(issuer.error().rule == row.rule);
        CHECK(issuer.error().cite == "RFC 8659 section 4.2");
        CHECK(issuer.error().detail.contains(row.detail));
    }
}

TEST_CASE("every fault of a property is found") {
    for (const auto& row : lint_rows) {
        CAPTURE(row.flags);
        CAPTURE(row.tag);
        CAPTURE(row.value);
        const auto faults = lint(property(row.flags, row.tag, row.value));
        CHECK(summary(faults) == row.faults);
        bool errors = false;
        for (const auto& fault : faults) {
            errors = errors || is_error(fault);
            CHECK(!fault.cite.empty());
            CHECK(!fault.detail.empty());
        }
        CHECK(errors == row.errors);
    }
}

TEST_CASE("a property with many faults of a kind has a list that ends") {
    std::string value = "a";
    for (int i = 0; i < 10'000; ++i)
        value += "; x=1; n" + std::to_string(i) + "=2";
    CHECK(lint(property(0, "issue", value)).size() == tags::faults_per_rule_max);
    CHECK(parse_issuer(value)->parameters.size() == 20'000);
}

TEST_CASE("without a property anybody may issue") {
    CHECK(allowed({}, false) == "-");
    CHECK(allowed({}, true) == "-");
    CHECK(allowed({property(0, "iodef", "mailto:a@example.com")}, false) == "-");
    CHECK(allowed({property(0, "issuemail", "a.example")}, false) == "-");
    CHECK(allowed({property(0, "tbs", "x"), property(1, "tbs", "x")}, true) == "-");
}

TEST_CASE("issue decides, and issuewild about wildcards where there is one") {
    const auto issue = property(0, "issue", "a.example");
    const auto other = property(0, "Issue", "b.example; x=1");
    const auto wild = property(0, "issuewild", "w.example");
    CHECK(allowed({issue, other}, false) == "a.example b.example");
    CHECK(allowed({issue, other}, true) == "a.example b.example");
    CHECK(allowed({issue, wild}, false) == "a.example");
    CHECK(allowed({issue, wild}, true) == "w.example");
    CHECK(allowed({wild}, false) == "-");
    CHECK(allowed({wild}, true) == "w.example");
    CHECK(allowed({issue, property(0, "issuewild", ";")}, true) == ";");
    CHECK(allowed({property(0, "issue", ";"), issue}, false) == "; a.example");
}

TEST_CASE("a value that cannot be read restricts and allows nobody") {
    const auto bad = property(0, "issue", "%%%%%");
    CHECK(allowed_issuers({bad}, false) == Allowed{true, {}, false});
    CHECK(allowed({bad, property(0, "issue", "a.example")}, false) == "a.example");
    CHECK(allowed_issuers({property(0, "issue", "a.example;; x=1")}, false) ==
          Allowed{true, {}, false});
    CHECK(allowed_issuers({property(0, "issuewild", "%"), property(0, "issue", "a.example")},
                          true) == Allowed{true, {}, false});
}

TEST_CASE("an unknown critical property forbids everybody") {
    const auto critical = property(128, "tbs", "Unknown");
    const auto issue = property(0, "issue", "a.example");
    CHECK(allowed_issuers({issue, critical}, false) == Allowed{true, {}, true});
    CHECK(allowed_issuers({critical, issue}, true) == Allowed{true, {}, true});
    CHECK(allowed_issuers({critical}, false) == Allowed{true, {}, true});
    CHECK(allowed({property(128, "issue", "a.example")}, false) == "a.example");
    CHECK(allowed({property(128, "iodef", "x"), issue}, false) == "a.example");
}

}  // namespace assay::codec::caa
