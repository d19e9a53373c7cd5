#include "check/mx/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 5321 section 5.1", "RFC 2181 section 10.3"};
constexpr std::string_view guidance[] = {"securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"hosts", "No MX record of {domain} names an alias", ""},
    {"alias", "An MX record of {domain} names an alias (CNAME): {hosts}",
     "Name the host that the alias leads to. Some senders refuse to deliver to an alias."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.mx) return not_collected();
    const auto& mx = *facts.mx;
    const std::string domain = facts.name.text();
    if (mx.hosts.is_error()) return cannot_tell(mx.hosts.error());
    if (!mx.hosts.has_value() || mx.is_null()) return not_applicable(domain + " receives no mail");
    std::vector<std::string> aliases;
    std::optional<base::Error> unknown;
    for (const auto& host : *mx.hosts) {
        if (!host.host.aliases.empty()) {
            aliases.push_back(host.host.name.text() + " -> " + host.host.aliases.back().text());
        } else if (host.host.ipv4.is_error()) {
            unknown = host.host.ipv4.error();
        }
    }
    if (!aliases.empty())
        return Outcome("alias").with("domain", domain).with("hosts", std::move(aliases));
    if (unknown) return cannot_tell(*unknown);
    return Outcome("hosts").with("domain", domain);
}

}  // namespace

constinit const Check mx_not_cname{
    .id = "mx.not-cname",
    .question = "Do MX records name hosts, not aliases?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
