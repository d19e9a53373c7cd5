#include "codec/mta_sts/record.hpp"
#include "check/dmarc/common.hpp"
#include "check/mta_sts/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 8461 section 3.1"};
constexpr std::string_view guidance[] = {"mta-sts-and-tls-rpt", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"valid", "{domain} publishes an MTA-STS record", ""},
    {"missing", "{domain} has no MTA-STS policy, so senders need not use TLS to reach it",
     "Publish the policy file in testing mode, then the DNS record."},
    {"several", "{name} has {count} records, so senders ignore them all",
     "Keep one record and remove the others."},
    {"faulty", "There is a mistake in the record at {name}: {faults}", "Correct the record."},
    {cannot_tell_tag, "We could not tell: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.mta_sts || !facts.mx) return not_collected();
    const auto& found = *facts.mta_sts;
    const std::string domain = facts.name.text();
    if (found.records.is_error()) return cannot_tell(found.records.error());
    std::vector<std::string> texts =
        found.records.has_value() ? *found.records : std::vector<std::string>();
    // A text that was meant to be the record but does not begin like one.
    for (const auto& text : found.other) {
        if (texts.empty() && codec::mta_sts::resembles(text)) texts.push_back(text);
    }
    if (texts.empty()) {
        if (facts.mx->hosts.is_error()) return cannot_tell(facts.mx->hosts.error());
        if (!facts.mx->hosts.has_value() || facts.mx->is_null()) {
            return not_applicable(domain + " receives no mail");
        }
        return Outcome("missing")
            .with("domain", domain)
            .with("name", found.name.text())
            .publish(txt_record(found.name.text(), "v=STSv1; id=1"));
    }
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag)
            .with("domain", domain)
            .with("name", found.name.text())
            .with("record", texts);
    };
    if (texts.size() > 1)
        return outcome("several").with("count", static_cast<std::int64_t>(texts.size()));
    const auto content = codec::mta_sts::lint(texts.front());
    std::vector<std::string> faults;
    for (const auto& fault : content.faults) {
        if (codec::mta_sts::is_error(fault)) faults.push_back(fault.detail);
    }
    if (!content.record && faults.empty()) faults.emplace_back("it does not begin with v=STSv1");
    if (!faults.empty()) return outcome("faulty").with("faults", std::move(faults));
    return outcome("valid");
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
