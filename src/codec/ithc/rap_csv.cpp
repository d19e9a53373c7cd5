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

constexpr std::size_t rows_before_header_max = 30;  // ours: a letterhead of a spreadsheet

// `names` are whole headers, normalised. `words` are for the others: one of up to three letters is
// a word of the header, a longer one begins such a word.
struct Column {
    std::string_view title;
    std::string_view names;  // separated by blanks
    std::string_view words;
    std::string RapItem::* member;
    bool date;
};
constexpr std::array columns{
    Column{"Finding key", "findingkey key finding findingid id issue",
           "ref reference id key number", &RapItem::finding_key, false},
    Column{"Title", "title findingtitle issuetitle", "title vulnerab weakness finding issue",
           &RapItem::title, false},
    Column{"Actions", "actions action fix", "action remed mitigat treatment", &RapItem::actions,
           false},
    Column{"Planned start", "plannedstart start startdate", "start begin commence",
           &RapItem::planned_start, true},
    Column{"Planned finish", "plannedfinish finish enddate due duedate deadline targetdate",
           "finish end due target completion deadline", &RapItem::planned_finish, true},
    Column{"Owner", "owner actionowner assignee", "owner responsib assign", &RapItem::owner, false},
    Column{"Lessons learnt", "lessonslearnt lessonslearned lessons", "lesson learn",
           &RapItem::lessons_learnt, false}};
// "Action owner" is about the owner, "Start of action" about the start.
constexpr std::array<std::size_t, columns.size()> by_words{6, 5, 3, 4, 0, 2, 1};

const Column* column_by_name(std::string_view header) {
    const auto name = normalised(header);
    for (const auto& column : columns) {
        const auto names = base::split(column.names, ' ');
        if (std::ranges::find(names, name) != names.end()) return &column;
    }
    return nullptr;
}

std::vector<std::string> words_of(std::string_view header) {
    std::vector<std::string> out(1);
    for (const char c : header) {
        if (base::is_alnum(c)) {
            out.back() += base::to_lower(c);
        } else if (!out.back().empty()) {
            out.emplace_back();
        }
    }
    return out;
}

const Column* column_by_words(std::string_view header) {
    const auto header_words = words_of(header);
    // What was done is another column than what is planned.
    if (std::ranges::find(header_words, "actual") != header_words.end()) return nullptr;
    for (const auto index : by_words) {
        for (const auto word : base::split(columns[index].words, ' ')) {
            const auto fits = [&](const std::string& text) {
                return word.size() <= 3 ? text == word : text.starts_with(word);
            };
            if (std::ranges::any_of(header_words, fits)) return &columns[index];
        }
    }
    return nullptr;
}

std::string two_digits(std::uint64_t number) {
    return (number < 10 ? "0" : "") + std::to_string(number);
}

class Parser {
  public:
    base::Result<void> row(const csv::Record& record);
    base::Result<RapSheet> finish();

  private:
    bool take_header(const csv::Record& record);
    base::Result<void> cell(std::size_t place, const csv::Record& record, RapItem& item) const;

    std::vector<const Column*> header_;  // null: ignored
    std::vector<std::string> names_;     // as the file has them
    std::size_t first_line_ = 0, rows_before_ = 0;
    RapSheet sheet_;
};

std::unexpected<base::Error> no_header(std::size_t line) {
    return base::fail(base::ErrorKind::malformed,
                      "line " + std::to_string(line) +
                          " of the plan should name the columns: \"Finding key\" or \"Title\", "
                          "\"Actions\", \"Planned start\", \"Planned finish\", \"Owner\", "
                          "\"Lessons learnt\"");
}

// Does this row name columns, one of them the finding? Whole names go before words, and of two
// columns for one thing the first counts.
bool Parser::take_header(const csv::Record& record) {
    std::vector<const Column*> found(record.cells.size());
    for (const auto& look : {column_by_name, column_by_words}) {
        for (std::size_t i = 0; i < found.size(); ++i) {
            if (found[i] != nullptr) continue;
            const auto* column = look(record.cells[i]);
            if (std::ranges::find(found, column) == found.end()) found[i] = column;
        }
    }
    const auto has = [&](const Column& one) {
        return std::ranges::find(found, &one) != found.end();
    };
    if (std::ranges::count_if(columns, has) < 2 || (!has(columns[0]) && !has(columns[1])))
        return false;
    for (const auto& column : columns) {
        if (!has(column) && column.member != &RapItem::finding_key &&
            column.member != &RapItem::title)
            sheet_.missing_columns.emplace_back(column.title);
    }
    header_ = std::move(found);
    names_ = record.cells;
    return true;
}

std::string place_in(const csv::Record& record, std::string_view column) {
    return "line " + std::to_string(record.line) + " of the plan, column \"" +
           base::quote_for_display(base::trim(column), 40) + "\": ";
}

base::Result<void> Parser::cell(std::size_t place, const csv::Record& record, RapItem& item) const {
    const auto* column = header_[place];
    std::uint64_t repaired = 0;
    const auto text = text_of_cell(csv::unguard(record.cells[place]), repaired);
    auto& value = item.*column->member;
    value = base::trim(text);
    if (!column->date || value.empty()) return {};
    auto day = parse_day(value);
    if (!day) {
        return base::fail(base::ErrorKind::malformed,
                          place_in(record, names_[place]) + "\"" +
                              base::quote_for_display(value, 40) +
                              "\" is no day; write it as 2026-12-31 or 31/12/2026");
    }
    value = *std::move(day);
    return {};
}

base::Result<void> Parser::row(const csv::Record& record) {
    if (header_.empty()) {
        if (first_line_ == 0) first_line_ = record.line;
        if (take_header(record) || ++rows_before_ <= rows_before_header_max) return {};
        return no_header(first_line_);
    }
    RapItem item;
    for (std::size_t i = 0; i < std::min(header_.size(), record.cells.size()); ++i) {
        if (header_[i] == nullptr) continue;
        if (auto read = cell(i, record, item); !read) return read;
    }
    if (item == RapItem()) return {};
    if (item.finding_key.empty()) item.finding_key = item.title;
    if (item.finding_key.empty()) {
        const auto key = std::ranges::find_if(
            header_, [](const Column* one) { return one == &columns[0] || one == &columns[1]; });
        return base::fail(
            base::ErrorKind::malformed,
            place_in(record, names_[static_cast<std::size_t>(key - header_.begin())]) +
                "it is empty, so nobody knows which finding the row is about; fill "
                "it in, one row a finding");
    }
    if (sheet_.items.size() == rap_items_max)
        return base::fail(base::ErrorKind::limit,
                          "the plan has more than " + std::to_string(rap_items_max) + " rows");
    sheet_.items.push_back(std::move(item));
    sheet_.lines.push_back(record.line);
    return {};
}

base::Result<RapSheet> Parser::finish() {
    if (!header_.empty()) return std::move(sheet_);
    if (first_line_ != 0) return no_header(first_line_);
    return base::fail(base::ErrorKind::malformed, "the plan is empty: it has no column names");
}

// "December", "Dec", "12".
std::optional<std::uint64_t> parse_month(std::string_view text) {
    constexpr std::array names{"january",   "february", "march",    "april",
                               "may",       "june",     "july",     "august",
                               "september", "october",  "november", "december"};
    const auto word = base::lower(text);
    for (std::size_t i = 0; i < names.size() && word.size() >= 3; ++i) {
        if (std::string_view(names[i]).starts_with(word)) return i + 1;
    }
    return text.size() > 2 ? std::nullopt : base::parse_decimal(text, 12);
}

std::vector<std::string_view> parts_of(std::string_view text, std::string_view separators) {
    std::vector<std::string_view> out;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of(separators), text.size());
        if (end > 0) out.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

}  // namespace

std::optional<std::string> parse_day(std::string_view text) {
    const auto parts = parts_of(base::trim(text), "/-. ");
    if (parts.size() != 3) return std::nullopt;
    const bool year_first = parts[0].size() == 4;
    const auto year_text = year_first ? parts[0] : parts[2];
    const auto day_text = year_first ? parts[2] : parts[0];
    if (year_text.size() != 4 || day_text.size() > 2) return std::nullopt;
    const auto year = base::parse_decimal(year_text, 9999);
    const auto month = parse_month(parts[1]);
    const auto day = base::parse_decimal(day_text, 31);
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

base::Result<RapSheet> parse_rap_sheet(std::string_view text) {
    if (text.size() > rap_length_max)
        return base::fail(base::ErrorKind::limit,
                          "the plan is longer than " + std::to_string(rap_length_max) + " bytes");
    Parser parser;
    csv::Reader reader([&](const csv::Record& record) { return parser.row(record); });
    if (auto done = reader.feed(text); !done) return std::unexpected(done.error());
    if (auto done = reader.finish(); !done) return std::unexpected(done.error());
    return parser.finish();
}

base::Result<std::vector<RapItem>> parse_rap_csv(std::string_view text) {
    ASSAY_TRY(auto sheet, parse_rap_sheet(text));
    return std::move(sheet.items);
}

}  // namespace assay::codec::ithc
