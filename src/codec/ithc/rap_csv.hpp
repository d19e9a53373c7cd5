// The plan as CSV that people fill in with a spreadsheet.
#pragma once

#include <span>
#include <vector>

#include "base/result.hpp"
#include "codec/ithc/rap.hpp"

namespace assay::codec::ithc {

// With a header; formula-safe (see codec/csv/writer.hpp).
std::string print_rap_csv(std::span<const RapItem> items);

// Columns in any order and with other usual names ("Action", "Due date", "Assigned to"); others
// are ignored. Rows with nothing in them are left out. Text that is not UTF-8 is read as
// Windows-1252, and surrounding blanks go.
//
// Errors: malformed (no header, a row without a key, a date that is none: with the line), limit.
base::Result<std::vector<RapItem>> parse_rap_csv(std::string_view text);

}  // namespace assay::codec::ithc
