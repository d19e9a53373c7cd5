#include "base/date.hpp"

#include <fmt/format.h>

#include <array>

namespace assay::base {

std::string print_long(std::chrono::year_month_day day) {
    constexpr std::array names{"January",   "February", "March",    "April",
                               "May",       "June",     "July",     "August",
                               "September", "October",  "November", "December"};
    return fmt::format("{} {} {}", static_cast<unsigned>(day.day()),
                       names[static_cast<unsigned>(day.month()) - 1], static_cast<int>(day.year()));
}

}  // namespace assay::base
