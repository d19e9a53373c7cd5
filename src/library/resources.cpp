#include "library/resources.hpp"

#include <algorithm>
#include <string>

namespace assay::library {

std::optional<std::string_view> resource(std::string_view path) {
    const auto all = resources();
    const auto at = std::ranges::lower_bound(all, path, {}, &Resource::path);
    if (at == all.end() || at->path != path) return std::nullopt;
    return at->text;
}

std::optional<std::string_view> profile(std::string_view name) {
    return resource("profiles/" + std::string(name) + ".yaml");
}

std::vector<std::string_view> profile_names() {
    constexpr std::string_view folder = "profiles/", extension = ".yaml";
    std::vector<std::string_view> out;
    for (const auto& resource : resources()) {
        if (!resource.path.starts_with(folder) || !resource.path.ends_with(extension)) continue;
        auto name = resource.path.substr(folder.size());
        out.push_back(name.substr(0, name.size() - extension.size()));
    }
    return out;
}

std::optional<std::string_view> guidance(std::string_view check_id) {
    return resource("guidance/" + std::string(check_id) + ".md");
}

}  // namespace assay::library
