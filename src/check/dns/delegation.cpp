#include "check/dns/checks.hpp"
#include "check/dns/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 1034 section 4.2.2", "RFC 1912 section 2.8"};
constexpr std::string_view guidance[] = {"govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"consistent", "All {count} nameserver addresses answer for {domain}", ""},
    {"lame", "Some nameservers that {domain} names do not answer for it: {lame}",
     "Make these servers serve the zone, or take them out of the NS records at your registrar and "
     "in the zone."},
    {"unresolvable", "Some nameservers of {domain} have no address: {unresolvable}",
     "Correct the names in the NS records, at your registrar and in the zone."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.zone) return not_collected();
    if (const auto early = apex_only(*facts.zone)) return *early;
    const auto& zone = *facts.zone;
    const std::string domain = facts.name.text();
    std::vector<std::string> unresolvable, lame;
    std::optional<base::Error> unknown;
    for (const auto& server : *zone.nameservers) {
        if (server.is_unknown())
            unknown = server.ipv4.is_error() ? server.ipv4.error() : server.ipv6.error();
        if (!server.exists() && !server.is_unknown()) unresolvable.push_back(server.name.text());
    }
    for (const auto& answer : zone.servers) {
        const auto who = answer.server.text() + " (" + answer.address + ")";
        // RFC 1034 section 4.2.2: a server named in the delegation answers with authority.
        const bool refuses =
            answer.serial.is_absent() || (answer.serial.has_value() && !answer.authoritative);
        if (refuses) lame.push_back(who);
        if (answer.serial.is_error()) unknown = answer.serial.error();
    }
    if (!lame.empty()) return Outcome("lame").with("domain", domain).with("lame", std::move(lame));
    if (!unresolvable.empty()) {
        return Outcome("unresolvable")
            .with("domain", domain)
            .with("unresolvable", std::move(unresolvable));
    }
    if (facts.source == fact::Source::zones) {
        return not_applicable("zone files do not show how the servers answer");
    }
    if (unknown) return cannot_tell(*unknown);
    if (zone.servers.empty()) return cannot_tell("no nameserver could be asked");
    return Outcome("consistent")
        .with("domain", domain)
        .with("count", static_cast<std::int64_t>(zone.servers.size()));
}

}  // namespace

constinit const Check dns_delegation{
    .id = "dns.delegation",
    .question = "Do all nameservers of the zone answer for it?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::zone,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
