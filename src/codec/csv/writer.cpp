#include "codec/csv/writer.hpp"

#include "base/text.hpp"

namespace assay::codec::csv {

namespace {

std::size_t digits(std::string_view text, std::size_t at) {
    while (at < text.size() && base::is_digit(text[at]))
        ++at;
    return at;
}

// Sign, digits, and digits after a point: nothing that a spreadsheet would calculate.
bool is_number(std::string_view text) {
    std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    const auto whole = digits(text, at);
    if (whole == at) return false;
    at = whole;
    if (at == text.size()) return true;
    if (text[at] != '.') return false;
    const auto fraction = digits(text, at + 1);
    return fraction > at + 1 && fraction == text.size();
}

bool is_formula_like(std::string_view text) {
    const auto begin = text.find_first_not_of('\'');
    if (begin == std::string_view::npos) return false;
    const auto rest = text.substr(begin);
    return std::string_view("=+-@\t\r\n").contains(rest[0]) && !is_number(rest);
}

}  // namespace

std::string guard(std::string_view text) {
    return (is_formula_like(text) ? "'" : "") + std::string(text);
}

std::string unguard(std::string_view cell) {
    if (cell.starts_with('\'') && is_formula_like(cell)) cell.remove_prefix(1);
    return std::string(cell);
}

std::string print_record(std::span<const std::string> cells) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) out += ',';
        const auto cell = guard(cells[i]);
        // A record of one empty cell would read as a blank line.
        const bool lonely = cells.size() == 1 && cell.empty();
        if (!lonely && cell.find_first_of(",;\t\"\r\n") == std::string::npos) {
            out += cell;
            continue;
        }
        out += '"';
        for (const char c : cell) {
            if (c == '"') out += '"';
            out += c;
        }
        out += '"';
    }
    return out + "\r\n";
}

}  // namespace assay::codec::csv
