#include "codec/mta_sts/record.hpp"
#include "check/mta_sts/checks.hpp"
#include "check/text_policy.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 8461 section 3.1"};
constexpr std::string_view guidance[] = {"mta-sts-and-tls-rpt", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"valid", "{domain} publishes an MTA-STS record", ""},
    {"missing", "{domain} has no MTA-STS policy, so senders need not encrypt its mail",
     "First publish the policy file in testing mode. Then publish this record at {name}, with the "
     "date and time as its id: v=STSv1; id=20261101T090000"},
    {"several", "{name} has {count} records, so senders ignore them all",
     "Keep one record and remove the others."},
    {"faulty", "There is a mistake in the record at {name}: {faults}", "Fix the record."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

std::vector<std::string> stoppers(std::string_view text) {
    const auto content = codec::mta_sts::lint(text);
    std::vector<std::string> out;
    for (const auto& fault : content.faults) {
        if (codec::mta_sts::is_error(fault)) out.push_back(fault.detail);
    }
    if (!content.record && out.empty()) out.emplace_back("it does not begin with v=STSv1");
    return out;
}

Outcome judge(const fact::Domain& facts) {
    return judge_text_policy(facts, facts.mta_sts, {codec::mta_sts::resembles, stoppers, ""});
}

}  // namespace

constinit const Check mta_sts_record{
    .id = "mta-sts.record",
    .question = "Does the domain announce an MTA-STS policy?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mta_sts | fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
