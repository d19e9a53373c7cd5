#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

using codec::dmarc::Policy;

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
    {"unusable", "Receivers cannot use the DMARC record of {domain}, so anyone can send mail as it",
     "Correct the record that you have: keep one, without mistakes."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto found = facts.dmarc->discover();
    const auto& own = facts.dmarc->own();
    const std::string domain = facts.name.text();
    if (!found.policy) {
        if (!found.policy_known) return cannot_tell(*first_error(*facts.dmarc));
        if (own.has_value()) {
            return Outcome("unusable")
                .with("domain", domain)
                .with("name", "_dmarc." + domain)
                .with("record", *own);
        }
        auto missing = Outcome("missing").with("domain", domain);
        publish_started(missing, facts, [](codec::dmarc::Record&) {});
        return missing;
    }
    if (found.source != codec::dmarc::Discovery::Source::author_domain &&
        facts.dmarc->exists.is_error()) {
        return cannot_tell(
            facts.dmarc->exists.error());  // sp or np: that depends on whether the name exists
    }
    const auto record = applied_record(*facts.dmarc, found);
    const auto policy = *policy_in_force(*facts.dmarc, found);
    auto outcome = Outcome(codec::dmarc::print(policy)).with("domain", domain);
    add_policy_evidence(outcome, *facts.dmarc, found);
    const bool own_applies = applies_own_record(facts, found);
    if (own_applies && record && record->testing && *found.policy != Policy::none) {
        outcome.next_step = end_of_test;
    } else if (policy == Policy::none && !own_applies) {
        outcome.with("policy_domain", found.policy_domain->text());
        outcome.next_step =
            "Ask whoever runs {policy_domain} for a stricter sp, or publish a DMARC record of your "
            "own.";
    }
    if (policy == Policy::none) {
        publish_changed(outcome, facts, [](codec::dmarc::Record& changed) {
            // A record with a mistake in sp or np may hold a policy that was meant to be enforced.
            if (changed.policy.value_or(Policy::none) == Policy::none)
                changed.policy = Policy::quarantine;
            changed.testing = false;
            for (auto* weaker : {&changed.subdomain_policy, &changed.nonexistent_policy}) {
                if (*weaker == Policy::none) weaker->reset();
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
    .needs = fact::Need::dmarc | fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
