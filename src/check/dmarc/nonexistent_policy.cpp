#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.7"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"enforced",
     "Mail from names that do not exist under {domain} that fails is treated as p={policy}", ""},
    {"weaker", "DMARC protects {domain} itself, but not names that do not exist below it",
     "Publish np=reject, or remove the weaker np or sp so that the policy of the domain counts."},
    {"none", "DMARC does not stop spoofed mail from names that do not exist under {domain}",
     "Publish an enforced policy: p=quarantine, then p=reject, without a weaker np."},
    {cannot_tell_tag, "We could not tell: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto& own = facts.dmarc->own();
    const std::string domain = facts.name.text();
    if (own.is_error()) return cannot_tell(own.error());
    const auto record = own_record(*facts.dmarc);
    if (!record) return not_applicable(domain + " has no usable DMARC record of its own");
    // RFC 9989 section 4.7: sp and np count only on the record of the organisational domain or a
    // public suffix.
    if (!may_have_subdomain_policy(*facts.dmarc)) {
        return not_applicable("the record is that of a subdomain, where np has no effect");
    }
    const auto policy = record->effective_nonexistent_policy();
    using codec::dmarc::Policy;
    const std::string_view tag = policy != Policy::none                       ? "enforced"
                                 : record->effective_policy() != Policy::none ? "weaker"
                                                                              : "none";
    auto outcome = Outcome(tag)
                       .with("domain", domain)
                       .with("name", "_dmarc." + domain)
                       .with("record", *own)
                       .with("policy", std::string(codec::dmarc::print(policy)));
    if (tag == "weaker") {
        publish_changed(outcome, facts, [](codec::dmarc::Record& changed) {
            changed.nonexistent_policy = changed.policy;
        });
    }
    return outcome;
}

}  // namespace

constinit const Check dmarc_nonexistent_policy{
    .id = "dmarc.nonexistent-policy",
    .question = "Does the DMARC policy protect names that do not exist?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
