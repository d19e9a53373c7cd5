#include "cli/schemes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "library/resources.hpp"
#include "prove/log_directory.hpp"

namespace assay::cli {

namespace {

std::set<std::string> built_in_names() {
    constexpr std::string_view folder = "schemes/";
    std::set<std::string> out;
    for (const auto& resource : library::resources()) {
        if (!resource.path.starts_with(folder)) continue;
        const auto rest = resource.path.substr(folder.size());
        out.emplace(rest.substr(0, rest.find('/')));
    }
    return out;
}

std::vector<certify::SchemeFile> built_in(const std::string& name) {
    const auto folder = "schemes/" + name + "/";
    std::vector<certify::SchemeFile> out;
    for (const auto& resource : library::resources()) {
        if (resource.path.starts_with(folder))
            out.push_back({std::string(resource.path), std::string(resource.text)});
    }
    return out;
}

}  // namespace

std::string scheme_name(const std::string& name_or_folder) {
    auto path = std::filesystem::path(name_or_folder).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    return path.filename().string();
}

base::Result<std::vector<certify::SchemeFile>> scheme_files(const std::string& name_or_folder) {
    if (built_in_names().contains(name_or_folder)) return built_in(name_or_folder);
    std::error_code failure;
    std::vector<certify::SchemeFile> out;
    for (const auto& entry : std::filesystem::directory_iterator(name_or_folder, failure)) {
        if (entry.path().extension() != ".yaml") continue;
        if (out.size() >= certify::scheme_files_max)
            return base::fail(base::ErrorKind::limit, "A scheme has 32 files at most");
        ASSAY_TRY(auto text,
                  prove::read_file(entry.path().string(), certify::scheme_file_octets_max));
        out.push_back({entry.path().string(), std::move(text)});
    }
    if (failure || out.empty()) {
        std::string names;
        for (const auto& name : built_in_names())
            names += (names.empty() ? "" : ", ") + name;
        return base::fail(base::ErrorKind::usage,
                          fmt::format("'{}' is neither a folder with .yaml files nor one of the "
                                      "schemes that the program has: {}",
                                      name_or_folder, names));
    }
    std::ranges::sort(out, {}, &certify::SchemeFile::path);
    return out;
}

base::Result<std::vector<certify::Scheme>> load_schemes(const std::vector<std::string>& folders) {
    std::vector<std::string> names = folders;
    for (const auto& name : built_in_names())
        names.push_back(name);
    std::vector<certify::Scheme> out;
    for (const auto& name : names) {
        ASSAY_TRY(const auto files, scheme_files(name));
        auto read = certify::read_scheme(scheme_name(name), files);
        if (!read.scheme) {
            const auto& fault = read.faults.front();
            return base::fail(base::ErrorKind::usage,
                              fmt::format("The scheme {} is wrong: {}:{}: {}", name, fault.file,
                                          fault.line, fault.detail));
        }
        if (std::ranges::find(out, read.scheme->id, &certify::Scheme::id) == out.end())
            out.push_back(*std::move(read.scheme));
    }
    return out;
}

}  // namespace assay::cli
