#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"none", "The DMARC record of {domain} uses no obsolete tag", ""},
    {"partial",
     "pct={percent} no longer weakens the policy of {domain}: receivers apply it to all mail",
     "Check your reports, then remove pct. The record below has the same meaning for receivers of "
     "today."},
    {"obsolete", "The DMARC record of {domain} has tags that no longer count: {tags}",
     "Publish the record below without these tags. Your policy stays as it is."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

constexpr std::string_view obsolete[] = {"pct", "rf", "ri"};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto& own = facts.dmarc->own();
    const std::string domain = facts.name.text();
    if (own.is_error()) return cannot_tell(own.error());
    const auto record = own_record(*facts.dmarc);
    if (!record) return not_applicable(domain + " has no usable DMARC record of its own");
    std::vector<std::string> tags;
    for (const auto name : obsolete) {
        if (const auto* tag = record->find(name)) tags.push_back(tag->name + "=" + tag->value);
    }
    for (const auto& uri : record->aggregate) {
        if (uri.size_limit) tags.push_back(uri.text + "!" + *uri.size_limit);
    }
    if (tags.empty()) return Outcome("none").with("domain", domain);
    const bool partial = record->percent && *record->percent < 100;
    auto outcome = Outcome(partial ? "partial" : "obsolete")
                       .with("domain", domain)
                       .with("tags", std::move(tags));
    if (partial) outcome.with("percent", std::int64_t{*record->percent});
    outcome.with("record", *own);
    publish_tidied(outcome, facts, [](codec::dmarc::Record&) {});
    return outcome;
}

}  // namespace

constinit const Check dmarc_obsolete_tags{
    .id = "dmarc.obsolete-tags",
    .question = "Is the DMARC record free of tags that no longer count?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
