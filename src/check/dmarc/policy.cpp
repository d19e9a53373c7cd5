#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.7", "RFC 9989"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"reject", "DMARC tells receivers to reject mail that fails", ""},
    {"quarantine", "DMARC tells receivers to treat mail that fails as spam",
     "Move to p=reject once reports show that all your own mail passes."},
    {"none", "DMARC policy does not stop spoofed mail",
     "Publish p=quarantine once your reports show that your own mail passes, then p=reject."},
    {"missing", "There is no DMARC policy, so anyone can send mail as {domain}",
     "Publish a DMARC record. Start with p=none and read the reports."},
    {cannot_tell_tag, "We could not tell: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto found = facts.dmarc->discover();
    const std::string domain = facts.name.text();
    if (!found.policy) {
        if (!found.policy_known) return cannot_tell(*first_error(*facts.dmarc));
        auto missing = Outcome("missing").with("domain", domain);
        publish_started(missing, facts, [](codec::dmarc::Record&) {});
        return missing;
    }
    if (found.source != codec::dmarc::Discovery::Source::author_domain &&
        facts.dmarc->exists.is_error()) {
        return cannot_tell(
            facts.dmarc->exists.error());  // sp or np: that depends on whether the name exists
    }
    auto outcome = Outcome(codec::dmarc::print(*found.policy)).with("domain", domain);
    add_policy_evidence(outcome, *facts.dmarc, found);
    if (*found.policy == codec::dmarc::Policy::none) {
        publish_changed(outcome, facts, [](codec::dmarc::Record& record) {
            record.policy = codec::dmarc::Policy::quarantine;
            record.testing = false;
            for (auto* weaker : {&record.subdomain_policy, &record.nonexistent_policy}) {
                if (*weaker == codec::dmarc::Policy::none) weaker->reset();
            }
        });
    }
    return outcome;
}

}  // namespace

constinit const Check dmarc_policy{
    .id = "dmarc.policy",
    .question = "Does the DMARC policy stop mail that pretends to come from the domain?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
