// Comma-separated values (RFC 4180) that a spreadsheet opens as text and never as a formula.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace assay::codec::csv {

// A spreadsheet runs a cell that begins with = + - @, a tab or a line end. Such a cell gets an
// apostrophe in front, which spreadsheets take as "this is text". Numbers (-1.5, +3) stay. A cell
// that looks guarded already gets one apostrophe more, so that unguard(guard(x)) == x always.
std::string guard(std::string_view text);
std::string unguard(std::string_view cell);

// The cells guarded, quoted where RFC 4180 section 2 asks for it, ended by CR LF.
std::string print_record(std::span<const std::string> cells);

}  // namespace assay::codec::csv
