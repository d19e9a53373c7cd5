#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>

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

// "internet: must; uk-government: must"; a profile that does not ask the question says so.
std::string levels(const check::Check& check, const std::vector<check::Profile>& profiles) {
    std::vector<std::string> out;
    for (const auto& profile : profiles) {
        const auto row = profile.grades.find(check.id);
        const bool asked = row != profile.grades.end() && !row->second.empty();
        out.push_back(fmt::format(
            "{}: {}", profile.name,
            asked ? check::print(row->second.begin()->second.level) : "does not ask this"));
    }
    return base::join(out, "; ");
}

void explain_outcome(const check::OutcomeText& outcome, const check::Grade* grade, World& world) {
    const auto graded =
        grade == nullptr ? std::string("not part of this profile")
                         : fmt::format("{}, {}, {}", check::print(grade->level),
                                       check::print(grade->status), check::print(grade->severity));
    fmt::print(world.out, "{} ({})\n    {}\n", outcome.tag, graded, outcome.title);
    if (grade != nullptr && grade->status == check::Status::not_met) {
        fmt::print(world.out, "    Who acts: {}\n",
                   grade->owner == check::Owner::you ? "you" : "your provider");
    }
    if (!outcome.fix.empty()) fmt::print(world.out, "    What to do: {}\n", outcome.fix);
}

void explain(const check::Check& check, const check::Profile& profile,
             const std::vector<check::Profile>& profiles, World& world) {
    fmt::print(world.out, "{}\n\n", check.id);
    if (const auto guidance = library::guidance(check.id)) fmt::print(world.out, "{}\n", *guidance);
    fmt::print(world.out, "## Outcomes, and how {} grades them\n\n", profile.full_name());
    for (const auto& outcome : check.outcomes)
        explain_outcome(outcome, profile.grade(check.id, outcome.tag), world);
    fmt::print(world.out, "\nLevel by profile: {}\nSources: {}\nGuidance: {}\n",
               levels(check, profiles), joined(check.references), joined(check.guidance));
}

base::Result<int> run_explain(const ExplainOptions& options, World& world) {
    if (options.id.empty()) {
        list_checks(world);
        return exit_met;
    }
    ASSAY_TRY(const auto profiles, load_profiles(options.profile));
    std::vector<check::Profile> all;
    for (const auto name : library::profile_names()) {
        ASSAY_TRY(auto known, load_profiles(std::string(name)));
        all.push_back(std::move(known.main));
    }
    if (std::ranges::find(all, profiles.main.name, &check::Profile::name) == all.end())
        all.push_back(profiles.main);
    bool found = false;
    for (const auto* check : check::catalogue()) {
        if (!check::matches(options.id, check->id)) continue;
        if (found) fmt::print(world.out, "\n");
        found = true;
        explain(*check, profiles.main, all, world);
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
    auto* command =
        app.add_subcommand("explain", "What a check asks, why, how to fix it, where it comes from");
    command->footer("Exit codes: 0 explained; 2 there is no such check or profile.");
    command
        ->add_option("check", options->id,
                     "A check id such as dmarc.policy, or a glob; without it, the list")
        ->type_name("CHECK-ID");
    command->add_option("--profile", options->profile, "Show the grades of this profile")
        ->type_name("NAME|FILE")
        ->capture_default_str();
    command->callback([options, &world, &code] {
        const auto result = run_explain(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
}

}  // namespace assay::cli
