#include "check/dns/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 4592 section 2", "RFC 9989"};
constexpr std::string_view guidance[] = {"govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"none", "{domain} has no wildcard record", ""},
    {"text",
     "A wildcard under {domain} answers every TXT question, also where mail policy is looked for",
     "Remove the wildcard TXT record, or publish explicit records at _dmarc, _mta-sts and "
     "_smtp._tls."},
    {"mail", "A wildcard under {domain} accepts mail for every name below it",
     "Remove the wildcard MX record, or publish SPF and DMARC that cover those names."},
    {"addresses", "A wildcard under {domain} gives every name below it an address",
     "Remove the wildcard unless you need it: it keeps names alive that nobody looks after."},
    {"alias", "A wildcard under {domain} makes every name below it an alias of {target}",
     "Remove the wildcard unless you need it: it hands every name that nobody set up to {target}."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.wildcard) return not_collected();
    const auto& wildcard = *facts.wildcard;
    const std::string domain = facts.name.text();
    const auto name = "*." + domain;
    if (!wildcard.aliases.empty() && wildcard.txt.is_absent()) {
        return Outcome("alias")
            .with("domain", domain)
            .with("name", name)
            .with("target", wildcard.aliases.back().text());
    }
    if (wildcard.txt.has_value()) {
        return Outcome("text")
            .with("domain", domain)
            .with("name", name)
            .with("record", *wildcard.txt);
    }
    if (wildcard.txt.is_error()) return cannot_tell(wildcard.txt.error());
    if (wildcard.mx.has_value()) return Outcome("mail").with("domain", domain).with("name", name);
    if (wildcard.mx.is_error()) return cannot_tell(wildcard.mx.error());
    if (wildcard.addresses.has_value()) {
        return Outcome("addresses")
            .with("domain", domain)
            .with("name", name)
            .with("record", *wildcard.addresses);
    }
    if (wildcard.addresses.is_error()) return cannot_tell(wildcard.addresses.error());
    return Outcome("none").with("domain", domain);
}

}  // namespace

constinit const Check dns_wildcard{
    .id = "dns.wildcard",
    .question = "Does a wildcard answer for names that nobody set up?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::wildcard,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
