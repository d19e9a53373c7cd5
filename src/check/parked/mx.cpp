#include "check/parked/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7505 section 3"};
constexpr std::string_view guidance[] = {"protect-domains-that-dont-send-email"};

constexpr OutcomeText outcomes[] = {
    {"null-mx", "{domain} says that it receives no mail", ""},
    {"missing", "{domain} has no MX record, so senders try its web address if it has one",
     "Publish the null MX record below, if your DNS provider lets you."},
    {"receives", "{domain} still names mail servers: {hosts}",
     "If the domain receives no mail, replace its MX records with the null MX record below."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.mx) return not_collected();
    const auto& hosts = facts.mx->hosts;
    if (hosts.is_error()) return cannot_tell(hosts.error());
    const std::string domain = facts.name.text();
    if (facts.mx->is_null()) return Outcome("null-mx").with("domain", domain);
    if (hosts.has_value()) {
        std::vector<std::string> names;
        for (const auto& host : *hosts)
            names.push_back(host.host.name.text());
        return Outcome("receives")
            .with("domain", domain)
            .with("hosts", std::move(names))
            .publish(domain + ". IN MX 0 .");
    }
    return Outcome("missing")
        .with("domain", domain)
        .with("name", domain)
        .publish(domain + ". IN MX 0 .");
}

}  // namespace

constinit const Check parked_mx{
    .id = "parked.mx",
    .question = "Does a parked domain say that it receives no mail?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx | fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
