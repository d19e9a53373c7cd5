#include "check/retired.hpp"
#include "check/text_policy.hpp"
#include "check/tls_rpt/checks.hpp"
#include "check/tls_rpt/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 8460 section 3"};
constexpr std::string_view guidance[] = {"mta-sts-and-tls-rpt", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"none", "No TLS reports about {domain} go to a closed mailbox", ""},
    {"retired", "TLS reports about {domain} go to a closed mailbox, so no one sees them: {retired}",
     "Use a mailbox you read, or a reporting service."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.tls_rpt) return not_collected();
    const auto& found = *facts.tls_rpt;
    if (found.records.is_error()) return cannot_tell(found.records.error());
    auto record = read_record(found);
    if (!record) return not_applicable("there is no usable TLS-RPT record");
    const std::string domain = facts.name.text();
    std::vector<std::string> retired;
    std::string who;
    for (const auto& destination : record->destinations) {
        const auto* mailbox = find_retired(destination.mailbox.value_or(""));
        if (mailbox == nullptr) continue;
        retired.push_back(destination.text);
        who = std::string(mailbox->service) + ", closed " + std::string(mailbox->closed);
    }
    if (retired.empty()) return Outcome("none").with("domain", domain);
    std::erase_if(record->destinations, [](const codec::tls_rpt::Destination& destination) {
        return find_retired(destination.mailbox.value_or("")) != nullptr;
    });
    if (record->destinations.empty() && fact::names_mail_server(facts).value_or(false))
        record->destinations.push_back({"mailto:tls-reports@" + domain, {}, {}, 0});
    auto outcome = Outcome("retired")
                       .with("domain", domain)
                       .with("name", found.name.text())
                       .with("record", *found.records)
                       .with("retired", std::move(retired))
                       .with("service", who);
    if (!record->destinations.empty()) {
        outcome.publish(txt_record(found.name.text(), codec::tls_rpt::print(*record)));
    } else {
        outcome.next_step =
            "Use a mailbox you read, or a reporting service. If the domain "
            "receives no mail, remove the record.";
    }
    keep_alias(outcome, found);
    return outcome;
}

}  // namespace

constinit const Check tls_rpt_retired_mailbox{
    .id = "tls-rpt.retired-mailbox",
    .question = "Do TLS reports still go to a mailbox that was closed?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::tls_rpt | fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
