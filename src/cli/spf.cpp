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

struct SpfOptions {
    std::string domain, format = "text";
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

// Do receivers stop with an error, at least for some mail (RFC 7208 sections 2.6.7, 4.6.4 and 5.2)?
bool stops(const fact::Spf& facts) {
    const auto leads_nowhere = [&](const fact::SpfTerm& term) {
        return term.child &&
               (facts.nodes[*term.child].loop || facts.nodes[*term.child].record.is_absent());
    };
    return !facts.record() || facts.lookups > spf::lookups_max ||
           facts.void_lookups > spf::void_lookups_max ||
           std::ranges::any_of(facts.nodes, [&](const fact::SpfNode& node) {
               return node.record.is_fault() || std::ranges::any_of(node.terms, leads_nowhere);
           });
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
    if (root.record.is_error()) {
        fmt::print(world.out, "The SPF record could not be read: {}\n", root.record.error().detail);
        return;
    }
    for (const auto& text : root.texts)
        fmt::print(world.out, "  {}\n", base::quote_for_display(text, 5000));
    if (root.record.is_absent()) {
        fmt::print(world.out, "There is no SPF record.\n");
        return;
    }
    if (root.record.is_fault()) {
        fmt::print(world.out, "{}. Receivers treat that as an error.\n",
                   root.record.fault().detail);
        return;
    }
    fmt::print(world.out, "\nTerm by term, in the order that receivers test them:\n");
    print_node(facts, 0, 0, world);
    if (facts.lookups > spf::lookups_max || facts.void_lookups > spf::void_lookups_max)
        fmt::print(world.out, "\nThat is too many: receivers stop with an error.");
    fmt::print(
        world.out, "\n{} of {} DNS lookups used, {} of {} void lookups.{}\n", facts.lookups,
        spf::lookups_max, facts.void_lookups, spf::void_lookups_max,
        facts.complete
            ? ""
            : " Some terms depend on the message or could not be read, so there may be more.");
}

void print_json(const fact::Domain& domain, World& world) {
    const auto& facts = *domain.spf;
    json::array trace;
    for (const auto& node : facts.nodes) {
        const auto content = spf::lint(node.texts.size() == 1 ? node.texts.front() : std::string());
        for (const auto& term : node.terms) {
            trace.push_back({{"domain", json::string(node.domain.text())},
                             {"term", json::string(base::quote_for_display(term.text, 1000))},
                             {"explanation",
                              json::string(content.record ? words_for(term, *content.record) : "")},
                             {"lookups", term.lookups},
                             {"void_lookups", term.void_lookups},
                             {"lookups_after", term.lookups_after},
                             {"problem", json::string(trouble(term, facts))}});
        }
    }
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
              measure_one(options.domain, fact::Need::spf, options.source, world));
    if (options.format == "json") {
        print_json(facts, world);
    } else {
        print_text(facts, world);
    }
    const auto& record = facts.spf->root().record;
    if (record.is_error()) return exit_cannot_tell;
    return stops(*facts.spf) ? exit_not_met : exit_met;
}

}  // namespace

void add_spf(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<SpfOptions>();
    auto* command = app.add_subcommand("spf", "Explain the SPF record of a domain, term by term");
    command->add_option("domain", options->domain, "The domain")->required()->type_name("DOMAIN");
    command->add_option("--format", options->format, "text or json")->capture_default_str();
    options->source.declare(*command);
    command->callback([options, &world, &code] {
        const auto result = run_spf(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
}

}  // namespace assay::cli
