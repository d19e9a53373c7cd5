#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.7"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"strict", "SPF and DKIM must match {domain} exactly", ""},
    {"relaxed", "SPF and DKIM of any name in the same organisation count for {domain}", ""},
    {"mixed", "{domain} is strict about one of SPF and DKIM and relaxed about the other", ""},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto found = facts.dmarc->discover();
    if (!found.policy_known) return cannot_tell(*first_error(*facts.dmarc));
    const auto record = applied_record(*facts.dmarc, found);
    if (!record) return not_applicable("no DMARC record applies");
    const bool same = record->dkim_alignment == record->spf_alignment;
    const bool strict = record->dkim_alignment == codec::dmarc::Alignment::strict;
    auto outcome = Outcome(!same    ? "mixed"
                           : strict ? "strict"
                                    : "relaxed")
                       .with("domain", facts.name.text());
    add_policy_evidence(outcome, *facts.dmarc, found);
    return outcome;
}

}  // namespace

constinit const Check dmarc_alignment{
    .id = "dmarc.alignment",
    .question = "How closely must SPF and DKIM match the domain?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
