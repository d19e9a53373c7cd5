#include "cli/scope.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "check/catalogue.hpp"
#include "cli/profiles.hpp"
#include "cli/targets.hpp"
#include "crypto/sha256.hpp"
#include "fact/json.hpp"

namespace assay::cli {

void ScopeOptions::declare(CLI::App& command) {
    command.add_option("--selector", selectors, "A DKIM selector that you use (repeat for more)")
        ->option_text("NAME")
        ->allow_extra_args(false);
    command.add_option("--facts-out", facts_out, "Keep the facts in this file")->type_name("FILE");
    command.add_option("--facts", facts, "Judge kept facts again, without a network")
        ->type_name("FILE");
    source.declare(command);
}

base::Result<std::unique_ptr<ScopeMeter>> ScopeMeter::open(const ScopeOptions& options,
                                                           std::function<base::Moment()> now,
                                                           World& world) {
    for (const auto& selector : options.selectors) {
        if (auto usable = check_selector(selector); !usable) return std::unexpected(usable.error());
    }
    std::unique_ptr<ScopeMeter> out(new ScopeMeter(options, std::move(now), world));
    if (!options.facts.empty()) {
        if (auto read = out->read_facts(); !read) return std::unexpected(read.error());
    } else {
        ASSAY_TRY(out->sources_, Sources::open(options.source, world));
    }
    if (!options.facts_out.empty()) {
        out->facts_out_.open(options.facts_out);
        if (!out->facts_out_)
            return base::fail(base::ErrorKind::usage, options.facts_out + ": Cannot be written");
    }
    return out;
}

base::Result<void> ScopeMeter::read_facts() {
    std::ifstream file(options_.facts);
    if (!file)
        return base::fail(base::ErrorKind::usage, options_.facts + ": The file cannot be read");
    std::string line;
    for (std::size_t number = 1; std::getline(file, line); ++number) {
        if (line.empty()) continue;
        const auto facts = fact::parse(line);
        if (!facts) {
            return base::fail(base::ErrorKind::usage, fmt::format("{}:{}: {}", options_.facts,
                                                                  number, facts.error().detail));
        }
        kept_.emplace_back(facts->name, line);
    }
    return {};
}

// Of several lines about one domain the last counts.
base::Result<std::vector<std::string>> ScopeMeter::facts_of(
    const std::vector<codec::dns::Name>& names) const {
    std::vector<std::string> out;
    for (const auto& name : names) {
        const auto found = std::find_if(kept_.rbegin(), kept_.rend(),
                                        [&](const auto& one) { return one.first == name; });
        if (found == kept_.rend()) {
            return base::fail(base::ErrorKind::usage, fmt::format("{}: There are no facts of {}",
                                                                  options_.facts, name.text()));
        }
        out.push_back(found->second);
    }
    return out;
}

base::Result<std::vector<std::string>> ScopeMeter::measure_facts(
    std::vector<codec::dns::Name> names) {
    measure::ScanOptions scan;
    sources_->apply(scan);
    scan.now = now_;
    scan.needs = fact::Needs::all();
    scan.selectors = options_.selectors;
    scan.threads = names.size() == 1 ? 1 : world_->processors;
    auto targets = Targets::from_names(std::move(names));
    std::vector<std::string> out;
    const auto done = measure::scan(
        scan, sources_->suffixes(), sources_->make_instruments(), [&] { return targets.next(); },
        [&](const measure::Measured& measured) { out.push_back(fact::print(measured.facts)); });
    if (!done) return std::unexpected(done.error());
    return out;
}

base::Result<std::vector<ScopeResult>> ScopeMeter::measure(const std::vector<std::string>& domains,
                                                           const std::string& profile) {
    ASSAY_TRY(const auto profiles, load_profiles(profile));
    std::vector<codec::dns::Name> names;
    for (const auto& domain : domains) {
        ASSAY_TRY(auto name, parse_target(domain));
        names.push_back(std::move(name));
    }
    ASSAY_TRY(auto lines, sources_ ? measure_facts(std::move(names)) : facts_of(names));
    std::vector<ScopeResult> out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        ASSAY_TRY(const auto facts, fact::parse(lines[i]));
        if (facts_out_.is_open()) facts_out_ << lines[i] << '\n' << std::flush;
        out.push_back({domains[i], std::move(lines[i]), measure::judge(facts, profiles, {})});
    }
    if (!facts_out_.is_open() || facts_out_) return out;
    return base::fail(base::ErrorKind::internal,
                      options_.facts_out + ": Could not be written in full");
}

Tally tally(const check::Assessment& assessment, const std::vector<std::string>& globs) {
    Tally out;
    for (const auto& one : assessment.judgements) {
        const auto fits = [&](const std::string& glob) {
            return check::matches(glob, one.check->id);
        };
        if (std::ranges::none_of(globs, fits)) continue;
        const std::string id(one.check->id);
        switch (one.grade.status) {
            case check::Status::met: ++out.met; break;
            case check::Status::not_met:
                ++out.not_met;
                out.not_met_checks.push_back(id);
                if (one.grade.level == check::Level::must) out.not_met_musts.push_back(id);
                break;
            case check::Status::cannot_tell:
                ++out.cannot_tell;
                out.cannot_tell_checks.push_back(id);
                break;
            case check::Status::not_applicable:
            case check::Status::accepted: break;
        }
    }
    return out;
}

certify::MeasuredEvidence evidence_of(const ScopeResult& result, const Tally& tally) {
    return {.domain = result.domain,
            .profile = result.assessment.profile,
            .facts_sha256 = crypto::sha256_hex(result.facts),
            .measured_at = result.assessment.measured_at,
            .met = tally.met,
            .not_met = tally.not_met,
            .cannot_tell = tally.cannot_tell,
            .not_met_checks = tally.not_met_checks};
}

}  // namespace assay::cli
