#include <doctest/doctest.h>

#include "codec/mta_sts/record.hpp"

namespace assay::codec::mta_sts {

namespace {

std::string summary(const std::vector<base::Fault>& faults) {
    std::string out;
    for (const auto& fault : faults) {
        if (!out.empty()) out += ' ';
        out += fault.rule + '@' + std::to_string(fault.offset);
    }
    return out;
}

// Line ends: "|" stands for CRLF.
std::string lines(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '|') {
            out += "\r\n";
        } else {
            out += c;
        }
    }
    return out;
}

struct Row {
    std::string_view text;
    std::string_view faults;  // all of them
    std::string_view stop;    // why senders do not use it; empty: they do
    std::string_view detail;  // part of a sentence
};

constexpr Row rows[] = {
    {"version: STSv1|mode: enforce|mx: mx.example.com|mx: *.example.net|max_age: 86400|", "", "",
     ""},
    {"version:STSv1|mode:\ttesting |max_age: 0|mx:mx.example.com", "", "", ""},
    {"mode: none|max_age: 86400|version: STSv1|", "", "", ""},
    // Advice.
    {"version: STSv1\nmode: none\nmax_age: 1\n", "lf-line-end@14", "", "LF alone"},
    {"version: STSv1|mode: none|max_age: 1|contact: m\xc3\xbcller|", "unknown-key@40", "",
     "no key \"contact\""},
    // What is missing.
    {"", "missing-version@0 missing-mode@0 missing-max-age@0 missing-mx@0", "missing-version@0",
     ""},
    {"mode: none|max_age: 1|", "missing-version@24", "missing-version@24", "version: STSv1"},
    {"version: STSv1|max_age: 1|mx: a.example.com|", "missing-mode@47", "missing-mode@47",
     "mode: testing"},
    {"version: STSv1|mode: none|", "missing-max-age@28", "missing-max-age@28", "max_age: 604800"},
    {"version: STSv1|mode: enforce|max_age: 1|", "missing-mx@43", "missing-mx@43",
     "each mail server"},
    // Values.
    {"version: STSV1|mode: none|max_age: 1|", "bad-version@9", "bad-version@9", "exactly"},
    {"version: 1|mode: none|max_age: 1|", "bad-version@9", "bad-version@9", "only version"},
    {"version: STSv1|mode: Enforce|max_age: 1|mx: a.example.com|", "bad-mode@22", "bad-mode@22",
     "mean \"enforce\"?"},
    {"version: STSv1|mode: report|max_age: 1|mx: a.example.com|", "bad-mode@22", "bad-mode@22",
     "mean \"testing\"?"},
    {"version: STSv1|mode: on|max_age: 1|mx: a.example.com|", "bad-mode@22", "bad-mode@22",
     "enforce, testing or none"},
    {"version: STSv1|mode: none|max_age: 1d|", "bad-max-age@37", "bad-max-age@37", "digits only"},
    {"version: STSv1|mode: none|max_age: -1|", "bad-max-age@37", "bad-max-age@37", ""},
    {"version: STSv1|mode: none|max_age: 00000000001|", "bad-max-age@37", "bad-max-age@37", ""},
    {"version: STSv1|mode: none|max_age: 9999999999|", "max-age-too-long@37", "", "one year"},
    {"version: STSv1|mode: none|max_age:|", "bad-line@28", "bad-line@28", "no value"},
    {"version: STSv1|mode: none|max_age: 1\x01|", "bad-line@37", "bad-line@37",
     "control character"},
    // Patterns.
    {"version: STSv1|mode: enforce|max_age: 1|mx: a.example.com.|", "bad-mx@47", "bad-mx@47",
     "full stop"},
    {"version: STSv1|mode: none|max_age: 1|mx: .example.com|", "bad-mx@44", "",
     "\"*.example.com\""},
    {"version: STSv1|mode: none|max_age: 1|mx: *|", "bad-mx@44", "", "needs a domain"},
    {"version: STSv1|mode: none|max_age: 1|mx: a.*.example.com|", "bad-mx@44", "", "first label"},
    {"version: STSv1|mode: none|max_age: 1|mx: *a.example.com|", "bad-mx@44", "", "first label"},
    {"version: STSv1|mode: none|max_age: 1|mx: 10 a.example.com|", "bad-mx@44", "", "preference"},
    {"version: STSv1|mode: none|max_age: 1|mx: a.example.com, b.example.com|", "bad-mx@44", "",
     "one \"mx\" line"},
    {"version: STSv1|mode: none|max_age: 1|mx: 192.0.2.1|", "bad-mx@44", "", "IP address"},
    {"version: STSv1|mode: none|max_age: 1|mx: b\xc3\xbc"
     "cher.example|",
     "bad-mx@44", "", "\"xn--bcher-kva.example\""},
    {"version: STSv1|mode: none|max_age: 1|mx: *.b\xc3\xbc"
     "cher.example|",
     "bad-mx@44", "", "\"*.xn--bcher-kva.example\""},
    {"version: STSv1|mode: none|max_age: 1|mx: a_b.example.com|", "bad-mx@44", "", "valid host"},
    // Lines.
    {"version: STSv1|mode: none|max_age: 1|mode: enforce|", "duplicate-key@40", "",
     "first one counts"},
    {"version: STSv1||mode: none|max_age: 1|", "blank-line@16", "", "blank line"},
    {"version: STSv1|mode: none|Max_Age: 1|", "misspelt-key@28 missing-max-age@40",
     "missing-max-age@40", "\"max_age\"?"},
    {"version=STSv1|mode: none|max_age: 1|", "bad-line@0", "bad-line@0", "instead of the equals"},
    {"version : STSv1|mode: none|max_age: 1|", "bad-line@0", "bad-line@0", "before the colon"},
    {" version: STSv1|mode: none|max_age: 1|", "bad-line@0", "bad-line@0", "start of the line"},
    {"# x|version: STSv1|mode: none|max_age: 1|", "bad-line@0", "bad-line@0", "comments"},
    {"version: STSv1|mode: none|max_age: 1|hello|", "bad-line@40", "bad-line@40", "\"hello\""},
    {"version: STSv1\rmode: none\rmax_age: 1", "bare-cr@14 bare-cr@25", "bare-cr@14", "CR alone"},
    {"\xef\xbb\xbfversion: STSv1|mode: none|max_age: 1|", "byte-order-mark@0", "byte-order-mark@0",
     "invisible"},
    {"version: STSv1|x: \xff|", "not-utf8@19", "not-utf8@19", "UTF-8"},
    {"\n <!DOCTYPE html>", "bad-line@0", "bad-line@0", "web page"},
};

}  // namespace

TEST_CASE("every fault of an MTA-STS policy is found where it is") {
    for (const auto& row : rows) {
        const auto text = lines(row.text);
        CAPTURE(text);
        const auto linted = lint_policy(text);
        CHECK(summary(linted.faults) == row.faults);
        const auto parsed = parse_policy(text);
        CHECK((parsed ? "" : summary({parsed.error()})) == row.stop);
        CHECK(linted.record.has_value() == parsed.has_value());
        if (parsed) CHECK(*parsed == *linted.record);
        bool said = row.detail.empty();
        for (const auto& fault : linted.faults)
            said = said || fault.detail.contains(row.detail);
        CHECK(said);
    }
}

TEST_CASE("a policy is read") {
    const auto policy = parse_policy(lines("version: STSv1|mode: enforce|mx: MX.example.com|"
                                           "mx: *.example.net|max_age: 9999999999|note: a: b|"))
                            .value();
    CHECK(policy.mode == Mode::enforce);
    CHECK(policy.max_age == max_age_seconds_max);
    CHECK(policy.mx == std::vector<std::string>{"mx.example.com", "*.example.net"});
    CHECK(policy.extensions == std::vector<std::pair<std::string, std::string>>{{"note", "a: b"}});
}

TEST_CASE("a policy larger than the limit is not read") {
    auto text = lines("version: STSv1|mode: none|max_age: 1|");
    while (text.size() < policy_octets_max)
        text += "x: " + std::string(90, 'y') + "\r\n";
    text.resize(policy_octets_max);
    CHECK(parse_policy(text));
    CHECK(summary(lint_policy(text + 'y').faults) == "too-large@65536");
    CHECK(!parse_policy(text + 'y'));

    auto hosts = lines("version: STSv1|mode: enforce|max_age: 1|");
    for (int i = 0; i < 2000; ++i)
        hosts += "mx: a.example.com\r\n";
    CHECK(parse_policy(hosts).error().rule == "too-large");
}

TEST_CASE("printing and parsing a policy gives the same policy") {
    const auto text = lines(
        "version: STSv1|mode: testing|mx: a.example.com|mx: *.example.net|max_age: 86400|x: y z|");
    CHECK(print(parse_policy(text).value()) == text);
    for (const auto& row : rows) {
        const auto policy = lint_policy(lines(row.text)).record;
        if (policy) CHECK(parse_policy(print(*policy)) == *policy);
    }
}

TEST_CASE("advice on a policy is told from errors") {
    CHECK(!is_policy_error({"lf-line-end", "", 0, ""}));
    CHECK(!is_policy_error({"unknown-key", "", 0, ""}));
    CHECK(is_policy_error({"bad-mx", "", 0, ""}));
}

TEST_CASE("a wildcard matches exactly one label") {
    const auto host = [](std::string_view text) { return dns::parse_domain(text).value(); };
    CHECK(matches("mx.example.com", host("mx.example.com")));
    CHECK(matches("MX.Example.COM.", host("mx.example.com")));
    CHECK(!matches("mx.example.com", host("a.mx.example.com")));
    CHECK(matches("*.example.com", host("mx.example.com")));
    CHECK(matches("*.EXAMPLE.com", host("mx.example.com")));
    CHECK(!matches("*.example.com", host("example.com")));
    CHECK(!matches("*.example.com", host("a.mx.example.com")));
    CHECK(!matches(".example.com", host("mx.example.com")));
    CHECK(!matches("", dns::Name()));
    CHECK(!matches(".", dns::Name()));
    CHECK(!matches("*.", host("com")));
}

}  // namespace assay::codec::mta_sts
