#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>

#include "base/text.hpp"
#include "check/catalogue.hpp"
#include "cli/commands.hpp"
#include "cli/profiles.hpp"
#include "library/resources.hpp"

namespace assay::cli {

namespace {

struct ExplainOptions {
    std::string id;
    std::string profile = "uk-government";
};

void list_checks(World& world) {
    for (const auto* check : check::catalogue())
        fmt::print(world.out, "{:<30} {}\n", check->id, check->question);
}

std::string joined(std::span<const std::string_view> parts) {
    std::vector<std::string> texts(parts.begin(), parts.end());
    return base::join(texts, ", ");
}

void explain(const check::Check& check, const check::Profile& profile, World& world) {
    fmt::print(world.out, "{}\n\n", check.id);
    if (const auto guidance = library::guidance(check.id)) fmt::print(world.out, "{}\n", *guidance);
    fmt::print(world.out, "## Outcomes, and how {} grades them\n\n", profile.full_name());
    for (const auto& outcome : check.outcomes) {
        const auto* grade = profile.grade(check.id, outcome.tag);
        const auto graded = grade == nullptr ? std::string("not part of this profile")
                                             : fmt::format("{}, {}, {}", check::print(grade->level),
                                                           check::print(grade->status),
                                                           check::print(grade->severity));
        fmt::print(world.out, "{} ({})\n    {}\n", outcome.tag, graded, outcome.title);
    }
    fmt::print(world.out, "\nSources: {}\nGuidance: {}\n", joined(check.references),
               joined(check.guidance));
}

base::Result<int> run_explain(const ExplainOptions& options, World& world) {
    if (options.id.empty()) {
        list_checks(world);
        return exit_met;
    }
    ASSAY_TRY(const auto profiles, load_profiles(options.profile));
    bool found = false;
    for (const auto* check : check::catalogue()) {
        if (!check::matches(options.id, check->id)) continue;
        if (found) fmt::print(world.out, "\n");
        found = true;
        explain(*check, profiles.main, world);
    }
    if (!found) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("There is no check '{}'. 'assay explain' lists them",
                                      base::quote_for_display(options.id)));
    }
    return exit_met;
}

}  // namespace

void add_explain(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<ExplainOptions>();
    auto* command = app.add_subcommand(
        "explain", "What a check asks, why, how to mend it, where it comes from");
    command
        ->add_option("check", options->id,
                     "A check id such as dmarc.policy, or a glob; without it, the list")
        ->type_name("CHECK-ID");
    command->add_option("--profile", options->profile, "Show the grades of this profile")
        ->capture_default_str();
    command->callback([options, &world, &code] {
        const auto result = run_explain(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
}

}  // namespace assay::cli
