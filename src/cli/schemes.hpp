// The schemes that travel in the program, and others by folder.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "certify/scheme.hpp"

namespace assay::cli {

// The files of a scheme: a folder, or the name of one that travels in the program. Error: usage.
base::Result<std::vector<certify::SchemeFile>> scheme_files(const std::string& name_or_folder);

// The last part of a folder's path, which is the scheme's id.
std::string scheme_name(const std::string& name_or_folder);

// All that travel in the program, and those of `folders`. Error: usage, naming the first fault.
base::Result<std::vector<certify::Scheme>> load_schemes(const std::vector<std::string>& folders);

}  // namespace assay::cli
