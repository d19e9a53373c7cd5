// Texts that travel inside the program: profiles, guidance, and whatever else is data. The build
// collects them.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace assay::library {

struct Resource {
    std::string_view path;  // "guidance/dmarc.policy.md", relative to the project's root
    std::string_view text;
};

std::span<const Resource> resources();  // ascending by path
std::optional<std::string_view> resource(std::string_view path);

std::optional<std::string_view> profile(std::string_view name);  // YAML
std::vector<std::string_view> profile_names();
std::optional<std::string_view> guidance(std::string_view check_id);  // Markdown

}  // namespace assay::library
