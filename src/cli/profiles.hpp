// Profiles by name (they travel in the program) or by file.
#pragma once

#include "base/result.hpp"
#include "cli/options.hpp"
#include "measure/scan.hpp"

namespace assay::cli {

// The profile and those that it names for parked domains and for reverse zones. Error: usage.
base::Result<measure::Profiles> load_profiles(const std::string& name_or_file);

}  // namespace assay::cli
