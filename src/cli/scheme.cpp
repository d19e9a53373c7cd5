// `assay scheme check`.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"
#include "cli/schemes.hpp"

namespace assay::cli {

namespace {

struct SchemeOptions {
    std::string scheme;
};

base::Result<int> run_check(const SchemeOptions& options, World& world) {
    ASSAY_TRY(const auto files, scheme_files(options.scheme));
    const auto read = certify::read_scheme(scheme_name(options.scheme), files);
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
