#include "certify/calendar.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/date.hpp"
#include "base/text.hpp"

namespace assay::certify {

namespace {

namespace chrono = std::chrono;
using chrono::sys_days;

// 01:00 UTC on the last Sunday of the month.
base::Moment change_of_clocks(chrono::year year, chrono::month month) {
    return sys_days(year / month / chrono::Sunday[chrono::last]) + chrono::hours(1);
}

bool is_summer(base::Moment moment) {
    const Date day(chrono::floor<chrono::days>(moment));
    return moment >= change_of_clocks(day.year(), chrono::March) &&
           moment < change_of_clocks(day.year(), chrono::October);
}

Date clamped(chrono::year_month month, chrono::day day) {
    const Date last = month / chrono::last;
    return month / std::min(day, last.day());
}

Date add(Date date, int months, int days) {
    const chrono::year_month month(date.year(), date.month());
    const auto moved = clamped(month + chrono::months(months), date.day());
    return Date(sys_days(moved) + chrono::days(days));
}

// The Gregorian Easter Sunday, by Butcher's method.
sys_days easter(int year) {
    const int a = year % 19, b = year / 100, c = year % 100;
    const int d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    const int h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
    const int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
    const int month = (h + l - 7 * m + 114) / 31, day = (h + l - 7 * m + 114) % 31 + 1;
    return sys_days(chrono::year(year) / month / day);
}

bool is_weekend(sys_days day) {
    const chrono::weekday weekday(day);
    return weekday == chrono::Saturday || weekday == chrono::Sunday;
}

// A holiday on a weekend is kept on the next day that is free (Banking and Financial Dealings Act
// 1971 and the proclamations made each year under it).
sys_days kept_on(sys_days day, sys_days taken) {
    while (is_weekend(day) || day == taken)
        day += chrono::days(1);
    return day;
}

bool is_bank_holiday(sys_days day) {
    const Date date(day);
    const auto year = date.year();
    const auto sunday = easter(static_cast<int>(year));
    const auto christmas = kept_on(sys_days(year / 12 / 25), {});
    const std::array holidays{
        kept_on(sys_days(year / 1 / 1), {}),
        sunday - chrono::days(2),
        sunday + chrono::days(1),
        sys_days(year / chrono::May / chrono::Monday[1]),
        sys_days(year / chrono::May / chrono::Monday[chrono::last]),
        sys_days(year / chrono::August / chrono::Monday[chrono::last]),
        christmas,
        kept_on(sys_days(year / 12 / 26), christmas),
    };
    return std::ranges::find(holidays, day) != holidays.end();
}

}  // namespace

std::string print(Date date) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<Date> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    const auto y = base::parse_decimal(text.substr(0, 4), 9999);
    const auto m = base::parse_decimal(text.substr(5, 2), 12);
    const auto d = base::parse_decimal(text.substr(8, 2), 31);
    if (!y || !m || !d) return std::nullopt;
    const Date date(chrono::year(static_cast<int>(*y)), chrono::month(static_cast<unsigned>(*m)),
                    chrono::day(static_cast<unsigned>(*d)));
    if (!date.ok()) return std::nullopt;
    return date;
}

std::string print_long(Date date) {
    return base::print_long(date);
}

Date date_of(base::Moment moment) {
    if (is_summer(moment)) moment += chrono::hours(1);
    return Date(chrono::floor<chrono::days>(moment));
}

base::Moment start_of(Date date) {
    const base::Moment midnight = sys_days(date);
    // The clocks change at 01:00 UTC, so midnight is always in the time of the day before.
    return is_summer(midnight - chrono::hours(1)) ? midnight - chrono::hours(1) : midnight;
}

Date plus(Date date, Period period) {
    return add(date, static_cast<int>(period.months), static_cast<int>(period.days));
}

Date minus(Date date, Period period) {
    return add(date, -static_cast<int>(period.months), -static_cast<int>(period.days));
}

int days_between(Date from, Date to) {
    return static_cast<int>((sys_days(to) - sys_days(from)).count());
}

bool is_working_day(Date date) {
    const sys_days day(date);
    return !is_weekend(day) && !is_bank_holiday(day);
}

Date working_day_on_or_before(Date date) {
    sys_days day(date);
    while (!is_working_day(Date(day)))
        day -= chrono::days(1);
    return Date(day);
}

}  // namespace assay::certify
