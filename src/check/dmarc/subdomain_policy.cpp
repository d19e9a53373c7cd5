#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.7"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"enforced", "Receivers treat mail from subdomains under {domain} as p={policy} when it fails",
     ""},
    {"weaker", "DMARC protects {domain} itself, but not subdomains below it",
     "Publish sp=reject, or leave sp out so that the policy of the domain counts."},
    {"none", "DMARC does not stop spoofed mail from subdomains under {domain}",
     "Publish an enforced policy: p=quarantine, then p=reject, without a weaker sp."},
    {"overruled",
     "Newer receivers use the policy of {organization} for subdomains under {domain}, and it does "
     "not stop spoofed mail",
     "Publish psd=n in your DMARC record, so that your own policy for subdomains counts."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    using codec::dmarc::Record;
    return judge_names_below(
        facts, {"sp", &Record::effective_subdomain_policy, &Record::subdomain_policy});
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
