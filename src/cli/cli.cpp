#include "cli/cli.hpp"

#include <fmt/ostream.h>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"

namespace assay::cli {

namespace {

constexpr const char* about =
    "Assay measures a domain's DNS and mail policy from outside, says what is wrong and why, who "
    "must act, and the "
    "record that mends it.";

constexpr const char* examples =
    "Start here:\n"
    "  assay check example.gov.uk                 what is wrong, and what to publish\n"
    "  assay check --zones zones/                 the same, before the zone files are live\n"
    "  assay check --from domains.txt --format jsonl > results.jsonl\n"
    "  assay spf example.gov.uk                   the SPF record in words, and what each term "
    "costs\n"
    "  assay dmarc example.gov.uk                 which DMARC record applies, step by step\n"
    "  assay explain dmarc.policy                 what a check asks, why, and how to mend it\n"
    "\n"
    "Exit codes: 0 every 'must' is met; 1 at least one is not; 2 the command line or a file is "
    "wrong;\n"
    "3 nothing known to be wrong, but something could not be told; 4 internal failure.";

}  // namespace

void SourceOptions::declare(CLI::App& command) {
    auto* group = command.add_option_group("Where answers come from");
    group
        ->add_option("--resolver", resolvers,
                     "Ask these resolvers instead of the system's (repeat for more)")
        ->type_name("ADDR[:PORT]")
        ->allow_extra_args(false);
    group->add_flag("--recurse", recurse, "Walk from the root servers, ask no resolver");
    group->add_option("--root-hints", root_hints, "Root servers for --recurse")->type_name("FILE");
    group
        ->add_option("--trust-anchor", trust_anchor,
                     "DNSSEC trust anchor; without it the IANA root's keys")
        ->type_name("FILE");
    group
        ->add_option(
            "--zones", zones,
            "Answer from zone files (RFC 1035, or a folder of OctoDNS YAML; repeat for more)")
        ->type_name("PATH")
        ->allow_extra_args(false);
    group->add_flag("--zones-then-live", zones_then_live,
                    "Ask the live DNS for names outside the zone files");
    group->add_flag("--allow-include", allow_include, "Follow $INCLUDE in zone files");
    group->add_option("--timeout", timeout, "Seconds to wait for one answer")
        ->check(CLI::Range(0.05, 600.0))
        ->capture_default_str();
    group->add_option("--selector", selectors, "A DKIM selector that you use (repeat for more)")
        ->type_name("NAME")
        ->allow_extra_args(false);
}

void JudgeOptions::declare(CLI::App& command) {
    auto* group = command.add_option_group("How it is judged");
    group->add_option("--profile", profile, "uk-government, internet, parked-domain, or a file")
        ->type_name("NAME|FILE")
        ->capture_default_str();
    group->add_option("--only", only, "Only these checks, for example 'dmarc.*'")
        ->type_name("GLOB")
        ->allow_extra_args(false);
    group->add_option("--skip", skip, "Not these checks")
        ->type_name("GLOB")
        ->allow_extra_args(false);
}

int run(int argc, const char* const* argv, World& world) {
    CLI::App app(about, "assay");
    app.footer(examples);
    app.require_subcommand(1);
    app.set_version_flag("--version", "assay " + std::string(version()));
    app.get_formatter()->column_width(34);
    int code = exit_met;
    add_check(app, world, code);
    add_explain(app, world, code);
    add_spf(app, world, code);
    add_dmarc(app, world, code);
    add_completion(app, world, code);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& stopped) {
        const int result = app.exit(stopped, world.out, world.err);
        return result == 0 ? exit_met : exit_usage;
    }
    world.out.flush();
    if (!world.out) {
        fmt::print(world.err, "assay: The output could not be written.\n");
        return exit_internal;
    }
    return code;
}

}  // namespace assay::cli
