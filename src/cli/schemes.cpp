#include "cli/schemes.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/commands.hpp"
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

std::string name_of(const std::string& name_or_folder) {
    auto path = std::filesystem::path(name_or_folder).lexically_normal();
    if (path.filename().empty()) path = path.parent_path();
    return path.filename().string();
}

struct SchemeOptions {
    std::string scheme;
};

base::Result<int> run_check(const SchemeOptions& options, World& world) {
    ASSAY_TRY(const auto files, scheme_files(options.scheme));
    const auto read = certify::read_scheme(name_of(options.scheme), files);
    for (const auto& fault : read.faults) {
        fmt::print(world.out, "{}:{}: {}: {}\n", fault.file, fault.line, fault.rule, fault.detail);
    }
    if (!read.scheme) {
        fmt::print(world.err, "assay: {} faults in {}\n", read.faults.size(), options.scheme);
        return exit_usage;
    }
    const auto& scheme = *read.scheme;
    fmt::print(world.out,
               "{} {} is a scheme: {} questions, {} conditions, {} documents, {} commitments, {} "
               "rules.\nSHA-256 {}\n",
               scheme.id, scheme.version, scheme.questions.size(), scheme.conditions.size(),
               scheme.documents.size(), scheme.commitments.size(), scheme.rules.size(),
               scheme.sha256);
    return exit_met;
}

}  // namespace

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
        auto read = certify::read_scheme(name_of(name), files);
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

void add_scheme(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<SchemeOptions>();
    auto* command = app.add_subcommand("scheme", "Compliance schemes as data");
    command->require_subcommand(1);
    auto* check = command->add_subcommand("check",
                                          "Validate a scheme: each fault with its file, "
                                          "line and rule");
    check->add_option("scheme", options->scheme, "A folder of .yaml files, or a scheme's name")
        ->required()
        ->type_name("FOLDER|NAME");
    check->footer("Exit codes: 0 it is a scheme; 2 it is not.");
    check->callback([options, &world, &code] {
        const auto result = run_check(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
}

}  // namespace assay::cli
