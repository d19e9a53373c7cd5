#include "check/dmarc/common.hpp"
#include "check/parked/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989", "RFC 7489 section 6.3"};
constexpr std::string_view guidance[] = {"protect-domains-that-dont-send-email"};

constexpr OutcomeText outcomes[] = {
    {"strict", "DMARC protects {domain} and every name below it", ""},
    {"weak", "The DMARC record of {domain} could be stricter: {gaps}", "Publish the record below."},
    {"missing", "{domain} sends no mail, but has no DMARC policy that says so",
     "Publish the record below."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

// What keeps the record from having receivers reject all mail of the domain and of every name below
// it; p counts only for the domain that the record stands at.
std::vector<std::string> gaps_of(const codec::dmarc::Record& record, bool own) {
    using codec::dmarc::Policy;
    std::vector<std::string> out;
    if (own && record.effective_policy() != Policy::reject) out.emplace_back("p is not reject");
    if (record.effective_subdomain_policy() != Policy::reject) out.emplace_back("sp is not reject");
    if (record.effective_nonexistent_policy() != Policy::reject)
        out.emplace_back("np is not reject");
    if (record.testing) out.emplace_back("t=y weakens the policy");
    return out;
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const std::string domain = facts.name.text();
    const auto found = facts.dmarc->discover();
    for (const auto& step : facts.dmarc->walk) {
        if (step.records.is_error() && !found.policy) return cannot_tell(step.records.error());
    }
    // A policy from above protects a name that has none of its own.
    const auto record = applied_record(*facts.dmarc, found);
    auto gaps = record ? gaps_of(*record, own_record(*facts.dmarc).has_value())
                       : std::vector<std::string>();
    auto outcome = Outcome(!record        ? "missing"
                           : gaps.empty() ? "strict"
                                          : "weak")
                       .with("domain", domain);
    add_policy_evidence(outcome, *facts.dmarc, found);
    if (outcome.tag == "strict") return outcome;
    if (record) outcome.with("gaps", std::move(gaps));
    using codec::dmarc::Alignment;
    using codec::dmarc::Policy;
    publish_started(outcome, facts, [](codec::dmarc::Record& fixed) {
        fixed.policy = fixed.subdomain_policy = fixed.nonexistent_policy = Policy::reject;
        fixed.dkim_alignment = fixed.spf_alignment = Alignment::strict;
        fixed.testing = false;
    });
    return outcome;
}

}  // namespace

constinit const Check parked_dmarc{
    .id = "parked.dmarc",
    .question = "Does a parked domain have receivers reject mail in its name?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx | fact::Need::spf | fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
