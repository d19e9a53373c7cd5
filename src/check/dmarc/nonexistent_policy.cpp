#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.7"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"enforced",
     "Receivers treat mail from made-up names under {domain} as p={policy} when it fails", ""},
    {"weaker", "DMARC protects {domain} itself, but not names that do not exist below it",
     "Publish np=reject, or remove the weaker np or sp so that the policy of the domain counts."},
    {"none", "DMARC does not stop spoofed mail from names that do not exist under {domain}",
     "Publish an enforced policy: p=quarantine, then p=reject, without a weaker np."},
    {"overruled",
     "Newer receivers use the policy of {organization} for names that do not exist under {domain}, "
     "and it does not stop spoofed mail",
     "Publish psd=n in your DMARC record, so that your own policy for such names counts."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    using codec::dmarc::Record;
    return judge_names_below(
        facts, {"np", &Record::effective_nonexistent_policy, &Record::nonexistent_policy});
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
