#include <fmt/format.h>

#include <fmt/ostream.h>
#include <algorithm>

#include <CLI/CLI.hpp>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/measure_one.hpp"

namespace assay::cli {

namespace {

namespace spf = codec::spf;
namespace json = boost::json;

constexpr const char* exit_codes =
    "Exit codes: 0 receivers can use the record; 1 there is none, or receivers stop with an\n"
    "error; 2 the command line or a file is wrong; 3 we could not check all of it; 4 internal\n"
    "failure.";

struct SpfOptions {
    std::vector<std::string> domains;
    std::string format = "text";
    SourceOptions source;
};

std::string words_for(const fact::SpfTerm& term, const spf::Record& record) {
    for (const auto& directive : record.directives) {
        if (directive.text == term.text) return spf::explain(directive);
    }
    if (record.redirect && record.redirect->text == term.text)
        return spf::explain(*record.redirect);
    return {};
}

std::string trouble(const fact::SpfTerm& term, const fact::Spf& facts) {
    if (term.child && facts.nodes[*term.child].loop)
        return "leads back to a record above it: receivers stop with an error";
    if (term.resolves.is_error()) return "could not be read: " + term.resolves.error().detail;
    if (term.resolves.is_fault()) return term.resolves.fault().detail;
    if (term.resolves.is_absent()) {
        return term.child ? "has no SPF record: receivers stop with an error"
                          : "resolves to nothing";
    }
    return {};
}

struct Verdict {
    int code = exit_met;
    std::string reason;  // a sentence without the final stop
};

// What makes receivers stop at this record, whoever sends (RFC 7208 sections 4.6, 4.6.4 and 5.2);
// empty: nothing that we know of.
std::string stop_at(const fact::Spf& facts, const fact::SpfNode& node) {
    if (node.record.is_fault()) return node.record.fault().detail;
    if (!node.record.has_value()) return {};
    for (const auto& fault : spf::lint(*node.record).faults) {
        if (spf::is_permanent_error(fault))
            return fmt::format("the record of {}: {}", node.domain.text(), fault.detail);
    }
    for (const auto& term : node.terms) {
        const bool leads_nowhere = term.child && (facts.nodes[*term.child].loop ||
                                                  facts.nodes[*term.child].record.is_absent());
        if (leads_nowhere || term.resolves.is_fault())
            return base::quote_for_display(term.text, 100) + " " + trouble(term, facts);
    }
    return {};
}

// A term that receivers stop at is known to be wrong even where another could not be read.
Verdict judge(const fact::Spf& facts) {
    const auto& root = facts.root().record;
    if (root.is_absent()) return {exit_not_met, "There is no SPF record"};
    if (root.is_error())
        return {exit_cannot_tell, "We could not check the SPF record: " + root.error().detail};
    for (const auto& node : facts.nodes) {
        if (const auto why = stop_at(facts, node); !why.empty())
            return {exit_not_met, "Receivers stop with an error: " + why};
    }
    if (facts.lookups > spf::lookups_max) {
        return {exit_not_met,
                fmt::format("Receivers stop with an error: {} DNS lookups are more than {}",
                            facts.lookups, spf::lookups_max)};
    }
    if (facts.void_lookups > spf::void_lookups_max) {
        return {exit_not_met,
                fmt::format("Receivers stop with an error: {} lookups that find nothing are more "
                            "than {}",
                            facts.void_lookups, spf::void_lookups_max)};
    }
    for (const auto& node : facts.nodes) {
        for (const auto& term : node.terms) {
            if (!term.resolves.is_error()) continue;
            return {exit_cannot_tell,
                    fmt::format("We could not check the whole record: {} {}",
                                base::quote_for_display(term.text, 100), trouble(term, facts))};
        }
    }
    return {exit_met, "Receivers can use this record"};
}

// The tree, a level of indentation a node; depth is bounded by the probe.
void print_node(const fact::Spf& facts, std::size_t index, std::size_t depth, World& world) {
    const auto& node = facts.nodes[index];
    const std::string margin(2 + depth * 4, ' ');
    const auto content = spf::lint(node.texts.size() == 1 ? node.texts.front() : std::string());
    for (const auto& term : node.terms) {
        std::string cost;
        if (term.lookups > 0) {
            cost = fmt::format("  [{} lookup{}, {} so far]", term.lookups,
                               term.lookups == 1 ? "" : "s", term.lookups_after);
        }
        fmt::print(world.out, "{}{}{}\n", margin, base::quote_for_display(term.text, 300), cost);
        const auto words = content.record ? words_for(term, *content.record) : std::string();
        if (!words.empty()) fmt::print(world.out, "{}  {}\n", margin, words);
        if (const auto what = trouble(term, facts); !what.empty()) {
            fmt::print(world.out, "{}  Problem: {} {}\n", margin,
                       base::quote_for_display(term.text, 100), what);
        }
        if (term.child) print_node(facts, *term.child, depth + 1, world);
    }
    for (const auto& fault : content.faults) {
        fmt::print(world.out, "{}{}: {}\n", margin,
                   spf::is_permanent_error(fault) ? "Error" : "Note", fault.detail);
    }
}

void print_text(const fact::Domain& domain, World& world) {
    const auto& facts = *domain.spf;
    const auto& root = facts.root();
    fmt::print(world.out, "{}\n", domain.name.text());
    for (const auto& text : root.texts)
        fmt::print(world.out, "  {}\n", base::quote_for_display(text, 5000));
    if (root.record.has_value()) {
        fmt::print(world.out, "\nTerm by term, in the order that receivers test them:\n");
        print_node(facts, 0, 0, world);
        fmt::print(
            world.out, "\n{} of {} DNS lookups used, {} of {} void lookups.{}\n", facts.lookups,
            spf::lookups_max, facts.void_lookups, spf::void_lookups_max,
            facts.complete
                ? ""
                : " Some terms depend on the message or could not be read, so there may be more.");
    }
    fmt::print(world.out, "{}.\n", judge(facts).reason);
}

// In the order of evaluation: after a term, those of the record that it leads to. `parent` is the
// place of the term that leads here in the list, null in the domain's own record.
void add_trace(const fact::Spf& facts, std::size_t index, unsigned depth, const json::value& parent,
               json::array& trace) {
    const auto& node = facts.nodes[index];
    const auto content = spf::lint(node.texts.size() == 1 ? node.texts.front() : std::string());
    for (const auto& term : node.terms) {
        const std::size_t place = trace.size();
        trace.push_back(
            {{"domain", json::string(node.domain.text())},
             {"depth", depth},
             {"parent", parent},
             {"term", json::string(base::quote_for_display(term.text, 1000))},
             {"explanation", json::string(content.record ? words_for(term, *content.record) : "")},
             {"lookups", term.lookups},
             {"void_lookups", term.void_lookups},
             {"lookups_after", term.lookups_after},
             {"problem", json::string(trouble(term, facts))}});
        if (term.child) add_trace(facts, *term.child, depth + 1, place, trace);
    }
}

void print_json(const fact::Domain& domain, World& world) {
    const auto& facts = *domain.spf;
    json::array trace;
    add_trace(facts, 0, 0, nullptr, trace);
    const auto verdict = judge(facts);
    const auto& root = facts.root();
    const json::object out{
        {"schema", "assay.spf/1"},
        {"domain", json::string(domain.name.text())},
        {"record", root.record.has_value()
                       ? json::value(json::string(base::quote_for_display(*root.record, 65535)))
                       : json::value(nullptr)},
        {"result", nullptr},
        {"reason", "no address was given to evaluate for"},
        {"lookups", facts.lookups},
        {"void_lookups", facts.void_lookups},
        {"complete", facts.complete},
        {"problem", verdict.code == exit_met ? json::value(nullptr)
                                             : json::value(json::string(verdict.reason))},
        {"explanation", nullptr},
        {"trace", std::move(trace)},
    };
    fmt::print(world.out, "{}\n", json::serialize(out));
}

base::Result<int> run_spf(const SpfOptions& options, World& world) {
    if (options.format != "text" && options.format != "json") {
        return base::fail(base::ErrorKind::usage, "assay spf prints text or json");
    }
    ASSAY_TRY(const auto facts,
              measure_one(options.domains, fact::Need::spf, options.source, world));
    if (options.format == "json") {
        print_json(facts, world);
    } else {
        print_text(facts, world);
    }
    return judge(*facts.spf).code;
}

}  // namespace

void add_spf(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<SpfOptions>();
    auto* command = app.add_subcommand("spf", "Explain the SPF record of a domain, term by term");
    command->add_option("domain", options->domains, "The domain")
        ->required()
        ->option_text("DOMAIN");
    command->add_option("--format", options->format, "text or json")
        ->type_name("NAME")
        ->capture_default_str();
    options->source.declare(*command);
    command->footer(exit_codes);
    command->callback([options, &world, &code] {
        const auto result = run_spf(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
}

}  // namespace assay::cli
