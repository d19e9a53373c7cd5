// Dates as the scheme's people use them: civil dates of the United Kingdom, calendar months,
// working days. Moments are UTC; a rule is decided on the date in London.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "certify/scheme.hpp"

namespace assay::certify {

using Date = std::chrono::year_month_day;

std::string print(Date date);                           // 2026-11-24
std::optional<Date> parse_date(std::string_view text);  // a day that exists
std::string print_long(Date date);                      // 24 November 2026

// The date in London. Summer time runs from the last Sunday of March to the last Sunday of
// October, 01:00 UTC each (The Summer Time Order 2002).
Date date_of(base::Moment moment);
base::Moment start_of(Date date);  // midnight in London

// Calendar months, clamped to the month's end (31 August less 6 months is 28 or 29 February), then
// days.
Date plus(Date date, Period period);
Date minus(Date date, Period period);
int days_between(Date from, Date to);

// Monday to Friday, without the bank holidays of England and Wales. Those that were moved or added
// by proclamation are not known here.
bool is_working_day(Date date);
Date working_day_on_or_before(Date date);

}  // namespace assay::certify
