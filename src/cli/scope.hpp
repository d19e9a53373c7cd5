// The domains in scope of a case or a certificate, measured as `assay check` measures them.
#pragma once

#include <fstream>

#include "certify/model.hpp"
#include "cli/options.hpp"
#include "cli/sources.hpp"

namespace assay::cli {

struct ScopeOptions {
    std::vector<std::string> selectors;
    std::string facts, facts_out;
    SourceOptions source;

    void declare(CLI::App& command);
};

struct ScopeResult {
    std::string domain;  // as the scope spells it
    std::string facts;   // one line, as in a file of facts; its SHA-256 is that of the evidence
    check::Assessment assessment;
};

// Measures, or judges kept facts again. Opened once for many scopes.
class ScopeMeter {
  public:
    // Errors: usage (a file, a resolver or a selector is wrong).
    static base::Result<std::unique_ptr<ScopeMeter>> open(const ScopeOptions& options,
                                                          std::function<base::Moment()> now,
                                                          World& world);

    // In the order of the domains. Errors: usage (no domain name; no facts of one; no such
    // profile), internal.
    base::Result<std::vector<ScopeResult>> measure(const std::vector<std::string>& domains,
                                                   const std::string& profile);

  private:
    ScopeMeter(const ScopeOptions& options, std::function<base::Moment()> now, World& world)
        : options_(options), now_(std::move(now)), world_(&world) {}

    base::Result<void> read_facts();
    base::Result<std::vector<std::string>> facts_of(
        const std::vector<codec::dns::Name>& names) const;
    base::Result<std::vector<std::string>> measure_facts(std::vector<codec::dns::Name> names);

    ScopeOptions options_;
    std::function<base::Moment()> now_;
    World* world_;
    std::vector<std::pair<codec::dns::Name, std::string>> kept_;
    std::optional<Sources> sources_;
    std::ofstream facts_out_;
};

// What the checks that match one of the globs say.
struct Tally {
    unsigned met = 0, not_met = 0, cannot_tell = 0;
    std::vector<std::string> not_met_checks;
    std::vector<std::string> not_met_musts, cannot_tell_checks;

    bool measured() const { return met + not_met + cannot_tell > 0; }
};
Tally tally(const check::Assessment& assessment, const std::vector<std::string>& globs);

certify::MeasuredEvidence evidence_of(const ScopeResult& result, const Tally& tally);

}  // namespace assay::cli
