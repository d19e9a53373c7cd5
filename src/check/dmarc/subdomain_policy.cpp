#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.7"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"enforced", "Mail from subdomains under {domain} that fails is treated as p={policy}", ""},
    {"weaker", "DMARC protects {domain} itself, but not subdomains below it",
     "Publish sp=reject, or leave sp out so that the policy of the domain counts."},
    {"none", "DMARC does not stop spoofed mail from subdomains under {domain}",
     "Publish an enforced policy: p=quarantine, then p=reject, without a weaker sp."},
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
        return not_applicable("the record is that of a subdomain, where sp has no effect");
    }
    const auto policy = record->effective_subdomain_policy();
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
            changed.subdomain_policy = changed.policy;
        });
    }
    return outcome;
}

}  // namespace

constinit const Check dmarc_subdomain_policy{
    .id = "dmarc.subdomain-policy",
    .question = "Does the DMARC policy for subdomains protect them as well as the domain?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
