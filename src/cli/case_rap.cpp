// `assay case rap export|import`: the remediation action plan of a case, in the
// layout that its owner likes.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"
#include "cli/case_options.hpp"
#include "cli/commands.hpp"
#include "codec/ithc/finding.hpp"
#include "codec/ithc/oscal_poam.hpp"
#include "codec/ithc/rap_csv.hpp"
#include "crypto/sha256.hpp"
#include "prove/log_directory.hpp"

namespace assay::cli {

namespace {

namespace ithc = codec::ithc;
namespace json = boost::json;

constexpr std::size_t problems_shown_max = 20;  // ours: then the file is another one

struct RapOptions : CaseOptions {
    std::string case_id, format = "csv", file;
};

// One row of a plan that was read, and where it stands in its file.
struct Row {
    ithc::RapItem item;
    std::string where;
};

std::string one_line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < ' ') c = ' ';
    }
    return std::string(base::trim(text));
}

std::string title_of(const certify::Finding& finding) {
    auto title = one_line(finding.title);
    return title.empty() ? finding.id : title;
}

bool is_resolved(const certify::Finding& finding) {
    return finding.state == certify::FindingState::resolved_claimed ||
           finding.state == certify::FindingState::resolved_accepted;
}

ithc::RapItem item_of(const certify::Finding& finding) {
    ithc::RapItem item;
    item.finding_key = finding.id;
    item.title = title_of(finding);
    if (!finding.plan) return item;
    const auto& plan = *finding.plan;
    item.actions = plan.actions;
    item.owner = plan.owner;
    item.lessons_learnt = plan.lessons_learnt;
    if (plan.start) item.planned_start = certify::print(*plan.start);
    if (plan.finish) item.planned_finish = certify::print(*plan.finish);
    return item;
}

// What needs a plan, and what has one.
std::vector<const certify::Finding*> planned_findings(const ShownCase& shown) {
    std::vector<const certify::Finding*> out;
    for (const auto& finding : shown.application.findings) {
        if (finding.plan || (certify::is_gated(*shown.scheme, finding) && !is_resolved(finding)))
            out.push_back(&finding);
    }
    return out;
}

// Of version 4 in form, and always the same for the same thing, as OSCAL asks of what is kept from
// plan to plan.
std::string stable_uuid(const std::string& name) {
    auto hex = crypto::sha256_hex(name).substr(0, 32);
    hex[12] = '4';
    hex[16] = "89ab"[hex[16] % 4];
    return fmt::format("{}-{}-{}-{}-{}", hex.substr(0, 8), hex.substr(8, 4), hex.substr(12, 4),
                       hex.substr(16, 4), hex.substr(20));
}

base::Result<std::string> print_plan(const ShownCase& shown, bool oscal) {
    const auto findings = planned_findings(shown);
    if (!oscal) {
        std::vector<ithc::RapItem> items;
        for (const auto* finding : findings)
            items.push_back(item_of(*finding));
        return ithc::print_rap_csv(items);
    }
    const auto& id = shown.application.id;
    ithc::Poam poam{.uuid = stable_uuid("rap/" + id),
                    .title = "Remediation action plan of " + id,
                    .version = fmt::format("{}", shown.version),
                    .last_modified = base::print(shown.application.touched_at),
                    .items = {}};
    for (const auto* finding : findings) {
        poam.items.push_back({.uuid = stable_uuid("rap/" + id + "/" + finding->id),
                              .risk_uuid = stable_uuid("risk/" + id + "/" + finding->id),
                              .title = title_of(*finding),
                              .open = !is_resolved(*finding),
                              .plan = item_of(*finding)});
    }
    ASSAY_TRY(auto text, ithc::print_poam(poam));
    return text + "\n";
}

bool is_oscal(std::string_view text) {
    return base::trim(text).starts_with('{');
}

base::Result<std::vector<Row>> parse_plan(std::string_view text) {
    std::vector<Row> out;
    if (is_oscal(text)) {
        ASSAY_TRY(auto poam, ithc::parse_poam(text));
        for (auto& one : poam.items) {
            one.plan.title = one.title;
            out.push_back({std::move(one.plan), fmt::format("item {}", out.size() + 1)});
        }
        return out;
    }
    ASSAY_TRY(auto sheet, ithc::parse_rap_sheet(text));
    if (!sheet.missing_columns.empty()) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("the plan has no column for: {}. Add them, or give columns "
                                      "that you have these names",
                                      base::join(sheet.missing_columns, ", ")));
    }
    for (std::size_t i = 0; i < sheet.items.size(); ++i)
        out.push_back({std::move(sheet.items[i]), fmt::format("line {}", sheet.lines[i])});
    return out;
}

base::Result<std::vector<Row>> read_plan(const std::string& file) {
    ASSAY_TRY(const auto text, prove::read_file(file, ithc::rap_length_max));
    const bool spreadsheet = text.starts_with("PK\x03\x04") || text.starts_with("\xd0\xcf\x11\xe0");
    if (spreadsheet || text.starts_with("%PDF")) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{}: This is {}. Save the plan as \"CSV UTF-8\" and import "
                                      "that",
                                      file, spreadsheet ? "a spreadsheet or document" : "a PDF"));
    }
    auto rows = parse_plan(text);
    if (!rows) {
        return base::fail(base::ErrorKind::usage, fmt::format("{}: {}", file, rows.error().detail));
    }
    return rows;
}

// How well a row names a finding: 1 best, 0 not at all.
unsigned match(const certify::Finding& finding, const ithc::RapItem& item) {
    const auto same = [](std::string_view a, std::string_view b) {
        return !a.empty() && base::equals_ignoring_case(a, b);
    };
    ithc::Finding group;
    group.tool = finding.tool;
    group.tool_id = finding.tool_id;
    group.title = finding.title;
    const auto& key = item.finding_key;
    const auto title = title_of(finding);
    if (same(key, finding.id)) return 1;
    if (key == ithc::grouping_key(group)) return 2;
    if (same(key, finding.tool_id)) return 3;
    if (same(one_line(key), title)) return 4;
    return same(one_line(item.title), title) ? 5 : 0;
}

// The finding that a row is about: of those named best, the one of the report attached last.
// Error: usage.
base::Result<const certify::Finding*> find(const certify::Case& application,
                                           const ithc::RapItem& item) {
    unsigned best = 0;
    std::vector<const certify::Finding*> found;
    for (const auto& finding : application.findings) {
        const auto rank = match(finding, item);
        if (rank == 0 || (best != 0 && rank > best)) continue;
        // Findings come after those of the reports before.
        if (rank < best || (!found.empty() && finding.report != found.back()->report))
            found.clear();
        best = rank;
        found.push_back(&finding);
    }
    const auto shown = base::quote_for_display(item.finding_key, 60);
    if (found.empty()) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("\"{}\" is no finding of this case. 'assay case rap export' "
                                      "lists them with their keys",
                                      shown));
    }
    if (found.size() > 1) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("\"{}\" may be {} or {}. Write which one", shown,
                                      found[0]->id, found[1]->id));
    }
    const auto* one = found.front();
    if (best == 1 && !item.title.empty() && item.title != item.finding_key &&
        !base::equals_ignoring_case(one_line(item.title), title_of(*one))) {
        return base::fail(
            base::ErrorKind::usage,
            fmt::format("in this case {} is \"{}\", not \"{}\". Take the keys from 'assay case rap "
                        "export', or leave them empty",
                        one->id, base::quote_for_display(title_of(*one), 60),
                        base::quote_for_display(item.title, 60)));
    }
    return one;
}

using Found = std::vector<const certify::Finding*>;

// All rows, or every reason why not.
base::Result<Found> find_all(const certify::Case& application, const std::vector<Row>& rows) {
    Found out;
    std::string problems;
    std::size_t count = 0;
    const auto problem = [&](const Row& row, const std::string& what) {
        if (++count <= problems_shown_max)
            problems += fmt::format("{}{}: {}", problems.empty() ? "" : "\n", row.where, what);
    };
    for (const auto& row : rows) {
        const auto found = find(application, row.item);
        if (!found) {
            problem(row, found.error().detail);
            continue;
        }
        if (const auto twice = std::ranges::find(out, *found); twice != out.end()) {
            problem(row, fmt::format("it is about {}, as {} is. Put what you plan for a finding "
                                     "into one row",
                                     (*found)->id,
                                     rows[static_cast<std::size_t>(twice - out.begin())].where));
        }
        out.push_back(*found);
    }
    if (count == 0) return out;
    if (count > problems_shown_max)
        problems += fmt::format("\nand {} more", count - problems_shown_max);
    return base::fail(base::ErrorKind::usage, "Nothing was imported:\n" + problems);
}

// The plans as a file of the case would say them today: what says the same changes nothing.
std::vector<Row> plans_today(const ShownCase& shown, bool oscal) {
    const auto text = print_plan(shown, oscal);
    if (!text) return {};  // OSCAL cannot say them
    return parse_plan(*text).value_or(std::vector<Row>());
}

bool says_same(const ithc::RapItem& a, const ithc::RapItem& b) {
    return a.actions == b.actions && a.planned_start == b.planned_start &&
           a.planned_finish == b.planned_finish && a.owner == b.owner &&
           a.lessons_learnt == b.lessons_learnt;
}

json::object plan_body(const std::string& case_id, const std::string& finding,
                       const ithc::RapItem& item) {
    const auto date = [](const std::string& day) {
        return day.empty() ? json::value(nullptr) : json::value(json::string(day));
    };
    return {{"case", case_id},
            {"finding", finding},
            {"actions", item.actions},
            {"owner", item.owner},
            {"lessons_learnt", item.lessons_learnt},
            {"start", date(item.planned_start)},
            {"finish", date(item.planned_finish)}};
}

base::Result<int> run_export(const RapOptions& options, World& world) {
    ASSAY_TRY(const auto office, OpenOffice::open(options, world));
    ASSAY_TRY(const auto shown, show_case(*office, options.case_id));
    ASSAY_TRY(const auto text, print_plan(shown, options.format == "oscal"));
    fmt::print(world.out, "{}", text);
    return exit_met;
}

base::Result<int> run_import(const RapOptions& options, World& world) {
    ASSAY_TRY(const auto rows, read_plan(options.file));
    ASSAY_TRY(const auto office, OpenOffice::open(options, world));
    ASSAY_TRY(const auto shown, show_case(*office, options.case_id));
    ASSAY_TRY(const auto findings, find_all(shown.application, rows));
    const bool oscal = !rows.empty() && rows.front().where.starts_with("item");
    const auto today = plans_today(shown, oscal);
    unsigned planned = 0, unchanged = 0;
    json::array missing;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& item = rows[i].item;
        const auto& id = findings[i]->id;
        const auto before =
            std::ranges::find_if(today, [&](const Row& row) { return row.item.finding_key == id; });
        if (says_same(item, before == today.end() ? ithc::RapItem() : before->item)) {
            ++unchanged;
            continue;
        }
        ASSAY_TRY(const auto reply, office->run("plan", plan_body(options.case_id, id, item)));
        ++planned;
        for (const auto& what : reply.body.at("missing").as_array())
            missing.push_back({{"row", rows[i].where}, {"finding", id}, {"what", what}});
    }
    fmt::print(world.out, "{}\n",
               json::serialize(json::object{{"case", options.case_id},
                                            {"planned", planned},
                                            {"unchanged", unchanged},
                                            {"missing", std::move(missing)}}));
    return exit_met;
}

using Run = base::Result<int> (*)(const RapOptions&, World&);

CLI::App* declare(CLI::App& rap, const char* name, const char* what, Run run,
                  const std::shared_ptr<RapOptions>& options, World& world, int& code) {
    auto* command = rap.add_subcommand(name, what);
    command->add_option("case", options->case_id, "The case")->required()->type_name("CASE");
    command->callback([run, options, &world, &code] {
        const auto result = run(*options, world);
        code = result ? *result : report_case_error(world, result.error());
    });
    return command;
}

}  // namespace

void add_case_rap(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<RapOptions>();
    auto* rap = app.add_subcommand("rap", "The remediation action plan of a case");
    rap->require_subcommand(1);
    auto* out = declare(*rap, "export", "Write the plan: what is critical or high, and its plans",
                        run_export, options, world, code);
    out->add_option("--format", options->format, "csv, or oscal: a plan of action and milestones")
        ->check(CLI::IsMember({"csv", "oscal"}))
        ->capture_default_str();
    options->declare(*out, true);
    auto* in = declare(*rap, "import", "Read a plan: CSV in any layout, or OSCAL JSON", run_import,
                       options, world, code);
    in->add_option("file", options->file, "The plan")->required()->type_name("FILE");
    options->declare(*in, true);
    in->footer(
        "A row names columns for the finding (its key, or its title), the actions, planned start\n"
        "and finish, the owner and the lessons learnt; their order, other names and rows above do\n"
        "not matter. All rows are read before anything is changed. A row that says what the case\n"
        "says already changes nothing.");
}

}  // namespace assay::cli
