#include "cli/cli.hpp"

#include <fmt/ostream.h>

#include <CLI/CLI.hpp>

#include "cli/commands.hpp"

namespace assay::cli {

namespace {

constexpr const char* about =
    "Assay measures a domain's DNS and mail policy from outside. It says what is wrong and why,\n"
    "who must act, and which record to publish.";

constexpr const char* examples =
    "Start here:\n"
    "  assay check example.gov.uk                 what is wrong, and what to publish\n"
    "  assay check --zones zones/                 the same, before the zone files are live\n"
    "  assay check --from domains.txt --format jsonl > results.jsonl\n"
    "  assay spf example.gov.uk                   the SPF record in words, and what each term "
    "costs\n"
    "  assay dmarc example.gov.uk                 which DMARC record applies, step by step\n"
    "  assay explain dmarc.policy                 what a check asks, why, and how to fix it\n"
    "\n"
    "'assay COMMAND --help' lists the options and exit codes of a command.";

}  // namespace

void SourceOptions::declare(CLI::App& command) {
    constexpr const char* group = "Where answers come from";
    command
        .add_option("--resolver", resolvers,
                    "Ask this resolver instead of the system's (repeat for more)")
        ->option_text("ADDR[:PORT]")
        ->allow_extra_args(false)
        ->group(group);
    command.add_flag("--recurse", recurse, "Walk from the root servers, ask no resolver")
        ->group(group);
    command.add_option("--root-hints", root_hints, "Root servers for --recurse")
        ->type_name("FILE")
        ->group(group);
    command
        .add_option("--trust-anchor", trust_anchor,
                    "DNSSEC trust anchor. Without it, the keys of the IANA root")
        ->type_name("FILE")
        ->group(group);
    command
        .add_option("--zones", zones,
                    "Answer from these zone files (RFC 1035) or folders of them or of OctoDNS YAML")
        ->option_text("PATH...")
        ->allow_extra_args(false)
        ->group(group);
    command
        .add_flag("--zones-then-live", zones_then_live,
                  "Ask the live DNS for names outside the zone files")
        ->group(group);
    command.add_flag("--allow-include", allow_include, "Follow $INCLUDE in zone files")
        ->group(group);
    command.add_option("--timeout", timeout, "Seconds to wait for one answer")
        ->type_name("SECONDS")
        ->check(CLI::Range(0.05, 600.0).description(""))
        ->capture_default_str()
        ->group(group);
}

void JudgeOptions::declare(CLI::App& command) {
    constexpr const char* group = "How it is judged";
    command
        .add_option("--profile", profile,
                    "uk-government, internet, parked-domain, reverse-zone, or a file")
        ->type_name("NAME|FILE")
        ->capture_default_str()
        ->group(group);
    command.add_option("--only", only, "Only these checks, for example 'dmarc.*'")
        ->option_text("GLOB")
        ->allow_extra_args(false)
        ->group(group);
    command.add_option("--skip", skip, "Not these checks")
        ->option_text("GLOB")
        ->allow_extra_args(false)
        ->group(group);
}

base::Result<base::Moment> moment_of(const std::string& at, World& world) {
    if (at.empty()) return world.now();
    const auto moment = base::parse_moment(at);
    if (moment) return *moment;
    return base::fail(base::ErrorKind::usage, "Write --at as 2026-11-24T10:00:00Z");
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
    add_scheme(app, world, code);
    add_case(app, world, code);
    add_ithc(app, world, code);
    add_certificate(app, world, code);
    add_register(app, world, code);
    add_authority(app, world, code);
    add_witness(app, world, code);
    add_completion(app, world, code);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& stopped) {
        const int result = app.exit(stopped, world.out, world.err);
        if (result == 0) return exit_met;
        // There, 2 says that a certificate was withdrawn.
        const bool verifies = argc > 2 && std::string_view(argv[1]) == "certificate" &&
                              std::string_view(argv[2]) == "verify";
        return verifies ? exit_verify_usage : exit_usage;
    }
    world.out.flush();
    if (!world.out) {
        fmt::print(world.err, "assay: The output could not be written.\n");
        return exit_internal;
    }
    return code;
}

}  // namespace assay::cli
