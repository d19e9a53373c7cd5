// `assay ithc import FILE`: the findings of a health check, severities verbatim. `assay ithc rap
// draft FILE`: what the plan for them must cover.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <span>

#include "base/text.hpp"
#include "cli/case_options.hpp"
#include "cli/commands.hpp"
#include "cli/issues.hpp"
#include "codec/ithc/rap_csv.hpp"

namespace assay::cli {

namespace {

namespace ithc = codec::ithc;
namespace json = boost::json;

constexpr std::size_t issues_each_max = 500;  // ours: a command's body has 4 MB at most

struct IthcOptions {
    std::string file, format = "text", report, case_id;
    CaseOptions office;
};

json::array texts(const std::vector<std::string>& values) {
    json::array out;
    for (const auto& value : values)
        out.push_back(json::string(value));
    return out;
}

json::object printed(const Issue& issue, const std::string& report) {
    const auto& first = issue.first;
    return {{"report", report},
            {"tool", first.tool},
            {"tool_id", first.tool_id},
            {"title", first.title.empty() ? first.tool_id : first.title},
            {"reported", first.reported.text},
            {"derived", ithc::print(first.severity)},
            {"also_reported", texts(issue.also_reported)},
            {"assets", texts(issue.assets)},
            {"count", issue.count}};
}

void print_text(const Issues& issues, const ithc::Summary& summary, World& world) {
    fmt::print(world.out, "{} findings, {} issues.\n", summary.findings, issues.all().size());
    constexpr std::array order{ithc::Severity::critical,      ithc::Severity::high,
                               ithc::Severity::medium,        ithc::Severity::low,
                               ithc::Severity::informational, ithc::Severity::unknown};
    for (const auto severity : order) {
        for (const auto& issue : issues.all()) {
            if (issue.first.severity != severity) continue;
            fmt::print(world.out, "  {:<13} reported '{}', {} times: {}\n", ithc::print(severity),
                       issue.first.reported.text, issue.count, issue.first.title);
            for (const auto& other : issue.also_reported)
                fmt::print(world.out, "                does not agree: {}\n", other);
        }
    }
    if (summary.cut_texts + summary.cut_lists + summary.repaired_bytes > 0) {
        fmt::print(world.out,
                   "{} long texts and {} long lists were cut, and {} bytes were repaired.\n",
                   summary.cut_texts, summary.cut_lists, summary.repaired_bytes);
    }
}

json::object findings_body(std::span<const Issue> issues, const std::string& report) {
    json::array all;
    for (const auto& issue : issues)
        all.push_back(printed(issue, report));
    return {{"findings", std::move(all)}};
}

// Straight into a case. What is there already stays as it is, with all that was said about it.
base::Result<int> import_into_case(const IthcOptions& options, const Issues& issues, World& world) {
    if (options.office.actor.empty() || options.report.empty()) {
        return base::fail(base::ErrorKind::usage,
                          "With --case, say who imports (--as) and which attached report the "
                          "findings belong to (--report D2)");
    }
    ASSAY_TRY(const auto office, OpenOffice::open(options.office, world));
    std::int64_t added = 0, known = 0;
    for (std::size_t at = 0; at < issues.all().size(); at += issues_each_max) {
        const auto part = std::span(issues.all()).subspan(at);
        auto body =
            findings_body(part.first(std::min(part.size(), issues_each_max)), options.report);
        body["case"] = options.case_id;
        ASSAY_TRY(const auto reply, office->run("findings", std::move(body)));
        added += reply.body.at("added").to_number<std::int64_t>();
        known += reply.body.at("known").to_number<std::int64_t>();
    }
    fmt::print(world.out, "{}\n",
               json::serialize(
                   json::object{{"case", options.case_id}, {"added", added}, {"known", known}}));
    return exit_met;
}

base::Result<int> run_import(const IthcOptions& options, World& world) {
    Issues issues;
    ASSAY_TRY(const auto summary, read_issues(options.file, issues));
    if (!options.case_id.empty()) return import_into_case(options, issues, world);
    if (options.format == "text") {
        print_text(issues, summary, world);
    } else {
        fmt::print(world.out, "{}\n", json::serialize(findings_body(issues.all(), options.report)));
    }
    return exit_met;
}

// A plan to fill in: a row an issue that is critical or high, or whose severity nobody can tell.
base::Result<int> run_draft(const IthcOptions& options, World& world) {
    Issues issues;
    if (auto read = read_issues(options.file, issues); !read) return std::unexpected(read.error());
    std::vector<ithc::RapItem> items;
    for (const auto& issue : issues.all()) {
        if (issue.worst != ithc::Severity::unknown && issue.worst < ithc::Severity::high) continue;
        const auto& first = issue.first;
        items.push_back({.finding_key = ithc::grouping_key(first),
                         .actions = std::string(base::trim(first.recommendation)),
                         .planned_start = {},
                         .planned_finish = {},
                         .owner = {},
                         .lessons_learnt = {},
                         .title = first.title});
    }
    fmt::print(world.out, "{}", ithc::print_rap_csv(items));
    fmt::print(world.err,
               "assay: {} critical and high issues. Fill in dates, owner and lessons, then use "
               "'assay case rap import'.\n",
               items.size());
    return exit_met;
}

void add_import(CLI::App& parent, World& world, int& code) {
    auto options = std::make_shared<IthcOptions>();
    auto* import = parent.add_subcommand(
        "import", "Read the export of a scanner or tester; severities stay as they are reported");
    import->add_option("file", options->file, "The export")->required()->type_name("FILE");
    import
        ->add_option("--format", options->format,
                     "text, or json: the body of 'assay case findings'")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    import->add_option("--report", options->report, "The attached report that they belong to: D2")
        ->type_name("ID");
    import->add_option("--case", options->case_id, "Enter them in this case; again changes nothing")
        ->type_name("CASE");
    options->office.declare(*import, false);
    import->footer("Exit codes: 0 read; 2 the file is wrong, or there is no such case for you.");
    import->callback([options, &world, &code] {
        const auto result = run_import(*options, world);
        code = result ? *result : report_case_error(world, result.error());
    });
}

void add_rap(CLI::App& parent, World& world, int& code) {
    auto options = std::make_shared<IthcOptions>();
    auto* rap = parent.add_subcommand("rap", "Remediation action plans");
    rap->require_subcommand(1);
    auto* draft = rap->add_subcommand(
        "draft", "A plan as CSV to fill in, from the critical and high findings of an export");
    draft->add_option("file", options->file, "The export")->required()->type_name("FILE");
    draft->footer("Exit codes: 0 written to standard output; 2 the file is wrong.");
    draft->callback([options, &world, &code] {
        const auto result = run_draft(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
}

}  // namespace

void add_ithc(CLI::App& app, World& world, int& code) {
    auto* command = app.add_subcommand("ithc", "Reports of IT health checks");
    command->require_subcommand(1);
    add_import(*command, world, code);
    add_rap(*command, world, code);
}

}  // namespace assay::cli
