#include "check/mx/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 5321 section 5.1", "RFC 7505 section 3"};
constexpr std::string_view guidance[] = {"securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"present", "Mail for {domain} goes to {hosts}", ""},
    {"null-mx", "{domain} says that it receives no mail", ""},
    {"missing", "{domain} has no MX record, so senders try its web address if it has one",
     "If the domain receives mail, publish its mail servers. If it neither receives nor sends "
     "mail, run this with --profile parked-domain to see all the records that it needs."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.mx) return not_collected();
    const auto& mx = *facts.mx;
    const std::string domain = facts.name.text();
    if (mx.hosts.is_error()) return cannot_tell(mx.hosts.error());
    if (!mx.hosts.has_value()) {
        // No null MX here: it belongs together with the other records of a domain without mail, and
        // a domain that sends should have none (RFC 7505 section 4.2).
        return Outcome("missing").with("domain", domain).with("name", domain);
    }
    if (mx.is_null()) return Outcome("null-mx").with("domain", domain);
    std::vector<std::string> hosts;
    for (const auto& host : *mx.hosts)
        hosts.push_back(host.host.name.text());
    return Outcome("present").with("domain", domain).with("hosts", std::move(hosts));
}

}  // namespace

constinit const Check mx_present{
    .id = "mx.present",
    .question = "Does the domain say where its mail goes?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
