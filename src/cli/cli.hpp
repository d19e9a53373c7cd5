// The command line: `assay COMMAND ...`.
#pragma once

#include "cli/options.hpp"

namespace assay::cli {

// Returns the exit code. Writes only to the world's streams.
int run(int argc, const char* const* argv, World& world);

}  // namespace assay::cli
