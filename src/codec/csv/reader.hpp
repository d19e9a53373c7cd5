// Comma-separated values (RFC 4180), read as a stream: line breaks and quotes inside cells, a byte
// order mark, and the separators that spreadsheets write (comma, semicolon, tab).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace assay::codec::csv {

inline constexpr std::size_t cell_length_max = 1024 * 1024;        // ours: a long plugin output
inline constexpr std::size_t record_length_max = 4 * 1024 * 1024;  // ours: bounds memory
inline constexpr std::size_t columns_max = 1024;                   // ours: the widest seen is 70

struct Record {
    std::vector<std::string> cells;  // at least one; bytes as they stand in the file
    std::size_t line = 1;            // where the record begins, counted from 1

    bool operator==(const Record&) const = default;
};

// Called once a record; what it returns ends the reading.
using Sink = std::function<base::Result<void>(const Record&)>;

// Blank lines are left out. A quote mark inside an unquoted cell is text, and so is what follows a
// closing quote: exporters do both.
//
// Errors: malformed (a quote that is never closed; UTF-16), limit (cell, record, columns).
class Reader {
  public:
    // The separator is taken from the first record unless it is given.
    explicit Reader(Sink sink, char separator = '\0');

    base::Result<void> feed(std::string_view chunk);
    base::Result<void> finish();
    char separator() const { return separator_; }

  private:
    enum class State { start, plain, quoted, after_quote };

    base::Result<void> begin();
    base::Result<void> consume(std::string_view chunk);
    base::Result<void> end_cell();
    base::Result<void> end_record();
    base::Result<void> append(std::string_view text);

    Sink sink_;
    std::string head_;  // until the separator is known
    bool begun_ = false;
    char separator_;
    State state_ = State::start;
    bool skip_line_feed_ = false;  // the second half of CR LF
    bool any_quote_ = false;       // a record of one empty quoted cell is not a blank line
    std::string cell_;
    Record record_;
    std::size_t record_length_ = 0;
    std::size_t line_ = 1;
};

// The separator that splits the first record of `head` into most cells; a comma if none does.
char sniff_separator(std::string_view head);

// All records of a small text.
base::Result<std::vector<Record>> read_all(std::string_view text);

}  // namespace assay::codec::csv
