// Another program run once: bytes in, bytes out, never through a shell.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace assay::document {

struct ChildOutput {
    int status = 0;  // exit code; 128 + signal when it was killed
    std::string output;
    std::string complaints;  // standard error, its first 4 KiB
};

struct ChildLimits {
    std::size_t output_max = 16 << 20;
    int timeout_ms = 30'000;  // for all of it
};

// The environment is only what is given. Error limit: too much output. Error timeout: killed.
// Error usage: the program is not there.
base::Result<ChildOutput> run_child(const std::filesystem::path& program,
                                    const std::vector<std::string>& arguments,
                                    const std::vector<std::string>& environment,
                                    std::string_view input, ChildLimits limits = {});

}  // namespace assay::document
