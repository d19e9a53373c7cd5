#include <algorithm>

#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"
#include "check/retired.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9990 section 4"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"authorised", "Every other organisation that gets DMARC reports about {domain} agrees to it",
     ""},
    {"not-authorised",
     "These addresses will not get DMARC reports about {domain}, because their owner has not "
     "published permission: {destinations}",
     "Ask the owner to publish the record below in their zone, or send the reports to a mailbox of "
     "your own."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto found = facts.dmarc->discover();
    if (!found.policy_known) return cannot_tell(*first_error(*facts.dmarc));
    if (!applies_own_record(facts, found)) return applies_elsewhere(found);
    std::vector<std::string> refused;
    std::vector<dns::Name> names;
    std::optional<base::Error> unknown;
    bool any = false;
    for (const auto& destination : facts.dmarc->destinations) {
        if (destination.external.has_value() && !*destination.external) continue;
        // A closed mailbox has nobody to agree: dmarc.reports-retired-mailbox speaks of it.
        if (find_retired(destination.mailbox) != nullptr) continue;
        any = true;
        if (destination.authorized.is_error()) unknown = destination.authorized.error();
        if (!destination.authorized.is_absent()) continue;
        if (!destination.external.has_value()) continue;
        refused.push_back(destination.uri);
        const auto name = codec::dmarc::authorization_name(*found.policy_domain, destination.host);
        if (name && std::ranges::find(names, *name) == names.end()) names.push_back(*name);
    }
    const std::string domain = facts.name.text();
    if (!refused.empty()) {
        auto outcome = Outcome("not-authorised")
                           .with("domain", domain)
                           .with("destinations", std::move(refused));
        for (const auto& name : names)
            outcome.publish(txt_record(name.text(), "v=DMARC1"));
        return outcome;
    }
    if (unknown) return cannot_tell(*unknown);
    if (!any) return not_applicable("no reports go to another organisation that could agree");
    return Outcome("authorised").with("domain", domain);
}

}  // namespace

constinit const Check dmarc_reports_authorised{
    .id = "dmarc.reports-authorised",
    .question = "Does every other organisation that gets reports agree to it?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
