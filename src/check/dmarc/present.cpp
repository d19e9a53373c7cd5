#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"present", "{domain} publishes a DMARC record", ""},
    {"inherited", "{domain} has no DMARC record of its own; the one of {policy_domain} applies",
     ""},
    {"from-suffix",
     "{domain} has no DMARC record of its own; only that of {policy_domain} applies, which is not "
     "yours",
     "Publish a DMARC record of your own, with a policy that is no weaker: then its reports come "
     "to "
     "you."},
    {"own-missing",
     "{domain} has no DMARC record of its own, and we could not check whether one applies from "
     "above: {reason}",
     "Publish a DMARC record of your own, with a policy no weaker than the one above it."},
    {"missing", "{domain} has no DMARC record, and none applies from above",
     "Publish a DMARC record. Start with p=none and read the reports."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const std::string domain = facts.name.text();
    const auto& own = facts.dmarc->own();
    const auto name = "_dmarc." + domain;
    // Several records are none to receivers; dmarc.single says so, and dmarc.policy what follows.
    if (own.has_value()) {
        return Outcome("present").with("domain", domain).with("name", name).with("record", *own);
    }
    if (own.is_error()) return cannot_tell(own.error());
    const auto found = facts.dmarc->discover();
    if (found.policy_domain) {
        // The record of a public suffix is not that of the domain's organisation.
        const bool ours = !applies_from_suffix(*facts.dmarc, found);
        auto above = Outcome(ours ? "inherited" : "from-suffix")
                         .with("domain", domain)
                         .with("policy_domain", found.policy_domain->text());
        if (!ours) publish_started(above, facts, [](codec::dmarc::Record&) {});
        return above;
    }
    if (!found.policy_known) {
        const auto error = *first_error(*facts.dmarc);
        // An organisation needs a record of its own, whatever stands above it.
        if (facts.dmarc->suffix_organizational_domain != facts.name) return cannot_tell(error);
        return Outcome("own-missing")
            .with("domain", domain)
            .with("name", name)
            .with("reason", error.detail);
    }
    auto missing = Outcome("missing").with("domain", domain).with("name", name);
    publish_started(missing, facts, [](codec::dmarc::Record&) {});
    return missing;
}

}  // namespace

constinit const Check dmarc_present{
    .id = "dmarc.present",
    .question = "Is there a DMARC policy for the domain?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc | fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
