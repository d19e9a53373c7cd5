// Findings as CSV for a spreadsheet; the reader of generic CSV reads it again.
#pragma once

#include <string>

#include "codec/ithc/finding.hpp"

namespace assay::codec::ithc {

// Formula-safe (see codec/csv/writer.hpp): evidence is text from outside.
std::string findings_csv_header();
std::string print_csv_row(const Finding& finding);

}  // namespace assay::codec::ithc
