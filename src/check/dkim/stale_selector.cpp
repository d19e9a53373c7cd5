#include "check/dkim/checks.hpp"
#include "check/dkim/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 6376 section 3.6.2"};
constexpr std::string_view guidance[] = {"dkim-key-rotation", "securing-government-email",
                                         "govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"none", "No DKIM selector that we found for {domain} points at a key that is gone", ""},
    {"stale", "These DKIM selectors of {domain} point at a name that holds no key: {selectors}",
     "If you no longer use the service, remove the CNAME. If you do, ask the service to publish "
     "its key again."},
    {cannot_tell_tag, "We could not check this: {reason}",
     "Give the selectors that you use with --selector."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dkim) return not_collected();
    const std::string domain = facts.name.text();
    std::vector<std::string> stale, targets;
    bool any = false;
    std::optional<base::Error> unknown;
    for (const auto& selector : facts.dkim->selectors) {
        if (selector.aliases.empty()) continue;
        any = true;
        if (selector.records.is_error()) unknown = selector.records.error();
        if (!selector.records.is_absent()) continue;
        stale.push_back(selector.name);
        targets.push_back(selector.aliases.back().text());
    }
    if (!stale.empty()) {
        return Outcome("stale")
            .with("domain", domain)
            .with("selectors", std::move(stale))
            .with("targets", std::move(targets));
    }
    if (unknown) return cannot_tell(*unknown);
    if (any) return Outcome("none").with("domain", domain);
    if (const auto error = first_error(*facts.dkim)) return cannot_tell(*error);
    return not_applicable("no selector that was found is a CNAME");
}

}  // namespace

constinit const Check dkim_stale_selector{
    .id = "dkim.stale-selector",
    .question = "Do DKIM selectors point at keys that are gone?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dkim,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
