// `assay case measure` and `assay certificate remeasure`: what measuring from outside says about
// the conditions of a scheme.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"
#include "cli/case_options.hpp"
#include "cli/commands.hpp"
#include "cli/scope.hpp"

namespace assay::cli {

namespace {

namespace json = boost::json;

struct MeasureOptions : CaseOptions {
    std::string target;
    ScopeOptions scope;
};

// A time on the command line stands for all that happens; without one, facts have the time when
// they were measured.
base::Result<std::unique_ptr<ScopeMeter>> open_meter(const MeasureOptions& options, World& world) {
    ASSAY_TRY(const auto at, moment_of(options.at, world));
    const auto now = options.at.empty() ? world.now : [at] { return at; };
    return ScopeMeter::open(options.scope, now, world);
}

std::vector<std::string> domains_of(const ShownCase& shown) {
    std::vector<std::string> out;
    for (const auto& question : shown.scheme->questions) {
        if (question.type != certify::AnswerType::domains) continue;
        const auto answer = shown.application.answers.find(question.id);
        if (answer == shown.application.answers.end() || !answer->second.value.is_array()) continue;
        for (const auto& one : answer->second.value.get_array()) {
            std::string domain(one.is_string() ? std::string_view(one.get_string()) : "");
            if (!domain.empty() && std::ranges::find(out, domain) == out.end())
                out.push_back(std::move(domain));
        }
    }
    return out;
}

json::object printed(const certify::MeasuredEvidence& one) {
    return {{"domain", one.domain},
            {"met", one.met},
            {"not_met", one.not_met},
            {"cannot_tell", one.cannot_tell},
            {"not_met_checks", certify::to_json(one.not_met_checks)}};
}

base::Result<int> run_measure(const MeasureOptions& options, World& world) {
    ASSAY_TRY(const auto office, OpenOffice::open(options, world));
    ASSAY_TRY(const auto shown, show_case(*office, options.target));
    const auto domains = domains_of(shown);
    if (domains.empty() || shown.scheme->profile.empty()) {
        return base::fail(base::ErrorKind::usage,
                          domains.empty() ? "The case names no domain yet. Answer which domains "
                                            "belong to it first"
                                          : "The scheme of this case measures nothing");
    }
    ASSAY_TRY(const auto meter, open_meter(options, world));
    ASSAY_TRY(const auto results, meter->measure(domains, shown.scheme->profile));
    json::array attached, unanswered;
    for (const auto& condition : shown.scheme->conditions) {
        if (condition.measured_by.empty()) continue;
        if (!shown.application.conditions.contains(condition.id)) {
            unanswered.push_back(json::string(condition.id));
            continue;
        }
        for (const auto& result : results) {
            const auto counts = tally(result.assessment, condition.measured_by);
            if (!counts.measured()) continue;
            const auto evidence = evidence_of(result, counts);
            ASSAY_TRY(const auto reply,
                      office->run("measured", {{"case", options.target},
                                               {"condition", condition.id},
                                               {"measured", certify::to_json(evidence)}}));
            auto row = printed(evidence);
            row["condition"] = condition.id;
            attached.push_back(std::move(row));
        }
    }
    fmt::print(world.out, "{}\n",
               json::serialize(json::object{{"case", options.target},
                                            {"attached", std::move(attached)},
                                            {"unanswered", std::move(unanswered)}}));
    return exit_met;
}

// What a certificate relies on, in each of its domains: requirements at level must of conditions
// that were said to be met, but for those that did not hold when it was issued either.
struct Relied {
    std::vector<std::string> globs;
    std::map<std::string, std::vector<std::string>> not_met_at_issue;  // by domain
};

Relied relied_on(const certify::Scheme& scheme, const certify::Case& application) {
    Relied out;
    for (const auto& condition : scheme.conditions) {
        const auto answer = application.conditions.find(condition.id);
        if (answer == application.conditions.end() ||
            answer->second.state != certify::ConditionState::met)
            continue;
        out.globs.insert(out.globs.end(), condition.measured_by.begin(),
                         condition.measured_by.end());
        for (const auto& one : answer->second.measured) {
            auto& checks = out.not_met_at_issue[one.domain];
            checks.insert(checks.end(), one.not_met_checks.begin(), one.not_met_checks.end());
        }
    }
    return out;
}

base::Result<std::vector<certify::Certificate>> certificates(certify::Store& store,
                                                             const std::string& number) {
    ASSAY_TRY(const auto transaction, store.read());
    ASSAY_TRY(const auto rows, transaction->list(certify::Kind::certificate, {}));
    std::vector<certify::Certificate> out;
    for (const auto& row : rows) {
        if (!number.empty() && row.id != number) continue;
        ASSAY_TRY(auto one, certify::value_of<certify::Certificate>(row, "certificate"));
        const bool alive = one.status == certify::CertificateStatus::valid ||
                           one.status == certify::CertificateStatus::suspended;
        if (alive) out.push_back(std::move(one));
    }
    if (!out.empty() || number.empty()) return out;
    return base::fail(base::ErrorKind::usage,
                      fmt::format("There is no valid or suspended certificate '{}'",
                                  base::quote_for_display(number, 60)));
}

base::Result<certify::Case> case_of(certify::Store& store, const certify::Certificate& one) {
    ASSAY_TRY(const auto transaction, store.read());
    ASSAY_TRY(const auto row, transaction->find(certify::Kind::application, one.case_id));
    if (!row) return base::fail(base::ErrorKind::internal, "the case of a certificate is gone");
    return certify::value_of<certify::Case>(*row, "application");
}

// What was found for a whole run: a failure weighs more than what nobody could tell.
struct Findings {
    json::array rows;
    bool fails = false, cannot_tell = false;
};

base::Result<void> note(OpenOffice& office, const certify::Certificate& one,
                        const ScopeResult& result, const Relied& relied, Findings& out) {
    auto counts = tally(result.assessment, relied.globs);
    if (const auto before = relied.not_met_at_issue.find(result.domain);
        before != relied.not_met_at_issue.end()) {
        std::erase_if(counts.not_met_musts, [&](const std::string& check) {
            return std::ranges::find(before->second, check) != before->second.end();
        });
    }
    counts.not_met_checks = counts.not_met_musts;
    auto evidence = evidence_of(result, counts);
    auto row = printed(evidence);
    row["certificate"] = one.number;
    out.fails = out.fails || !counts.not_met_musts.empty();
    out.cannot_tell = out.cannot_tell || counts.cannot_tell > 0;
    // Where nothing could be told, nothing was measured.
    if (counts.met + counts.not_met > 0) {
        ASSAY_TRY(const auto reply,
                  office.run("remeasured", {{"certificate", one.number},
                                            {"measured", certify::to_json(evidence)},
                                            {"cannot_tell_checks",
                                             certify::to_json(counts.cannot_tell_checks)}}));
        row["raised"] = reply.body.at("raised");
        if (!row["raised"].as_array().empty()) row["cure_by"] = reply.body.at("cure_by");
    }
    out.rows.push_back(std::move(row));
    return {};
}

base::Result<int> run_remeasure(const MeasureOptions& options, World& world) {
    ASSAY_TRY(const auto office, OpenOffice::open(options, world));
    ASSAY_TRY(const auto all, certificates(office->store(), options.target));
    ASSAY_TRY(const auto meter, open_meter(options, world));
    Findings found;
    for (const auto& one : all) {
        ASSAY_TRY(const auto* const scheme, office->scheme(one.scheme));
        ASSAY_TRY(const auto application, case_of(office->store(), one));
        const auto relied = relied_on(*scheme, application);
        if (scheme->profile.empty() || one.domains.empty() || relied.globs.empty()) continue;
        ASSAY_TRY(const auto results, meter->measure(one.domains, scheme->profile));
        for (const auto& result : results) {
            if (auto noted = note(*office, one, result, relied, found); !noted)
                return std::unexpected(noted.error());
        }
    }
    fmt::print(world.out, "{}\n",
               json::serialize(json::object{{"measured", std::move(found.rows)}}));
    if (found.fails) return exit_not_met;
    return found.cannot_tell ? exit_cannot_tell : exit_met;
}

}  // namespace

void add_case_measure(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<MeasureOptions>();
    auto* command = app.add_subcommand(
        "measure", "Measure the domains in scope, as evidence beside what was answered");
    command->add_option("case", options->target, "The case")->required()->type_name("CASE");
    options->declare(*command, true);
    options->scope.declare(*command);
    command->callback([options, &world, &code] {
        const auto result = run_measure(*options, world);
        code = result ? *result : report_case_error(world, result.error());
    });
}

void add_remeasure(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<MeasureOptions>();
    auto* command = app.add_subcommand(
        "remeasure", "Measure the domains of issued certificates again; withdraws nothing");
    command->add_option("number", options->target, "One certificate; without it, all that hold")
        ->type_name("NUMBER");
    options->declare(*command, true);
    options->scope.declare(*command);
    command->footer(
        "A requirement at level must that no longer holds becomes a notice: the point of contact\n"
        "gets a letter, with a day by which to put it right. One that holds again is cured. What\n"
        "we cannot tell is neither.\n"
        "\n"
        "Exit codes: 0 all holds; 1 something does not; 2 the command line or a file is wrong; 3\n"
        "something could not be told, or somebody else changed a certificate first; 4 internal\n"
        "failure.");
    command->callback([options, &world, &code] {
        const auto result = run_remeasure(*options, world);
        code = result ? *result : report_case_error(world, result.error());
    });
}

}  // namespace assay::cli
