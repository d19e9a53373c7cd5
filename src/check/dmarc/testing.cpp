#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.7"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"in-force", "The DMARC policy of {domain} is in force", ""},
    {"testing",
     "The DMARC record of {domain} is marked as a test, so receivers apply at most one level less "
     "than it says",
     end_of_test},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto found = facts.dmarc->discover();
    if (!found.policy_known) return cannot_tell(*first_error(*facts.dmarc));
    const auto record = applied_record(*facts.dmarc, found);
    if (!record) return not_applicable("no DMARC record applies");
    auto outcome =
        Outcome(record->testing ? "testing" : "in-force").with("domain", facts.name.text());
    add_policy_evidence(outcome, *facts.dmarc, found);
    if (record->testing && own_record(*facts.dmarc)) {
        publish_changed(outcome, facts,
                        [](codec::dmarc::Record& changed) { changed.testing = false; });
    }
    return outcome;
}

}  // namespace

constinit const Check dmarc_testing{
    .id = "dmarc.testing",
    .question = "Is the DMARC policy more than a test?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
