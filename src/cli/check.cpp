#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <fstream>

#include "check/catalogue.hpp"
#include "cli/commands.hpp"
#include "cli/profiles.hpp"
#include "cli/sources.hpp"
#include "cli/targets.hpp"
#include "fact/json.hpp"
#include "render/report.hpp"

namespace assay::cli {

namespace {

constexpr const char* notes =
    "A domain without mail servers whose SPF record allows nobody to send is judged as parked, by\n"
    "the profile that the chosen one names for that.\n"
    "\n"
    "Exit codes: 0 every 'must' is met; 1 at least one is not; 2 the command line or a file is\n"
    "wrong; 3 nothing known to be wrong, but we could not check everything; 4 internal failure.";

struct CheckOptions {
    std::vector<std::string> domains, selectors;
    std::string from, facts, facts_out, format = "text";
    unsigned jobs = 0;
    bool fix = false, quiet = false, verbose = false;
    std::string at;
    SourceOptions source;
    JudgeOptions judge;
};

// "1,234 of 5,000 domains" on a terminal, rewritten in place.
class Progress {
  public:
    Progress(World& world, bool show, std::size_t total)
        : world_(world), show_(show), total_(total) {}
    ~Progress() {
        if (shown_) fmt::print(world_.err, "\r\x1b[K");
    }
    void step() {
        ++done_;
        const bool few = total_ > 0 && total_ < few_max;
        if (!show_ || (!few && done_ % 16 != 0 && done_ != total_)) return;
        shown_ = true;
        if (total_ > 0) {
            fmt::print(world_.err, "\r{} of {} domains", done_, total_);
        } else {
            fmt::print(world_.err, "\r{} domains", done_);
        }
        world_.err.flush();
    }

  private:
    static constexpr std::size_t few_max = 200;  // ours: up to here every domain is worth a write
    World& world_;
    bool show_;
    bool shown_ = false;
    std::size_t total_, done_ = 0;
};

// Lines of a hundred columns read well; a narrower terminal sets the limit, down to where nothing
// fits any more.
std::size_t text_columns(const World& world) {
    constexpr unsigned columns_min = 40, columns_max = 100;  // ours
    return world.columns == 0 ? columns_max : std::clamp(world.columns, columns_min, columns_max);
}

// What all ways of running have in common: the report, the exit code, the facts file.
class Collector {
  public:
    Collector(render::Report& report, std::ostream& out, std::ofstream* facts_out)
        : report_(report), out_(out), facts_out_(facts_out) {}
    // A disk that is full stays full: whoever feeds domains stops at the first failed write.
    bool failed() const { return !out_ || (facts_out_ != nullptr && !*facts_out_); }
    // For several threads at once; the facts are not needed any more then.
    void prepare(measure::Measured& measured) const {
        measured.prepared.report = report_.prepare(measured.assessment);
        if (facts_out_ != nullptr) measured.prepared.facts = fact::print(measured.facts);
        measured.facts = {};
    }
    void add(const measure::Measured& measured) {
        if (failed()) return;
        if (count_ == 0) report_.begin();
        report_.add_prepared(measured.assessment, measured.prepared.report);
        if (facts_out_ != nullptr) *facts_out_ << measured.prepared.facts << '\n' << std::flush;
        const int code = check::exit_code(measured.assessment);
        if (code == exit_not_met || code_ == exit_met) code_ = code;
        ++count_;
    }
    // A list without a domain is a whole document too; a run that failed at once is none.
    void end(bool done) {
        if (count_ == 0 && done) report_.begin();
        if (count_ > 0 || done) report_.end();
    }
    int code() const { return code_; }
    std::size_t count() const { return count_; }

  private:
    render::Report& report_;
    std::ostream& out_;
    std::ofstream* facts_out_;
    int code_ = exit_met;
    std::size_t count_ = 0;
};

base::Result<Targets> choose_targets(const CheckOptions& options, const Sources& sources,
                                     World& world) {
    if (!options.from.empty() && !options.domains.empty()) {
        return base::fail(base::ErrorKind::usage, "Give domains or --from, not both");
    }
    if (!options.from.empty()) return Targets::from_file(options.from, world);
    if (!options.domains.empty()) return Targets::from_arguments(options.domains);
    if (sources.from_zones()) return Targets::from_names(sources.zones().mail_names());
    return base::fail(base::ErrorKind::usage, "Name a domain to check, or use --from or --zones");
}

base::Result<void> judge_facts(const CheckOptions& options, const measure::Profiles& profiles,
                               const check::Selection& selection, Collector& collector,
                               World& world) {
    std::ifstream file;
    if (options.facts != "-") {
        file.open(options.facts);
        if (!file)
            return base::fail(base::ErrorKind::usage, options.facts + ": The file cannot be read");
    }
    std::istream& in = options.facts == "-" ? world.in : file;
    std::string line;
    for (std::size_t number = 1; !collector.failed() && std::getline(in, line); ++number) {
        if (line.empty()) continue;
        const auto facts = fact::parse(line);
        if (!facts) {
            return base::fail(base::ErrorKind::usage, fmt::format("{}:{}: {}", options.facts,
                                                                  number, facts.error().detail));
        }
        measure::Measured measured{*facts, measure::judge(*facts, profiles, selection), {}};
        collector.prepare(measured);
        collector.add(measured);
    }
    if (collector.count() == 0 && !collector.failed()) {
        return base::fail(base::ErrorKind::usage,
                          options.facts + ": There are no facts in the file");
    }
    return {};
}

base::Result<void> measure_targets(const CheckOptions& options, measure::ScanOptions scan,
                                   Collector& collector, World& world) {
    ASSAY_TRY(const auto sources, Sources::open(options.source, world));
    ASSAY_TRY(auto targets, choose_targets(options, sources, world));
    sources.apply(scan);
    if (!options.at.empty()) {
        ASSAY_TRY(const auto at, moment_of(options.at, world));
        scan.now = [at] { return at; };
    }
    if (!options.facts_out.empty()) scan.needs = fact::Needs::all();
    scan.threads = targets.count() == 1 ? 1 : world.processors;
    scan.jobs = options.jobs != 0 ? options.jobs : sources.from_zones() ? scan.threads : 128;
    scan.prepare = [&](measure::Measured& measured) { collector.prepare(measured); };
    Progress progress(world, world.err_is_terminal && !options.quiet && targets.count() != 1,
                      targets.count());
    const auto done = measure::scan(
        scan, sources.suffixes(), sources.make_instruments(),
        [&] { return collector.failed() ? std::nullopt : targets.next(); },
        [&](measure::Measured measured) {
            collector.add(measured);
            progress.step();
        });
    if (!done) return done;
    if (targets.error()) return std::unexpected(*targets.error());
    return {};
}

base::Result<int> run_check(const CheckOptions& options, World& world) {
    for (const auto& selector : options.selectors) {
        if (auto usable = check_selector(selector); !usable) return std::unexpected(usable.error());
    }
    const auto format = render::parse_format(options.format);
    if (!format) {
        return base::fail(
            base::ErrorKind::usage,
            fmt::format("There is no format '{}'. Use text, json, jsonl, csv, sarif, junit or html",
                        options.format));
    }
    if (options.fix && *format != render::Format::text) {
        return base::fail(base::ErrorKind::usage,
                          "--fix prints records as text. Leave out --fix or --format; the other "
                          "formats hold the records too");
    }
    measure::ScanOptions scan;
    ASSAY_TRY(scan.profiles, load_profiles(options.judge.profile));
    scan.selection = {options.judge.only, options.judge.skip};
    scan.selectors = options.selectors;
    for (const auto* globs : {&options.judge.only, &options.judge.skip}) {
        for (const auto& glob : *globs) {
            const auto hit = [&](const check::Check* check) {
                return check::matches(glob, check->id);
            };
            if (std::ranges::none_of(check::catalogue(), hit)) {
                return base::fail(
                    base::ErrorKind::usage,
                    fmt::format("No check matches '{}'. 'assay explain' lists them", glob));
            }
        }
    }
    std::ofstream facts_out;
    if (!options.facts_out.empty()) {
        facts_out.open(options.facts_out);
        if (!facts_out)
            return base::fail(base::ErrorKind::usage, options.facts_out + ": Cannot be written");
    }
    const auto report = render::make_report(
        *format, world.out,
        {world.colour, options.verbose, options.fix, text_columns(world), std::string(version())});
    Collector collector(*report, world.out, facts_out.is_open() ? &facts_out : nullptr);
    const auto done = options.facts.empty()
                          ? measure_targets(options, scan, collector, world)
                          : judge_facts(options, scan.profiles, scan.selection, collector, world);
    collector.end(done.has_value());  // what was measured before an error is a whole document
    if (!done) return std::unexpected(done.error());
    facts_out.close();
    if (!options.facts_out.empty() && !facts_out) {
        return base::fail(base::ErrorKind::internal,
                          options.facts_out + ": Could not be written in full");
    }
    return collector.code();
}

}  // namespace

void add_check(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<CheckOptions>();
    auto* command = app.add_subcommand("check", "Measure and judge domains");
    command->footer(notes);
    command
        ->add_option("domain", options->domains,
                     "Domains to check. With --zones and none: all in the files")
        ->type_name("DOMAIN");
    command
        ->add_option("--from", options->from,
                     "Domains from a file, one a line. - is standard input")
        ->type_name("FILE");
    command
        ->add_option("--selector", options->selectors,
                     "A DKIM selector that you use (repeat for more)")
        ->option_text("NAME")
        ->allow_extra_args(false);
    command->add_option("--format", options->format, "text, json, jsonl, csv, sarif, junit or html")
        ->type_name("NAME")
        ->capture_default_str();
    command->add_flag("--fix", options->fix, "Print only the records to publish (text only)");
    command->add_option("--facts-out", options->facts_out, "Keep the facts in this file")
        ->type_name("FILE");
    command->add_option("--facts", options->facts, "Judge kept facts again, without a network")
        ->type_name("FILE");
    command->add_option("--jobs", options->jobs, "Domains to measure at once")
        ->type_name("NUMBER")
        ->check(CLI::Range(1U, measure::jobs_max).description(""));
    command->add_option("--at", options->at, "The time to put on the facts")->type_name("TIME");
    command->add_flag("-q,--quiet", options->quiet, "No progress");
    command->add_flag("-v,--verbose", options->verbose,
                      "Also show what is met and what does not apply");
    options->source.declare(*command);
    options->judge.declare(*command);
    command->callback([options, &world, &code] {
        move_zone_paths(options->domains, options->source);
        const auto result = run_check(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
}

int report_error(World& world, const base::Error& error) {
    fmt::print(world.err, "assay: {}.\n", error.detail);
    return error.kind == base::ErrorKind::usage || error.kind == base::ErrorKind::limit ||
                   error.kind == base::ErrorKind::not_found
               ? exit_usage
               : exit_internal;
}

}  // namespace assay::cli
