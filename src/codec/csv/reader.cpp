#include "codec/csv/reader.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"

namespace assay::codec::csv {

namespace {

constexpr std::size_t head_length_max = 64 * 1024;  // ours: a header longer than this is none

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string at_line(std::size_t line) {
    return " in the record that begins on line " + std::to_string(line);
}

// Has the first record ended? Quotes as the reader sees them, near enough to find a line end.
bool has_whole_record(std::string_view head) {
    bool quoted = false;
    bool content = false;
    if (head.starts_with(byte_order_mark)) head.remove_prefix(byte_order_mark.size());
    for (const char c : head) {
        if (c == '"') quoted = !quoted;
        if (!quoted && (c == '\n' || c == '\r') && content) return true;
        content = content || (c != '\n' && c != '\r');
    }
    return false;
}

}  // namespace

char sniff_separator(std::string_view head) {
    constexpr std::array candidates{',', ';', '\t'};
    std::array<std::size_t, candidates.size()> counts{};
    bool quoted = false;
    bool content = false;
    for (const char c : head) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' || c == '\r') {
            if (content) break;
            continue;
        }
        content = true;
        for (std::size_t i = 0; i < candidates.size(); ++i)
            counts[i] += c == candidates[i] ? 1 : 0;
    }
    const auto best = std::ranges::max_element(counts);
    return candidates[static_cast<std::size_t>(best - counts.begin())];
}

Reader::Reader(Sink sink, char separator) : sink_(std::move(sink)), separator_(separator) {}

base::Result<void> Reader::feed(std::string_view chunk) {
    if (begun_) return consume(chunk);
    head_ += chunk;
    if (head_.size() < head_length_max && !has_whole_record(head_)) return {};
    return begin();
}

base::Result<void> Reader::begin() {
    begun_ = true;
    std::string_view head = head_;
    if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff"))
        return base::fail(base::ErrorKind::malformed,
                          "the CSV file is in UTF-16: save it as \"CSV UTF-8\" and try again");
    if (head.starts_with(byte_order_mark)) head.remove_prefix(byte_order_mark.size());
    // However the file was cut, the same bytes decide.
    if (separator_ == '\0') separator_ = sniff_separator(head.substr(0, head_length_max));
    const std::string owned(head);
    head_ = {};
    return consume(owned);
}

base::Result<void> Reader::append(std::string_view text) {
    if (cell_.size() + text.size() > cell_length_max)
        return base::fail(base::ErrorKind::limit,
                          "a cell is longer than " + std::to_string(cell_length_max) + " bytes" +
                              at_line(record_.line) + "; is a quote mark not closed there?");
    record_length_ += text.size();
    if (record_length_ > record_length_max)
        return base::fail(base::ErrorKind::limit, "there are more than " +
                                                      std::to_string(record_length_max) + " bytes" +
                                                      at_line(record_.line));
    cell_ += text;
    return {};
}

base::Result<void> Reader::end_cell() {
    if (record_.cells.size() == columns_max)
        return base::fail(base::ErrorKind::limit, "there are more than " +
                                                      std::to_string(columns_max) + " cells" +
                                                      at_line(record_.line));
    record_.cells.push_back(std::move(cell_));
    cell_.clear();
    state_ = State::start;
    return {};
}

base::Result<void> Reader::end_record() {
    const bool blank = record_.cells.empty() && cell_.empty() && !any_quote_;
    if (!blank) {
        if (auto done = end_cell(); !done) return done;
        if (auto done = sink_(record_); !done) return done;
    }
    record_.cells.clear();
    record_length_ = 0;
    any_quote_ = false;
    state_ = State::start;
    return {};
}

base::Result<void> Reader::consume(std::string_view chunk) {
    std::size_t at = 0;
    while (at < chunk.size()) {
        const char c = chunk[at];
        if (state_ == State::quoted) {
            const auto end = std::min(chunk.find('"', at), chunk.size());
            const auto text = chunk.substr(at, end - at);
            line_ += static_cast<std::size_t>(std::ranges::count(text, '\n'));
            if (auto done = append(text); !done) return done;
            at = end;
            if (at < chunk.size()) {
                state_ = State::after_quote;
                ++at;
            }
            continue;
        }
        if (skip_line_feed_ && c == '\n') {
            skip_line_feed_ = false;
            ++at;
            continue;
        }
        skip_line_feed_ = false;
        if (state_ == State::start && record_.cells.empty() && cell_.empty()) record_.line = line_;
        ++at;
        if (c == separator_) {
            if (auto done = end_cell(); !done) return done;
        } else if (c == '\n' || c == '\r') {
            skip_line_feed_ = c == '\r';
            if (auto done = end_record(); !done) return done;
            ++line_;
        } else if (c == '"' && state_ == State::start) {
            state_ = State::quoted;
            any_quote_ = true;
        } else if (c == '"' && state_ == State::after_quote) {
            // RFC 4180 section 2, rule 7: a doubled quote mark stands for one.
            state_ = State::quoted;
            if (auto done = append("\""); !done) return done;
        } else {
            state_ = State::plain;
            if (auto done = append(std::string_view(&c, 1)); !done) return done;
        }
    }
    return {};
}

base::Result<void> Reader::finish() {
    if (!begun_) {
        if (auto done = begin(); !done) return done;
    }
    if (state_ == State::quoted)
        return base::fail(base::ErrorKind::malformed,
                          "a quote mark is never closed" + at_line(record_.line));
    return end_record();
}

base::Result<std::vector<Record>> read_all(std::string_view text) {
    std::vector<Record> out;
    Reader reader([&](const Record& record) -> base::Result<void> {
        out.push_back(record);
        return {};
    });
    if (auto done = reader.feed(text); !done) return std::unexpected(done.error());
    if (auto done = reader.finish(); !done) return std::unexpected(done.error());
    return out;
}

}  // namespace assay::codec::csv
