#include "base/text.hpp"
#include "document/pdf_check.hpp"

#include <fmt/format.h>

namespace assay::document {

namespace {

// Two digits from the front of `text`, or `missing` where the date ends before.
std::optional<unsigned> take_two(std::string_view& text, unsigned missing, unsigned max) {
    if (text.empty() || !base::is_digit(text.front())) return missing;
    const auto value = base::parse_decimal(text.substr(0, 2), max);
    if (text.size() < 2 || !value) return std::nullopt;
    text.remove_prefix(2);
    return static_cast<unsigned>(*value);
}

// "Z", "+01'00'", "-05'00", "+01": seconds to take away.
std::optional<std::chrono::seconds> take_offset(std::string_view text) {
    if (text.empty() || text.starts_with('Z')) return std::chrono::seconds(0);
    const int sign = text.front() == '+' ? 1 : -1;
    if (text.front() != '+' && text.front() != '-') return std::nullopt;
    text.remove_prefix(1);
    const auto hours = take_two(text, 0, 23);
    if (text.starts_with('\'')) text.remove_prefix(1);
    const auto minutes = take_two(text, 0, 59);
    if (!hours || !minutes) return std::nullopt;
    return std::chrono::seconds(sign * static_cast<int>(*hours * 3600 + *minutes * 60));
}

}  // namespace

std::optional<base::Moment> parse_pdf_date(std::string_view text) {
    if (text.starts_with("D:")) text.remove_prefix(2);
    const auto year = base::parse_decimal(text.substr(0, 4), 9999);
    if (text.size() < 4 || !year) return std::nullopt;
    text.remove_prefix(4);
    const auto month = take_two(text, 1, 12);
    const auto day = take_two(text, 1, 31);
    const auto hour = take_two(text, 0, 23);
    const auto minute = take_two(text, 0, 59);
    const auto second = take_two(text, 0, 59);
    const auto offset = take_offset(text);
    if (!month || !day || !hour || !minute || !second || !offset) return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(*month), std::chrono::day(*day));
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
           std::chrono::seconds(*second) - *offset;
}

std::string print_pdf_date(base::Moment moment) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(moment - day);
    return fmt::format("D:{:04}{:02}{:02}{:02}{:02}{:02}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace assay::document
