#include <algorithm>

#include "check/mx/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 5321 section 5.1"};
constexpr std::string_view guidance[] = {"securing-government-email", "set-up-government-email"};

constexpr OutcomeText outcomes[] = {
    {"none", "Neither MX nor SPF of {domain} names a closed government network", ""},
    {"retired", "MX or SPF of {domain} names a host of a closed government network: {hosts}",
     "Remove these names: the GSI, GSE, GCSX and GSX networks are closed."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// "Securing government email" (GOV.UK): domains of the GSI family have been replaced.
constexpr std::string_view retired[] = {"gsi.gov.uk", "gse.gov.uk", "gcsx.gov.uk", "gsx.gov.uk"};

bool is_retired(const dns::Name& name) {
    return std::ranges::any_of(retired, [&](std::string_view suffix) {
        const auto parsed = dns::parse_name(suffix);
        return parsed && name.is_at_or_below(*parsed);
    });
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.mx || !facts.spf) return not_collected();
    const std::string domain = facts.name.text();
    const auto& mx = facts.mx->hosts;
    std::vector<std::string> found;
    for (const auto& host : mx.has_value() ? *mx : std::vector<fact::MxHost>()) {
        if (is_retired(host.host.name)) found.push_back("MX " + host.host.name.text());
    }
    const auto record = facts.spf->root().record.has_value()
                            ? codec::spf::lint(*facts.spf->root().record).record
                            : std::nullopt;
    for (const auto& directive :
         record ? record->directives : std::vector<codec::spf::Directive>()) {
        const auto name = dns::parse_name(directive.domain_spec);
        if (name && is_retired(*name)) found.push_back("SPF " + directive.text);
    }
    if (record && record->redirect) {
        const auto name = dns::parse_name(record->redirect->value);
        if (name && is_retired(*name)) found.push_back("SPF redirect=" + record->redirect->value);
    }
    if (!found.empty())
        return Outcome("retired").with("domain", domain).with("hosts", std::move(found));
    if (mx.is_error()) return cannot_tell(mx.error());
    if (facts.spf->root().record.is_error()) return cannot_tell(facts.spf->root().record.error());
    if (!mx.has_value() && !record) return not_applicable(domain + " has neither MX nor SPF");
    return Outcome("none").with("domain", domain);
}

}  // namespace

constinit const Check mx_retired_host{
    .id = "mx.retired-host",
    .question = "Does mail still go to a government network that was closed?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx | fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
