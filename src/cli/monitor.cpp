// `assay register monitor`: what is new in a copy of a log, and whether its history was changed.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <filesystem>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "prove/monitor.hpp"

namespace assay::cli {

namespace {

struct MonitorOptions {
    std::string folder, state, trust;
};

base::Result<prove::MonitorState> read_state(const std::string& path) {
    if (!std::filesystem::exists(path)) return prove::MonitorState{};
    ASSAY_TRY(const auto text, prove::read_file(path, prove::monitor_octets_max));
    auto state = prove::parse_monitor_state(text);
    if (!state) return base::fail(base::ErrorKind::usage, path + ": " + state.error().detail);
    return state;
}

void print_look(const prove::Look& look, const prove::LogDirectory& log,
                const MonitorOptions& options, World& world) {
    if (!look.consistent()) {
        fmt::print(world.out,
                   "{}: the log had {} entries when you last looked, and now has {} that do not "
                   "continue them. Both checkpoints are kept in {}. Tell the authority, its "
                   "witnesses and all who rely on it.\n",
                   prove::print(look.course), look.size_before, look.size, options.state);
        return;
    }
    fmt::print(world.out, "{}: {} entries, {} of them new.\n", prove::print(look.course), look.size,
               look.size - look.size_before);
    for (auto i = look.size_before; i < look.size; ++i)
        fmt::print(world.out, "  {} {}\n", i, base::quote_for_display(log.entry(i), 2'000));
    for (const auto& one : look.strange)
        fmt::print(world.out, "Look at entry {}: {}.\n", one.entry, one.what);
}

base::Result<int> run_monitor(const MonitorOptions& options, World& world) {
    std::optional<prove::Trust> trust;
    if (!options.trust.empty()) {
        ASSAY_TRY(const auto text, prove::read_file(options.trust, prove::pack_octets_max));
        ASSAY_TRY(auto read, prove::parse_trust(text));
        trust = std::move(read);
    }
    ASSAY_TRY(auto state, read_state(options.state));
    ASSAY_TRY(const auto log, prove::LogDirectory::open(options.folder));
    ASSAY_TRY(const auto look, prove::look_at(log, state, trust ? &*trust : nullptr));
    print_look(look, log, options, world);
    // What is new is said before it is remembered: said twice is better than never.
    world.out.flush();
    auto kept = prove::write_file(options.state, prove::print(after(look, log, std::move(state))));
    if (!kept) return std::unexpected(kept.error());
    if (!look.consistent() || !look.strange.empty()) return exit_not_met;
    if (!trust) return exit_met;
    fmt::print(world.out, "Seen by {}.\n",
               look.seen_by.empty() ? "no witness" : base::join(look.seen_by, ", "));
    return look.seen_by.size() < trust->witnesses_needed ? exit_cannot_tell : exit_met;
}

}  // namespace

void add_register_monitor(CLI::App& parent, World& world, int& code) {
    auto options = std::make_shared<MonitorOptions>();
    auto* command = parent.add_subcommand("monitor", "What is new in a log since you last looked");
    command->add_option("folder", options->folder, "The log: a copy of the public folder")
        ->required();
    command->add_option("--state", options->state, "What was seen last; made at the first look")
        ->required()
        ->type_name("FILE");
    command->add_option("--trust", options->trust, "Check the log's and its witnesses' signatures")
        ->type_name("FILE");
    command->footer(
        "Exit codes: 0 the log has only grown; 1 it was forked or rolled back, or a new entry\n"
        "must not be there; 2 the log or a file is broken; 3 with --trust: too few witnesses saw "
        "it.");
    command->callback([options, &world, &code] {
        auto result = run_monitor(*options, world);
        if (!result && result.error().kind == base::ErrorKind::malformed)
            result.error().kind = base::ErrorKind::usage;
        code = result ? *result : report_error(world, result.error());
    });
}

}  // namespace assay::cli
