// Days as people read them. Which day a moment falls on is for the caller to say.
#pragma once

#include <chrono>
#include <string>

namespace assay::base {

// "24 November 2026", as GOV.UK writes dates.
std::string print_long(std::chrono::year_month_day day);

}  // namespace assay::base
