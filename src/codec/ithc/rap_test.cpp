#include <doctest/doctest.h>

#include "codec/ithc/oscal_poam.hpp"
#include "codec/ithc/rap_csv.hpp"

namespace assay::codec::ithc {

namespace {

const RapItem item{"group|Nessus|1", "Patch it.\n=then test", "2026-12-01",
                   "2026-12-31",     "Ann Example",           "Patch sooner"};

Poam sample() {
    return {"0b7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d80",
            "Plan",
            "1",
            "2026-11-24T10:00:00Z",
            {{"2b7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d82", "1b7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d81",
              "Old software", false, item},
             {"2b7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d83", "1b7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d84",
              "Weak key", true, RapItem{"k", "", "", "", "", ""}}}};
}

}  // namespace

TEST_CASE("a plan as CSV reads back as it was") {
    const std::vector<RapItem> items{item, {"=k", "-1", "", "", "'x", "", "@Title, \"x\""}};
    CHECK(parse_rap_csv(print_rap_csv(items)).value() == items);
}

TEST_CASE("a plan's columns may stand in any order and have other names") {
    const auto items =
        parse_rap_csv("Assigned to;Notes;Due Date;REF\nBob;x;1/12/2026;k1\n;;;\n;;2026-02-28;k2\n");
    REQUIRE(items.has_value());
    REQUIRE(items->size() == 2);
    CHECK((*items)[0] == RapItem{"k1", "", "", "2026-12-01", "Bob", ""});
    CHECK((*items)[1].planned_finish == "2026-02-28");
}

TEST_CASE("a plan in the layout of a spreadsheet is read") {
    const auto sheet = parse_rap_sheet(
        "Remediation action plan,,\n,,\nExample Council,November 2026,\n"
        "No.,Vulnerability,Action to be taken,Action owner,Proposed start date,"
        "Target completion date,Actual finish,Lessons learned from this\n"
        "1,Old OpenSSL,Upgrade,Ann Example,1 Dec 2026,31-December-2026,never,Patch sooner\n"
        ",,,,,,,\n"
        ",Weak key,Change it,Bob Example,1.12.2026,2026-12-31,,Plan ahead\n");
    REQUIRE_MESSAGE(sheet.has_value(), sheet.error().detail);
    CHECK(sheet->missing_columns.empty());
    REQUIRE(sheet->items.size() == 2);
    CHECK(sheet->items[0] == RapItem{"Old OpenSSL", "Upgrade", "2026-12-01", "2026-12-31",
                                     "Ann Example", "Patch sooner", "Old OpenSSL"});
    CHECK(sheet->items[1].finding_key == "Weak key");
    CHECK(sheet->lines == std::vector<std::size_t>{5, 7});
}

TEST_CASE("a key goes before a title, and what has no column is said") {
    const auto sheet = parse_rap_sheet("Finding ref,Title,Owner\nF3,Old OpenSSL,Ann Example\n");
    REQUIRE(sheet.has_value());
    CHECK(sheet->items.at(0).finding_key == "F3");
    CHECK(sheet->items.at(0).title == "Old OpenSSL");
    CHECK(sheet->missing_columns ==
          std::vector<std::string>{"Actions", "Planned start", "Planned finish", "Lessons learnt"});
}

TEST_CASE("a plan that cannot be read says which line and column") {
    CHECK(parse_rap_csv("").error().detail.contains("empty"));
    CHECK(parse_rap_csv("a,b\n").error().detail.contains("Finding key"));
    CHECK(parse_rap_csv("a,b\n").error().detail.contains("line 1"));
    CHECK(parse_rap_csv(std::string(100, '\n') + "a,b").error().detail.contains("line 101"));
    const auto key = parse_rap_csv("key,owner\nk,A\n,B\n").error().detail;
    CHECK(key.contains("line 3"));
    CHECK(key.contains("column \"key\""));
    const auto day = parse_rap_csv("key,Start date\nk,31/11/2026\n").error().detail;
    CHECK(day.contains("line 2"));
    CHECK(day.contains("column \"Start date\""));
    CHECK(day.contains("2026-12-31"));
}

TEST_CASE("days are read year first or day first") {
    CHECK(parse_day("2028-02-29") == "2028-02-29");
    for (const auto text : {"1/2/2026", "01.02.2026", "1-Feb-2026", "1 February 2026", "2026/2/1"})
        CHECK_MESSAGE(parse_day(text) == "2026-02-01", text);
    for (const auto text : {"", "2026-02-29", "12/31/2026", "2026-1", "26-01-01", "1/2/26",
                            "1 Fe 2026", "1 Febx 2026", "1 2 3 2026"})
        CHECK_MESSAGE(!parse_day(text), text);
}

TEST_CASE("a plan as OSCAL reads back as it was") {
    const auto poam = sample();
    const auto text = print_poam(poam).value();
    CHECK(parse_poam(text).value() == poam);
    CHECK(text.contains("\"deadline\":\"2026-12-31T00:00:00Z\""));
    CHECK(text.contains("\"oscal-version\":\"1.2.0\""));
}

TEST_CASE("OSCAL is not printed with what it forbids") {
    auto poam = sample();
    poam.items[0].uuid = "1";
    CHECK(print_poam(poam).error().detail.contains("UUID"));
    poam = sample();
    poam.items[0].plan.owner = "Ann\nBob";
    CHECK(print_poam(poam).error().detail.contains("one line"));
    poam = sample();
    poam.items[0].plan.planned_start = "soon";
    CHECK(print_poam(poam).error().detail.contains("no day"));
    poam = sample();
    poam.items[0].plan.finding_key.clear();
    CHECK(!print_poam(poam));
}

TEST_CASE("OSCAL of another tool is read as far as it goes") {
    const auto poam = parse_poam(
        R"({"plan-of-action-and-milestones":{"uuid":"0B7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d80",
        "risks":[{"uuid":"1b7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d81","status":"investigating",
        "deadline":"2026-12-31T12:00:00+01:00"}],
        "poam-items":[{"uuid":"2b7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d82","title":"t","description":"d",
        "related-risks":[{"risk-uuid":"1b7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d81"}]}]}})");
    REQUIRE(poam.has_value());
    CHECK(poam->items[0].plan.finding_key == "2b7a4f2e-9a51-4c3e-8d2f-3f1c5b6a7d82");
    CHECK(poam->items[0].plan.planned_finish == "2026-12-31");
    CHECK(poam->items[0].open);
    CHECK(parse_poam("{").error().detail.contains("not valid JSON"));
    CHECK(parse_poam("[]").error().detail.contains("plan-of-action"));
}

}  // namespace assay::codec::ithc
