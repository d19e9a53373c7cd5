#include "codec/ithc/rap_csv.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>

#include "base/text.hpp"
#include "codec/csv/reader.hpp"
#include "codec/csv/writer.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

namespace {

struct Column {
    std::string_view title;
    std::string_view names;  // normalised, separated by blanks
    std::string RapItem::* member;
    bool date;
};
constexpr std::array columns{
    Column{"Finding key", "findingkey key finding findingid id issue reference ref",
           &RapItem::finding_key, false},
    Column{"Actions", "actions action remediation remediationaction plannedaction fix",
           &RapItem::actions, false},
    Column{"Planned start", "plannedstart start startdate plannedstartdate",
           &RapItem::planned_start, true},
    Column{"Planned finish",
           "plannedfinish finish finishdate plannedfinishdate plannedend enddate due duedate "
           "deadline targetdate",
           &RapItem::planned_finish, true},
    Column{"Owner", "owner actionowner responsible assignedto assignee", &RapItem::owner, false},
    Column{"Lessons learnt", "lessonslearnt lessonslearned lessons", &RapItem::lessons_learnt,
           false}};

const Column* column_for(std::string_view header) {
    const auto name = normalised(header);
    for (const auto& column : columns) {
        const auto names = base::split(column.names, ' ');
        if (std::ranges::find(names, name) != names.end()) return &column;
    }
    return nullptr;
}

std::string two_digits(std::uint64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

class Parser {
  public:
    base::Result<void> row(const csv::Record& record);
    std::vector<RapItem>& items() { return items_; }
    bool has_header() const { return !header_.empty(); }

  private:
    base::Result<void> header(const csv::Record& record);

    std::vector<const Column*> header_;  // null: ignored
    std::vector<RapItem> items_;
};

base::Result<void> Parser::header(const csv::Record& record) {
    bool key = false;
    for (const auto& cell : record.cells) {
        const auto* column = column_for(cell);
        // Of two columns for one thing the first counts.
        if (std::ranges::find(header_, column) != header_.end()) column = nullptr;
        key = key || column == &columns[0];
        header_.push_back(column);
    }
    if (key) return {};
    return base::fail(base::ErrorKind::malformed,
                      "line " + std::to_string(record.line) +
                          " of the plan should name the columns, one of them \"Finding key\"");
}

base::Result<void> Parser::row(const csv::Record& record) {
    if (header_.empty()) return header(record);
    RapItem item;
    bool content = false;
    const auto where = "line " + std::to_string(record.line) + " of the plan: ";
    for (std::size_t i = 0; i < std::min(header_.size(), record.cells.size()); ++i) {
        const auto* column = header_[i];
        if (column == nullptr) continue;
        std::uint64_t repaired = 0;
        const auto text = text_of_cell(csv::unguard(record.cells[i]), repaired);
        auto& value = item.*column->member;
        value = base::trim(text);
        content = content || !value.empty();
        if (!column->date || value.empty()) continue;
        auto day = parse_day(value);
        if (!day)
            return base::fail(base::ErrorKind::malformed,
                              where + "\"" + base::quote_for_display(value, 40) +
                                  "\" is no day; write it as 2026-12-31 or 31/12/2026");
        value = *std::move(day);
    }
    if (!content) return {};
    if (item.finding_key.empty())
        return base::fail(base::ErrorKind::malformed,
                          where + "the finding key is missing, so nobody knows what it is about");
    if (items_.size() == rap_items_max)
        return base::fail(base::ErrorKind::limit,
                          "the plan has more than " + std::to_string(rap_items_max) + " rows");
    items_.push_back(std::move(item));
    return {};
}

}  // namespace

std::optional<std::string> parse_day(std::string_view text) {
    text = base::trim(text);
    const bool slashes = text.contains('/');
    const auto parts = base::split(text, slashes ? '/' : '-');
    if (parts.size() != 3) return std::nullopt;
    const auto year_text = slashes ? parts[2] : parts[0];
    if (year_text.size() != 4 || parts[1].size() > 2 || parts[slashes ? 0 : 2].size() > 2)
        return std::nullopt;
    const auto year = base::parse_decimal(year_text, 9999);
    const auto month = base::parse_decimal(parts[1], 12);
    const auto day = base::parse_decimal(parts[slashes ? 0 : 2], 31);
    if (!year || !month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                           std::chrono::month(static_cast<unsigned>(*month)),
                                           std::chrono::day(static_cast<unsigned>(*day))};
    if (!date.ok()) return std::nullopt;
    return std::string(year_text) + "-" + two_digits(*month) + "-" + two_digits(*day);
}

std::string print_rap_csv(std::span<const RapItem> items) {
    std::vector<std::string> cells;
    for (const auto& column : columns)
        cells.emplace_back(column.title);
    auto out = csv::print_record(cells);
    for (const auto& item : items) {
        for (std::size_t i = 0; i < columns.size(); ++i)
            cells[i] = item.*columns[i].member;
        out += csv::print_record(cells);
    }
    return out;
}

base::Result<std::vector<RapItem>> parse_rap_csv(std::string_view text) {
    if (text.size() > rap_length_max)
        return base::fail(base::ErrorKind::limit,
                          "the plan is longer than " + std::to_string(rap_length_max) + " bytes");
    Parser parser;
    csv::Reader reader([&](const csv::Record& record) { return parser.row(record); });
    if (auto done = reader.feed(text); !done) return std::unexpected(done.error());
    if (auto done = reader.finish(); !done) return std::unexpected(done.error());
    if (!parser.has_header())
        return base::fail(base::ErrorKind::malformed, "the plan is empty: it has no column names");
    return std::move(parser.items());
}

}  // namespace assay::codec::ithc
