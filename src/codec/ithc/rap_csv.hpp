// The plan as CSV that people fill in with a spreadsheet.
#pragma once

#include <span>
#include <vector>

#include "base/result.hpp"
#include "codec/ithc/rap.hpp"

namespace assay::codec::ithc {

// With a header; formula-safe (see codec/csv/writer.hpp).
std::string print_rap_csv(std::span<const RapItem> items);

struct RapSheet {
    std::vector<RapItem> items;
    std::vector<std::size_t> lines;            // where items[i] begins
    std::vector<std::string> missing_columns;  // what the sheet has no column for: "Owner"

    bool operator==(const RapSheet&) const = default;
};

// A plan in whatever layout: rows above the one that names the columns are left out, columns stand
// in any order and have other usual names ("Action taken", "Due date", "Assigned to"); others are
// ignored. A finding is named by its key, or by its title where there is no key. Rows with nothing
// in them are left out. Text that is not UTF-8 is read as Windows-1252, and surrounding blanks go.
//
// Errors: malformed (no row of names, a row without a finding, a date that is none: with line and
// column), limit.
base::Result<RapSheet> parse_rap_sheet(std::string_view text);
base::Result<std::vector<RapItem>> parse_rap_csv(std::string_view text);  // the items alone

}  // namespace assay::codec::ithc
