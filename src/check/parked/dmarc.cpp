#include "check/dmarc/common.hpp"
#include "check/parked/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989", "RFC 7489 section 6.3"};
constexpr std::string_view guidance[] = {"protect-domains-that-dont-send-email"};

constexpr OutcomeText outcomes[] = {
    {"strict", "{domain} and every name below it are protected by DMARC", ""},
    {"weak", "DMARC of {domain} leaves a gap that a parked domain does not need: {gaps}",
     "Publish the record below."},
    {"missing", "{domain} sends no mail, but has no DMARC policy that says so",
     "Publish the record below."},
    {cannot_tell_tag, "We could not tell: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto parked = fact::is_parked(facts);
    if (!parked) return cannot_tell("the MX or SPF record could not be read");
    const std::string domain = facts.name.text();
    if (!*parked) return not_applicable(domain + " is in use for mail");
    const auto found = facts.dmarc->discover();
    for (const auto& step : facts.dmarc->walk) {
        if (step.records.is_error() && !found.policy) return cannot_tell(step.records.error());
    }
    const auto name = "_dmarc." + domain;
    const auto& own = facts.dmarc->own();
    const auto record = own.has_value() && own->size() == 1
                            ? codec::dmarc::lint(own->front()).record
                            : std::nullopt;
    std::vector<std::string> gaps;
    using codec::dmarc::Alignment;
    using codec::dmarc::Policy;
    if (!record) {
        // A policy from above protects a name that has none of its own.
        if (found.policy == Policy::reject)
            return Outcome("strict").with("domain", domain).with("policy", "reject");
    } else {
        if (record->effective_policy() != Policy::reject) gaps.emplace_back("p is not reject");
        if (record->effective_subdomain_policy() != Policy::reject)
            gaps.emplace_back("sp is not reject");
        if (record->effective_nonexistent_policy() != Policy::reject)
            gaps.emplace_back("np is not reject");
        if (record->testing) gaps.emplace_back("t=y weakens the policy");
    }
    if (record && gaps.empty())
        return Outcome("strict").with("domain", domain).with("record", *own);
    auto outcome = Outcome(record ? "weak" : "missing").with("domain", domain).with("name", name);
    if (record) outcome.with("record", *own).with("gaps", std::move(gaps));
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
