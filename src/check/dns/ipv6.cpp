#include "check/dns/checks.hpp"
#include "check/dns/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 6540 section 2"};
constexpr std::string_view guidance[] = {"internet-nl"};

constexpr OutcomeText outcomes[] = {
    {"present", "{count} nameservers of {domain} have IPv6 addresses", ""},
    {"one", "Only one nameserver of {domain} has an IPv6 address: {nameservers}",
     "Give a second nameserver an IPv6 address."},
    {"none", "No nameserver of {domain} has an IPv6 address",
     "Ask your DNS provider for nameservers with IPv6 addresses."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.zone) return not_collected();
    if (const auto early = apex_only(*facts.zone)) return *early;
    std::vector<std::string> with_ipv6;
    std::optional<base::Error> unknown;
    for (const auto& server : *facts.zone->nameservers) {
        if (server.ipv6.has_value()) with_ipv6.push_back(server.name.text());
        if (server.ipv6.is_error()) unknown = server.ipv6.error();
    }
    if (with_ipv6.size() < 2 && unknown) return cannot_tell(*unknown);
    const auto count = static_cast<std::int64_t>(with_ipv6.size());
    auto outcome = Outcome(count > 1    ? "present"
                           : count == 1 ? "one"
                                        : "none")
                       .with("domain", facts.name.text());
    return std::move(outcome).with("count", count).with("nameservers", std::move(with_ipv6));
}

}  // namespace

constinit const Check dns_ipv6{
    .id = "dns.ipv6",
    .question = "Can the zone's nameservers be reached over IPv6?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::zone,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
