#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9990", "RFC 9989 section 4.7"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"sent", "Aggregate reports about {domain} go to {destinations}", ""},
    {"missing", "Nobody gets reports about mail in the name of {domain}",
     "Publish rua=mailto: with a mailbox that somebody reads, or that a reporting service reads "
     "for you."},
    {cannot_tell_tag, "We could not tell: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto found = facts.dmarc->discover();
    const std::string domain = facts.name.text();
    if (!found.policy_known) return cannot_tell(*first_error(*facts.dmarc));
    const auto record = applied_record(*facts.dmarc, found);
    if (!record) return not_applicable("no DMARC record applies");
    std::vector<std::string> destinations;
    for (const auto& uri : record->aggregate)
        destinations.push_back(uri.text);
    auto outcome = Outcome(destinations.empty() ? "missing" : "sent").with("domain", domain);
    if (!destinations.empty()) outcome.with("destinations", std::move(destinations));
    add_policy_evidence(outcome, *facts.dmarc, found);
    return outcome;
}

}  // namespace

constinit const Check dmarc_reports{
    .id = "dmarc.reports",
    .question = "Do aggregate reports go to someone?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
