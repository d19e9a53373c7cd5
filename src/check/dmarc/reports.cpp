#include <algorithm>

#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9990", "RFC 9989 section 4.7"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"sent", "Aggregate reports about {domain} go to {destinations}", ""},
    {"missing", "No one gets reports about mail in the name of {domain}",
     "Publish rua=mailto: with a mailbox that somebody reads, or that a reporting service reads "
     "for you."},
    {"unread", "DMARC reports about {domain} go where no one can read them: {destinations}",
     "Send the reports to a mailbox that somebody reads, or that a reporting service reads for "
     "you."},
    {"not-yours",
     "DMARC reports about {domain} go to the owner of {policy_domain}, whose policy applies",
     "Publish a DMARC record of your own, with a policy that is no weaker and a rua address."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// A record with an address that somebody reads; none where we know of no such address.
void publish_with_mailbox(Outcome& outcome, const fact::Domain& facts) {
    const Change change = [mailbox = own_mailbox(facts)](codec::dmarc::Record& changed) {
        if (changed.aggregate.empty() && mailbox) changed.aggregate.push_back(*mailbox);
    };
    const auto after = record_after(facts, {&change, 1});
    const auto is_read = [&](const codec::dmarc::Uri& uri) { return !is_unread(facts, uri); };
    const bool is_alias = !facts.dmarc->walk.front().aliases.empty();  // for its owner to change
    if (is_alias || (after && std::ranges::any_of(after->aggregate, is_read)))
        publish_changed(outcome, facts, change);
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto found = facts.dmarc->discover();
    const std::string domain = facts.name.text();
    if (!found.policy_known) return cannot_tell(*first_error(*facts.dmarc));
    const auto record = applied_record(*facts.dmarc, found);
    if (!record) return not_applicable("no DMARC record applies");
    if (applies_from_suffix(*facts.dmarc, found)) {
        auto elsewhere = Outcome("not-yours")
                             .with("domain", domain)
                             .with("policy_domain", found.policy_domain->text());
        publish_started(elsewhere, facts, [](codec::dmarc::Record&) {});
        return elsewhere;
    }
    std::vector<std::string> read, all;
    for (const auto& uri : record->aggregate) {
        all.push_back(uri.text);
        if (!is_unread(facts, uri)) read.push_back(uri.text);
    }
    auto outcome = Outcome(all.empty()    ? "missing"
                           : read.empty() ? "unread"
                                          : "sent")
                       .with("domain", domain);
    if (!all.empty()) outcome.with("destinations", read.empty() ? all : read);
    add_policy_evidence(outcome, *facts.dmarc, found);
    if (read.empty() && applies_own_record(facts, found)) publish_with_mailbox(outcome, facts);
    return outcome;
}

}  // namespace

constinit const Check dmarc_reports{
    .id = "dmarc.reports",
    .question = "Do aggregate reports go to someone?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc | fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
