#include "certify/calendar.hpp"

#include <doctest/doctest.h>

namespace assay::certify {

namespace {

Date date(std::string_view text) {
    const auto read = parse_date(text);
    REQUIRE_MESSAGE(read.has_value(), text);
    return *read;
}

base::Moment moment(std::string_view text) {
    const auto read = base::parse_moment(text);
    REQUIRE_MESSAGE(read.has_value(), text);
    return *read;
}

}  // namespace

TEST_CASE("calendar months are clamped to the end of the month") {
    CHECK(print(minus(date("2026-08-31"), {.months = 6})) == "2026-02-28");
    CHECK(print(minus(date("2024-08-31"), {.months = 6})) == "2024-02-29");
    CHECK(print(minus(date("2026-08-31"), {.months = 12})) == "2025-08-31");
    CHECK(print(plus(date("2024-02-29"), {.months = 12})) == "2025-02-28");
    CHECK(print(plus(date("2026-12-31"), {.months = 2})) == "2027-02-28");
    CHECK(print(plus(date("2026-11-24"), {.months = 1, .days = 14})) == "2027-01-07");
    CHECK(days_between(date("2026-03-28"), date("2026-03-30")) == 2);
}

TEST_CASE("a date is the date in London, in summer time too") {
    CHECK(print(date_of(moment("2026-03-29T00:59:59Z"))) == "2026-03-29");
    CHECK(print(date_of(moment("2026-03-28T23:59:59Z"))) == "2026-03-28");
    CHECK(print(date_of(moment("2026-03-29T22:59:59Z"))) == "2026-03-29");
    CHECK(print(date_of(moment("2026-03-29T23:00:00Z"))) == "2026-03-30");
    CHECK(print(date_of(moment("2026-10-24T23:00:00Z"))) == "2026-10-25");
    CHECK(print(date_of(moment("2026-10-25T23:00:00Z"))) == "2026-10-25");
    CHECK(start_of(date("2026-03-29")) == moment("2026-03-29T00:00:00Z"));
    CHECK(start_of(date("2026-03-30")) == moment("2026-03-29T23:00:00Z"));
    CHECK(start_of(date("2026-10-25")) == moment("2026-10-24T23:00:00Z"));
    CHECK(start_of(date("2026-10-26")) == moment("2026-10-26T00:00:00Z"));
    for (auto day = date("2026-01-01"); day < date("2028-01-01"); day = plus(day, {.days = 1})) {
        CHECK(date_of(start_of(day)) == day);
        CHECK(date_of(start_of(day) - std::chrono::seconds(1)) == minus(day, {.days = 1}));
    }
}

TEST_CASE("working days leave out weekends and bank holidays") {
    for (const auto holiday :
         {"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31",
          "2026-12-25", "2026-12-28", "2027-12-27", "2027-12-28", "2022-01-03"}) {
        CHECK_MESSAGE(!is_working_day(date(holiday)), holiday);
    }
    for (const auto day : {"2026-01-02", "2026-04-02", "2026-12-29", "2026-11-24"})
        CHECK_MESSAGE(is_working_day(date(day)), day);
    CHECK(print(working_day_on_or_before(date("2026-04-06"))) == "2026-04-02");
    CHECK(print(working_day_on_or_before(date("2026-11-24"))) == "2026-11-24");
}

TEST_CASE("only dates that exist are read") {
    for (const auto text : {"2026-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026-01-01 ", "",
                            "2026/01/01", "2026-00-10", "2026-01-00"}) {
        CHECK_MESSAGE(!parse_date(text), text);
    }
    CHECK(print_long(date("2024-02-29")) == "29 February 2024");
}

}  // namespace assay::certify
