#include "codec/mta_sts/record.hpp"

#include <doctest/doctest.h>

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

struct Row {
    std::string_view text;
    std::string_view faults;  // all of them
    std::string_view stop;    // why senders do not use it; empty: they do
    std::string_view detail;  // part of a sentence
};

constexpr Row rows[] = {
    {"v=STSv1; id=20260101T000000", "", "", ""},
    {"v=STSv1;id=a;", "", "", ""},
    {"v=STSv1; ext=1; id=12345678901234567890123456789012", "", "", ""},
    {"", "bad-version@0", "bad-version@0", "empty"},
    {"v=spf1 -all", "bad-version@2", "bad-version@2", "\"spf1 -all\""},
    {"v=STSV1; id=1", "bad-version@2", "bad-version@2", "exactly"},
    {"v=STS1; id=1", "bad-version@2", "bad-version@2", "\"STSv1\""},
    {"v= STSv1; id=1", "bad-version@0", "bad-version@0", "without spaces"},
    {"v=STSv1 ; id=1", "space-before-separator@7", "", "\"v=STSv1;\""},
    {"v=STSv1 id=1", "missing-separator@7", "missing-separator@7", "before \"id=\""},
    {"v=STSv1, id=1", "missing-separator@7", "missing-separator@7", "\",\" before"},
    {"v=STSv1\\; id=1\\;", "escaped-separator@7 escaped-separator@14", "escaped-separator@7",
     "backslash"},
    {"v=STSv1;", "missing-id@8", "missing-id@8", "no id"},
    {"v=STSv1", "missing-id@7", "missing-id@7", "no id"},
    {"v=STSv1; id=1 ", "bad-syntax@13", "bad-syntax@13", "at the end"},
    {"v=STSv1; id=1 ; ", "", "", ""},
    {"v=STSv1; ID=1", "misspelt-tag@9 missing-id@13", "missing-id@13", "\"id\"?"},
    {"v=STSv1; id=", "bad-id@12", "bad-id@12", "no value"},
    {"v=STSv1; id=2026-01-01", "bad-id@16", "bad-id@16", "replace \"-\""},
    {"v=STSv1; id=123456789012345678901234567890123", "bad-id@44", "bad-id@44", "33 characters"},
    {"v=STSv1; id = 1", "bad-syntax@11", "bad-syntax@11", "space beside"},
    {"v=STSv1; id:1", "bad-syntax@9", "bad-syntax@9", "instead of the colon"},
    {"v=STSv1; id=\"1\"", "quote-mark@12", "quote-mark@12", "quote marks"},
    {"v=STSv1; id=1; x=a b", "bad-extension@17", "bad-extension@17", "spaces"},
    {"v=STSv1; id=1; id=2", "duplicate-tag@15", "", "first one counts"},
    {"v=STSv1;; id=1", "empty-tag@8", "empty-tag@8", "between two semicolons"},
    {"v=STSv1; id=1; v=STSv1; id=2", "joined-records@15", "joined-records@15", "joined"},
    {"v=STSv1; id=1\n", "control-byte@13", "control-byte@13", "line break"},
    {"v=STSv1; id=\xe2\x80\x9c"
     "1",
     "non-ascii@12", "non-ascii@12", "Curly"},
};

}  // namespace

TEST_CASE("every fault of an MTA-STS record is found where it is") {
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

TEST_CASE("printing and parsing an MTA-STS record gives the same record") {
    for (const auto text : {"v=STSv1; id=1", "v=STSv1; id=abc; x=1; y=2"}) {
        CHECK(print(parse(text).value()) == text);
    }
    CHECK(parse("v=STSv1; id=1; id=2").value().id == "1");
}

TEST_CASE("an MTA-STS record claims by its exact version") {
    for (const auto text : {"v=STSv1;", "v=STSv1;id=1", "v=STSv1 ;"}) {
        CHECK_MESSAGE(claims(text), text);
    }
    for (const auto text : {"", "v=STSv1", "v=STSv1 id=1", "v=STSv12;", "V=STSv1;", "v = STSv1;"}) {
        CHECK_MESSAGE(!claims(text), text);
    }
    CHECK(resembles("v=STSV1 id=1"));
    CHECK(!resembles("v=TLSRPTv1"));
    CHECK(is_error({"bad-id", "", 0, ""}));
    CHECK(!is_error({"space-before-separator", "", 0, ""}));
}

}  // namespace assay::codec::mta_sts
