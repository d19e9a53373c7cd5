#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "check/dmarc/common.hpp"
#include "cli/commands.hpp"
#include "cli/measure_one.hpp"

namespace assay::cli {

namespace {

namespace dmarc = codec::dmarc;
namespace json = boost::json;

constexpr const char* exit_codes =
    "Exit codes: 0 a DMARC policy applies, also p=none; 1 none does; 2 the command line or a file\n"
    "is wrong; 3 we could not check which one applies; 4 internal failure.";

struct DmarcOptions {
    std::vector<std::string> domains;
    std::string format = "text";
    SourceOptions source;
};

std::string describe(const fact::DmarcStep& step) {
    if (step.records.is_error())
        return fmt::format("could not be read: {}", step.records.error().detail);
    if (step.records.is_absent()) {
        return step.records.absence() == fact::Absence::nx_domain ? "does not exist"
                                                                  : "no DMARC record";
    }
    if (step.records->size() > 1) {
        return fmt::format("{} DMARC records, so receivers ignore them all (RFC 9989)",
                           step.records->size());
    }
    return base::quote_for_display(step.records->front(), 500);
}

std::string_view source_of(dmarc::Discovery::Source source) {
    using Source = dmarc::Discovery::Source;
    switch (source) {
        case Source::author_domain: return "the domain's own record";
        case Source::organizational_domain: return "the record of its organisational domain";
        case Source::public_suffix_domain: return "the record of the public suffix above it";
        case Source::none: return "none";
    }
    return "none";
}

std::string_view describe_permission(const fact::ReportDestination& destination) {
    if (destination.mailbox.empty()) return "not a mailbox: receivers need not use it";
    if (!destination.external.has_value()) return "we could not check whose it is";
    if (!*destination.external) return "the same organisation";
    if (destination.authorized.is_error())
        return "another organisation; we could not check whether it agrees";
    if (destination.authorized.is_absent())
        return "another organisation, and it does not say that it agrees";
    return "another organisation, which agrees";
}

void print_destinations(const fact::Dmarc& facts, World& world) {
    for (const auto& destination : facts.destinations) {
        const auto note = describe_permission(destination);
        fmt::print(world.out, "  {} reports go to {} ({})\n",
                   destination.kind == fact::ReportKind::aggregate ? "Aggregate" : "Failure",
                   base::quote_for_display(destination.uri), note);
    }
}

std::string describe_policy(const fact::Dmarc& facts, dmarc::Policy policy) {
    const auto applied = check::policy_in_force(facts, facts.discover()).value_or(policy);
    if (applied == policy) return std::string(dmarc::print(policy));
    return fmt::format("{}, but t=y makes it {}", dmarc::print(policy), dmarc::print(applied));
}

void print_text(const fact::Domain& facts, World& world) {
    const auto& found = *facts.dmarc;
    const auto result = found.discover();
    fmt::print(world.out, "{}\n\nThe walk (RFC 9989 section 4.10), asked all at once:\n",
               facts.name.text());
    unsigned number = 1;
    for (const auto& step : found.walk) {
        fmt::print(world.out, "  {}. _dmarc.{}\n     {}\n", number++, step.domain.text(),
                   describe(step));
        const auto record = step.records.has_value() && step.records->size() == 1
                                ? std::optional(dmarc::lint(step.records->front()))
                                : std::nullopt;
        for (const auto& fault : record ? record->faults : std::vector<base::Fault>()) {
            fmt::print(world.out, "     {}: {}\n", dmarc::is_error(fault) ? "Fault" : "Note",
                       fault.detail);
        }
    }
    fmt::print(world.out, "\n");
    if (!found.exists.has_value()) {
        fmt::print(world.out, "{}\n",
                   found.exists.is_absent()
                       ? "The domain itself does not exist, so np= counts where there is one."
                       : "We could not check whether the domain itself exists.");
    }
    if (result.policy_domain) {
        fmt::print(world.out, "The record that applies: {} ({})\n", result.policy_domain->text(),
                   source_of(result.source));
    }
    fmt::print(world.out, "Policy for mail from {}: {}\n", facts.name.text(),
               result.policy         ? describe_policy(found, *result.policy)
               : result.policy_known ? "none"
                                     : "we could not check");
    fmt::print(
        world.out, "Organisational domain by the walk: {}\n",
        result.organizational_domain ? result.organizational_domain->text() : "we could not check");
    fmt::print(
        world.out, "Organisational domain by the public suffix list (RFC 7489): {}\n",
        found.suffix_organizational_domain ? found.suffix_organizational_domain->text() : "none");
    if (result.organizational_domain && found.suffix_organizational_domain &&
        *result.organizational_domain != *found.suffix_organizational_domain) {
        fmt::print(
            world.out,
            "The two differ: receivers disagree about what aligns with what. See 'assay explain "
            "dmarc.tenant-isolation'.\n");
    }
    print_destinations(found, world);
}

void print_json(const fact::Domain& facts, World& world) {
    const auto& found = *facts.dmarc;
    const auto result = found.discover();
    json::array walk;
    for (const auto& step : found.walk) {
        json::array records;
        for (const auto& text :
             step.records.has_value() ? *step.records : std::vector<std::string>()) {
            records.push_back(json::string(base::quote_for_display(text, 65535)));
        }
        walk.push_back({{"name", json::string("_dmarc." + step.domain.text())},
                        {"records", std::move(records)},
                        {"error", step.records.is_error()
                                      ? json::value(json::string(step.records.error().detail))
                                      : json::value(nullptr)}});
    }
    const auto name = [](const std::optional<codec::dns::Name>& value) {
        return value ? json::value(json::string(value->text())) : json::value(nullptr);
    };
    const json::object out{
        {"schema", "assay.dmarc/1"},
        {"domain", json::string(facts.name.text())},
        {"walk", std::move(walk)},
        {"policy_domain", name(result.policy_domain)},
        {"policy", result.policy ? json::value(json::string(dmarc::print(*result.policy)))
                                 : json::value(nullptr)},
        {"organizational_domain", name(result.organizational_domain)},
        {"suffix_organizational_domain", name(found.suffix_organizational_domain)},
    };
    fmt::print(world.out, "{}\n", json::serialize(out));
}

base::Result<int> run_dmarc(const DmarcOptions& options, World& world) {
    if (options.format != "text" && options.format != "json") {
        return base::fail(base::ErrorKind::usage, "assay dmarc prints text or json");
    }
    ASSAY_TRY(const auto facts,
              measure_one(options.domains, fact::Need::dmarc, options.source, world));
    if (options.format == "json") {
        print_json(facts, world);
    } else {
        print_text(facts, world);
    }
    const auto result = facts.dmarc->discover();
    const bool unknown = std::ranges::any_of(
        facts.dmarc->walk, [](const fact::DmarcStep& step) { return step.records.is_error(); });
    if (result.policy) return exit_met;
    return unknown ? exit_cannot_tell : exit_not_met;
}

}  // namespace

void add_dmarc(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<DmarcOptions>();
    auto* command =
        app.add_subcommand("dmarc", "Discover and explain the DMARC policy of a domain");
    command->add_option("domain", options->domains, "The domain in the From header")
        ->required()
        ->option_text("DOMAIN");
    command->add_option("--format", options->format, "text or json")
        ->type_name("NAME")
        ->capture_default_str();
    options->source.declare(*command);
    command->footer(exit_codes);
    command->callback([options, &world, &code] {
        const auto result = run_dmarc(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
}

}  // namespace assay::cli
