#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"
#include "check/retired.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9990"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"none", "No DMARC report about {domain} goes to a mailbox that is known to be closed", ""},
    {"some", "Some DMARC reports about {domain} go to a mailbox that was closed: {retired}",
     "Publish the record below, without the closed mailbox."},
    {"only",
     "All aggregate DMARC reports about {domain} go to a mailbox that was closed: {retired}",
     "No one sees your reports. Use a mailbox that you read, or a reporting service."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto found = facts.dmarc->discover();
    if (!found.policy_known) return cannot_tell(*first_error(*facts.dmarc));
    if (!applies_own_record(facts, found)) return applies_elsewhere(found);
    if (facts.dmarc->destinations.empty()) return not_applicable("no DMARC reports are asked for");
    std::vector<std::string> retired;
    std::string who;
    unsigned live = 0, closed = 0;  // of the aggregate reports
    for (const auto& destination : facts.dmarc->destinations) {
        const bool aggregate = destination.kind == fact::ReportKind::aggregate;
        if (const auto* mailbox = find_retired(destination.mailbox)) {
            retired.push_back(destination.uri);
            who = std::string(mailbox->service) + ", closed " + std::string(mailbox->closed);
            closed += aggregate ? 1 : 0;
        } else {
            live += aggregate ? 1 : 0;
        }
    }
    const std::string domain = facts.name.text();
    if (retired.empty()) return Outcome("none").with("domain", domain);
    auto outcome = Outcome(live > 0 || closed == 0 ? "some" : "only")
                       .with("domain", domain)
                       .with("retired", std::move(retired))
                       .with("service", who);
    add_policy_evidence(outcome, *facts.dmarc, found);
    publish_changed(outcome, facts, [mailbox = own_mailbox(facts)](codec::dmarc::Record& record) {
        const auto gone = [](const codec::dmarc::Uri& uri) {
            return find_retired(uri.mailbox.value_or("")) != nullptr;
        };
        std::erase_if(record.aggregate, gone);
        std::erase_if(record.failure, gone);
        if (record.failure.empty()) record.failure_options.reset();
        if (record.aggregate.empty() && mailbox) record.aggregate.push_back(*mailbox);
        // Without a valid rua, a record needs p (RFC 9989 section 4.10.1).
        if (!record.policy) record.policy = codec::dmarc::Policy::none;
    });
    return outcome;
}

}  // namespace

constinit const Check dmarc_reports_retired_mailbox{
    .id = "dmarc.reports-retired-mailbox",
    .question = "Do DMARC reports still go to a mailbox that was closed?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc | fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
