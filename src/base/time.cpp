#include "base/time.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace assay::base {

std::string print(Moment moment) {
    using namespace std::chrono;
    const auto day = floor<days>(moment);
    const year_month_day date(day);
    const hh_mm_ss time(moment - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::optional<Moment> parse_moment(std::string_view text) {
    using namespace std::chrono;
    if (text.size() != 20 || text[4] != '-' || text[7] != '-' || (text[10] != 'T') ||
        text[13] != ':' || text[16] != ':' || text[19] != 'Z') {
        return std::nullopt;
    }
    const auto number = [&](std::size_t at, std::size_t length, unsigned max) {
        return parse_decimal(text.substr(at, length), max);
    };
    const auto y = number(0, 4, 9999), mo = number(5, 2, 12), d = number(8, 2, 31);
    const auto h = number(11, 2, 23), mi = number(14, 2, 59), s = number(17, 2, 59);
    if (!y || !mo || !d || !h || !mi || !s) return std::nullopt;
    const year_month_day date(year(static_cast<int>(*y)), month(static_cast<unsigned>(*mo)),
                              day(static_cast<unsigned>(*d)));
    if (!date.ok()) return std::nullopt;
    return sys_days(date) + hours(*h) + minutes(*mi) + seconds(*s);
}

}  // namespace assay::base
