// A scheme's words with what stands in {braces} filled in.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace assay::certify {

// Each {name} that has a value becomes it, once: braces within a value stay as they are.
std::string fill(std::string_view words, const std::map<std::string, std::string>& values);

}  // namespace assay::certify
