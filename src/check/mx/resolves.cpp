#include "check/mx/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 5321 section 5.1"};
constexpr std::string_view guidance[] = {"securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"resolve", "Every mail server of {domain} has an address", ""},
    {"some", "Some mail servers of {domain} have no address: {hosts}",
     "Remove these MX records, or give the hosts an address."},
    {"none", "No mail server of {domain} has an address, so mail cannot be delivered: {hosts}",
     "Act now: correct the MX records, or give the hosts an address."},
    {"address",
     "MX records of {domain} name an IP address, so mail cannot be delivered there: {hosts}",
     "Act now: put the name of the mail server there. If it has no name, give it one with an A "
     "record."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// RFC 5321 section 5.1: the data of an MX record is a domain name. "192.0.2.1." is four labels, and
// no top-level domain is a number; in a zone file, a final dot forgotten adds the domain's name.
// That is a guess: a host below the domain may well have such a name.
bool is_address(const dns::Name& name, const dns::Name& domain) {
    auto text = name.text();
    const auto end = "." + domain.text();
    if (text.ends_with(end)) text.resize(text.size() - end.size());
    return dns::is_address(text);
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.mx) return not_collected();
    const auto& mx = *facts.mx;
    const std::string domain = facts.name.text();
    if (mx.hosts.is_error()) return cannot_tell(mx.hosts.error());
    if (!mx.hosts.has_value() || mx.is_null()) return not_applicable(domain + " receives no mail");
    std::vector<std::string> without, addresses;
    std::optional<base::Error> unknown;
    bool any = false;
    for (const auto& mx_host : *mx.hosts) {
        const auto& host = mx_host.host;
        if (host.name.is_root()) continue;
        any = any || host.exists();
        if (host.is_unknown()) {
            unknown = host.ipv4.is_error() ? host.ipv4.error() : host.ipv6.error();
        } else if (!host.exists()) {
            if (is_address(host.name, facts.name)) addresses.push_back(host.name.text());
            without.push_back(host.name.text());
        }
    }
    if (!addresses.empty())
        return Outcome("address").with("domain", domain).with("hosts", std::move(addresses));
    if (!without.empty()) {
        return Outcome(any || unknown ? "some" : "none")
            .with("domain", domain)
            .with("hosts", std::move(without));
    }
    if (unknown) return cannot_tell(*unknown);
    return Outcome("resolve").with("domain", domain);
}

}  // namespace

constinit const Check mx_resolves{
    .id = "mx.resolves",
    .question = "Does every mail server have an address?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
