#include "codec/dmarc/record.hpp"

#include <doctest/doctest.h>

#include <set>

#include "codec/tags/mailto.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::dmarc {

namespace {

// "rule@offset rule@offset"
std::string summary(const std::vector<base::Fault>& faults) {
    std::string out;
    for (const auto& fault : faults) {
        if (!out.empty()) out += ' ';
        out += fault.rule + '@' + std::to_string(fault.offset);
    }
    return out;
}

// Typed content only: tags keep offsets.
Record without_tags(Record record) {
    record.tags.clear();
    record.percent.reset();
    for (auto* uris : {&record.aggregate, &record.failure}) {
        for (auto& uri : *uris) {
            uri.offset = 0;
            uri.size_limit.reset();
        }
    }
    return record;
}

struct Row {
    std::string_view text;
    std::string_view faults;  // all of them
    std::string_view stop;    // why no receiver applies it; empty: it is applied
    std::string_view detail;  // part of a sentence
};

constexpr Row rows[] = {
    // Nothing to say.
    {"v=DMARC1; p=reject", "", "", ""},
    {"v=DMARC1;p=none", "", "", ""},
    {"v=DMARC1; p=none;", "", "", ""},
    {"v=DMARC1; p=none ; ", "", "", ""},
    {"v = DMARC1 ; p = quarantine", "", "", ""},
    {"V=DMARC1; P=Reject; SP=NONE", "", "", ""},
    {"v=DMARC1; p=none; np=reject; psd=n; t=y; adkim=s; aspf=r", "", "", ""},
    {"v=DMARC1; p=none; rua=mailto:a@example.com, mailto:b@example.net", "", "", ""},
    {"v=DMARC1; p=none; rua=mailto:a%2Bb@example.com?subject=x", "", "", ""},
    {"v=DMARC1; p=none; ruf=mailto:a@example.com; fo=1:d:s", "", "", ""},
    // The version.
    {"", "bad-version@0", "bad-version@0", "empty"},
    {"hello", "bad-version@0", "bad-version@0", "does not start"},
    {"v=spf1 -all", "bad-version@2", "bad-version@2", "\"spf1 -all\""},
    {"v=dmarc1; p=none", "bad-version@2", "bad-version@2", "exactly"},
    {"v=DMARC2; p=none", "bad-version@2", "bad-version@2", "must be \"DMARC1\""},
    {"DMARC1; p=none", "bad-version@0", "bad-version@0", "not only \"DMARC1\""},
    {" v=DMARC1; p=none", "bad-version@0", "bad-version@0", "space before"},
    {"p=none; v=DMARC1", "bad-version@0", "bad-version@0", "must come first"},
    {"\"v=DMARC1; p=none\"", "bad-version@0 quote-mark@17", "bad-version@0", "quote mark"},
    {"\xe2\x80\x9cv=DMARC1; p=none\xe2\x80\x9d", "non-ascii@0 non-ascii@19", "non-ascii@0",
     "Curly quote marks"},
    {"v=DMARC1 p=reject; rua=mailto:a@example.com", "missing-separator@8", "missing-separator@8",
     "a space before \"p=\""},
    {"v=DMARC1: p=reject", "missing-separator@8", "missing-separator@8", "\":\" before \"p=\""},
    // Separators.
    {"v=DMARC1 p=reject rua=mailto:a@example.com", "missing-separator@8 missing-separator@17",
     "missing-separator@8", "a space before \"rua=\""},
    {"v=DMARC1, p=reject, rua=mailto:a@example.com", "missing-separator@8 missing-separator@18",
     "missing-separator@8", "\",\" before \"p=\""},
    {"v=DMARC1; p=reject sp=none", "missing-separator@18", "missing-separator@18", "\"sp=\""},
    {"v=DMARC1; p=none; rua=mailto:a@example.com,ruf=mailto:b@example.com", "missing-separator@42",
     "", "\",\" before \"ruf=\""},
    {"v=DMARC1\\; p=none\\; aspf=s", "escaped-separator@8 escaped-separator@17",
     "escaped-separator@8", "backslash before the semicolon"},
    {"v=DMARC1; p=none;; sp=none", "empty-tag@17", "", "between two semicolons"},
    {"v=DMARC1; p=none; v=DMARC1; p=reject", "joined-records@18", "", "joined together"},
    {"v=DMARC1; p=none; rua=mailto:a@example.comv=DMARC1; p=reject", "joined-records@42", "",
     "joined together"},
    {"v=DMARC1; p=none v=spf1 -all", "joined-records@17", "joined-records@17", "joined together"},
    {"v=DMARC1; p=none; \" \"rua=mailto:a@example.com", "bad-syntax@18", "", "quote marks"},
    // Octets.
    {"v=DMARC1; p=reject\n", "control-byte@18", "control-byte@18", "line break"},
    {"v=DMARC1; p=none; sp=no\tne", "control-byte@23", "control-byte@23", "tab"},
    {"v=DMARC1; p=none; sp=none\x01", "control-byte@25", "control-byte@25", "\\x01"},
    {"v=DMARC1;\xc2\xa0p=none", "non-ascii@9 missing-policy@17", "missing-policy@17",
     "non-breaking"},
    {"v=DMARC1; p=\"reject\"", "quote-mark@12", "quote-mark@12", "Remove the quote marks"},
    // Shape.
    {"v=DMARC1; p:reject", "bad-syntax@10", "bad-syntax@10", "instead of the colon"},
    {"v=DMARC1; reject", "bad-syntax@10", "bad-syntax@10", "\"p=reject\"?"},
    {"v=DMARC1; p=none; =x", "bad-syntax@18", "", "no tag name"},
    {"v=DMARC1; p=none; s p=none", "bad-syntax@18", "", "\"s p\""},
    {"v=DMARC1; p=none; rua=mailto:a@example.com; mailto:b@example.com", "bad-syntax@44", "",
     "commas, not semicolons"},
    {"v=DMARC1; p=none; p=reject", "duplicate-tag@18", "", "more than once"},
    {"v=DMARC1; p=none; foo=bar", "unknown-tag@18", "", "no tag \"foo\""},
    {"v=DMARC1; p=none; rau=mailto:a@example.com", "misspelt-tag@18", "", "\"rua\"?"},
    {"v=DMARC1; policy=none", "misspelt-tag@10 missing-policy@21", "missing-policy@21", "\"p\"?"},
    // Policies.
    {"v=DMARC1", "missing-policy@8", "missing-policy@8", "no policy"},
    {"v=DMARC1; p=rejct", "bad-policy@12", "bad-policy@12", "mean \"reject\"?"},
    {"v=DMARC1; p=block", "bad-policy@12", "bad-policy@12", "mean \"reject\"?"},
    {"v=DMARC1; p=", "bad-policy@12", "bad-policy@12", "no value"},
    {"v=DMARC1; p=rejct; rua=mailto:a@example.com", "bad-policy@12", "", ""},
    {"v=DMARC1; p=rejct; rua=a@example.com", "bad-policy@12 bad-uri@23", "bad-policy@12", ""},
    {"v=DMARC1; sp=reject", "missing-policy@19", "missing-policy@19", "subdomains only"},
    {"v=DMARC1; sp=reject; rua=mailto:a@example.com", "missing-policy@45", "", "as if it were"},
    {"v=DMARC1; p=none; sp=quarantin", "bad-subdomain-policy@21", "bad-subdomain-policy@21",
     "\"quarantine\"?"},
    {"v=DMARC1; p=none; np=x", "bad-nonexistent-policy@21", "bad-nonexistent-policy@21", "np=x"},
    {"v=DMARC1; rua=mailto:a@example.com; p=none", "policy-not-second@36", "", "right after"},
    // Other values.
    {"v=DMARC1; p=none; adkim=strict; aspf=x", "bad-alignment@24 bad-alignment@37", "",
     "mean \"s\"?"},
    {"v=DMARC1; p=none; psd=yes", "bad-psd@22", "", "y, n or u"},
    {"v=DMARC1; p=none; t=true", "bad-testing@20", "", "y or n"},
    {"v=DMARC1; p=none; fo=1", "failure-options-without-ruf@18", "", "no effect"},
    {"v=DMARC1; p=none; ruf=mailto:a@example.com; fo=0:1", "bad-failure-options@47", "", "exclude"},
    {"v=DMARC1; p=none; ruf=mailto:a@example.com; fo=1,d", "bad-failure-options@47", "",
     "instead of commas"},
    {"v=DMARC1; p=none; ruf=mailto:a@example.com; fo=d:d", "bad-failure-options@47", "", ""},
    {"v=DMARC1; p=none; pct=50", "obsolete-pct@18", "", "no longer used"},
    {"v=DMARC1; p=none; pct=101", "obsolete-pct@18 bad-percent@22", "", "0 to 100"},
    {"v=DMARC1; p=none; rf=afrf; ri=86400", "obsolete-rf@18 obsolete-ri@27", "", "no longer"},
    // Addresses.
    {"v=DMARC1; p=none; rua=", "bad-uri@22", "", "no address"},
    {"v=DMARC1; p=none; rua=a@example.com", "bad-uri@22", "", "Put \"mailto:\" before"},
    {"v=DMARC1; p=none; rua=mailto: a@example.com", "bad-uri@29", "", "space inside"},
    {"v=DMARC1; p=none; rua=mailto:a@example.com mailto:b@example.com", "bad-uri@42", "",
     "comma between them"},
    {"v=DMARC1; p=none; rua=mailto:a@example.com,,mailto:b@example.com", "bad-uri@43", "",
     "extra comma"},
    {"v=DMARC1; p=none; rua=mailto:a@example.com!10m", "uri-size-limit@42", "", "\"!10m\""},
    {"v=DMARC1; p=none; rua=mailto:a!b@example.com", "bad-uri@30", "", "%21"},
    {"v=DMARC1; p=none; rua=https://example.com/", "uri-not-mailto@22", "", "Do not expect"},
};

}  // namespace

TEST_CASE("every fault of a DMARC record is found where it is, and named") {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto linted = lint(row.text);
        CHECK(summary(linted.faults) == row.faults);
        const auto parsed = parse(row.text);
        CHECK((parsed ? "" : summary({parsed.error()})) == row.stop);
        CHECK(linted.record.has_value() == parsed.has_value());
        if (parsed) CHECK(*parsed == *linted.record);
        bool said = row.detail.empty();
        for (const auto& fault : linted.faults) {
            said = said || fault.detail.contains(row.detail);
            CHECK(fault.offset <= row.text.size());
            CHECK(fault.cite.contains("RFC "));
            CHECK(std::string_view(".?").contains(fault.detail.back()));
        }
        CHECK(said);
    }
}

TEST_CASE("every rule of a DMARC record has a row above") {
    std::set<std::string> seen;
    for (const auto& row : rows) {
        for (const auto& fault : lint(row.text).faults)
            seen.insert(fault.rule);
    }
    for (const auto rule : {"bad-version",
                            "missing-policy",
                            "bad-policy",
                            "bad-subdomain-policy",
                            "bad-nonexistent-policy",
                            "bad-alignment",
                            "bad-psd",
                            "bad-testing",
                            "bad-failure-options",
                            "bad-uri",
                            "uri-not-mailto",
                            "bad-syntax",
                            "duplicate-tag",
                            "misspelt-tag",
                            "missing-separator",
                            "joined-records",
                            "escaped-separator",
                            "quote-mark",
                            "control-byte",
                            "non-ascii",
                            "unknown-tag",
                            "empty-tag",
                            "policy-not-second",
                            "failure-options-without-ruf",
                            "uri-size-limit",
                            "obsolete-pct",
                            "obsolete-rf",
                            "obsolete-ri",
                            "bad-percent"}) {
        CHECK_MESSAGE(seen.contains(rule), rule);
    }
}

TEST_CASE("a record is read with its defaults") {
    const auto record = parse("v=DMARC1; p=quarantine").value();
    CHECK(record.policy == Policy::quarantine);
    CHECK(!record.subdomain_policy);
    CHECK(!record.nonexistent_policy);
    CHECK(record.dkim_alignment == Alignment::relaxed);
    CHECK(record.spf_alignment == Alignment::relaxed);
    CHECK(record.psd == Psd::unknown);
    CHECK(!record.testing);
    CHECK(record.aggregate.empty());
    CHECK(!record.failure_options);
}

TEST_CASE("every tag of a record is read") {
    const auto record =
        parse(
            "v=DMARC1; p=reject; sp=quarantine; np=none; adkim=s; aspf=s; psd=y; t=y; pct=20; "
            "rua=mailto:a%2Bb@example.gov.uk!5m,https://example.com/r; "
            "ruf=mailto:c@example.com; fo=1:s; note=x")
            .value();
    CHECK(record.policy == Policy::reject);
    CHECK(record.subdomain_policy == Policy::quarantine);
    CHECK(record.nonexistent_policy == Policy::none);
    CHECK(record.dkim_alignment == Alignment::strict);
    CHECK(record.spf_alignment == Alignment::strict);
    CHECK(record.psd == Psd::yes);
    CHECK(record.testing);
    CHECK(record.percent == 20U);
    CHECK(record.failure_options == "1:s");
    REQUIRE(record.aggregate.size() == 2);
    CHECK(record.aggregate[0].text == "mailto:a%2Bb@example.gov.uk");
    CHECK(record.aggregate[0].mailbox == "a+b@example.gov.uk");
    CHECK(record.aggregate[0].host->text() == "example.gov.uk");
    CHECK(record.aggregate[0].size_limit == "5m");
    CHECK(!record.aggregate[1].host);
    REQUIRE(record.failure.size() == 1);
    REQUIRE(record.find("note") != nullptr);
    CHECK(*record.find("note") == Tag{"note", "x", 173});
    CHECK(record.find("nothing") == nullptr);
}

TEST_CASE("policies fall back from np to sp to p to none") {
    struct {
        std::string_view text;
        Policy policy, subdomain, nonexistent;
    } const fallbacks[] = {
        {"v=DMARC1; p=reject", Policy::reject, Policy::reject, Policy::reject},
        {"v=DMARC1; p=reject; sp=none", Policy::reject, Policy::none, Policy::none},
        {"v=DMARC1; p=none; np=reject", Policy::none, Policy::none, Policy::reject},
        {"v=DMARC1; p=none; sp=quarantine; np=reject", Policy::none, Policy::quarantine,
         Policy::reject},
        // A missing p is none, which leaves sp alone.
        {"v=DMARC1; sp=reject; rua=mailto:a@example.com", Policy::none, Policy::reject,
         Policy::reject},
        // An invalid one makes all of it none.
        {"v=DMARC1; p=reject; sp=x; rua=mailto:a@example.com", Policy::none, Policy::none,
         Policy::none},
        {"v=DMARC1; p=x; sp=reject; rua=mailto:a@example.com", Policy::none, Policy::none,
         Policy::none},
        {"v=DMARC1; p=reject; np=x; rua=mailto:a@example.com", Policy::none, Policy::none,
         Policy::none},
    };
    for (const auto& row : fallbacks) {
        CAPTURE(row.text);
        const auto record = parse(row.text).value();
        CHECK(record.effective_policy() == row.policy);
        CHECK(record.effective_subdomain_policy() == row.subdomain);
        CHECK(record.effective_nonexistent_policy() == row.nonexistent);
    }
}

TEST_CASE("printing and parsing a record gives the same record") {
    for (const auto text :
         {"v=DMARC1; p=reject", "v=DMARC1; p=none; sp=reject; np=quarantine; adkim=s; aspf=s",
          "v=DMARC1; p=none; psd=n; t=y; rua=mailto:a@example.com,mailto:b@example.com",
          "v=DMARC1; p=none; rua=https://example.com/x; ruf=mailto:a@example.com; fo=0:d"}) {
        CHECK(print(parse(text).value()) == text);
    }
    for (const auto& row : rows) {
        const auto record = lint(row.text).record;
        if (!record) continue;
        const auto again = parse(print(*record));
        CAPTURE(row.text);
        REQUIRE(again);
        CHECK(without_tags(*again) == without_tags(*record));
    }
}

TEST_CASE("only the version at the very start claims a text") {
    for (const auto text :
         {"v=DMARC1", "v=DMARC1;", "v=DMARC1 ; p=none", "v\t= DMARC1;x", "V=DMARC1"}) {
        CHECK_MESSAGE(claims(text), text);
    }
    for (const auto text : {"", " v=DMARC1", "v=dmarc1", "v=DMARC10", "v=DMARC1 p=none", "p=none",
                            "v=DMARC1,p=none", "DMARC1"}) {
        CHECK_MESSAGE(!claims(text), text);
    }
    CHECK(resembles("v=dmarc1 p=none"));
    CHECK(resembles("p=none; rua=mailto:dmarc@example.com"));
    CHECK(!resembles("v=spf1 -all"));
}

TEST_CASE("the tags of a record that no receiver applies can be read all the same") {
    const auto record = read_tags("v=DMARC1; p=x; psd=y");
    REQUIRE(record);
    CHECK(record->psd == Psd::yes);
    CHECK(!parse("v=DMARC1; p=x; psd=y"));
    CHECK(!read_tags("p=none; psd=y"));
}

TEST_CASE("advice is told from errors") {
    for (const auto rule : {"unknown-tag", "obsolete-pct", "policy-not-second", "empty-tag"}) {
        CHECK(!is_error({rule, "", 0, ""}));
    }
    for (const auto rule : {"bad-policy", "missing-separator", "duplicate-tag", "bad-uri"}) {
        CHECK(is_error({rule, "", 0, ""}));
    }
}

TEST_CASE("texts far beyond any record are cut at a limit") {
    const auto too_long = "v=DMARC1; p=none; x=" + std::string(tags::text_octets_max, 'x');
    CHECK(summary(lint(too_long).faults) == "too-long@65535");
    CHECK(!parse(too_long));

    std::string many = "v=DMARC1; p=none";
    for (std::size_t i = 0; i < 2 * tags::parts_max; ++i)
        many += ";x=y";
    const auto linted = lint(many);
    CHECK(linted.record);
    CHECK(linted.record->tags.size() == tags::parts_max);
    CHECK(linted.faults.size() <= 3 + tags::faults_per_rule_max);
    CHECK(linted.faults.back().rule == "too-many-tags");

    std::string addresses = "v=DMARC1; p=none; rua=mailto:a@example.com";
    for (std::size_t i = 0; i < tags::destinations_max; ++i)
        addresses += ",mailto:a@example.com";
    const auto crowd = lint(addresses);
    CHECK(crowd.record->aggregate.size() == tags::destinations_max);
    CHECK(crowd.faults.size() == 1);
    CHECK(crowd.faults.front().rule == "too-many-uris");
}

}  // namespace assay::codec::dmarc
