#include <algorithm>
#include <set>

#include "check/dns/checks.hpp"
#include "check/dns/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 1034 section 4.1", "RFC 2182 section 3.1"};
constexpr std::string_view guidance[] = {"govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"redundant", "{domain} has {count} nameservers in different networks", ""},
    {"single", "{domain} has a single nameserver: {nameservers}",
     "Add a second nameserver in another network."},
    {"one-network", "All nameservers of {domain} are in one network: {network}",
     "Add a nameserver in another network, so that one failure does not take the domain away."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// Two addresses of one /24 or /48 share their fate: the smallest blocks that the internet routes.
std::string network_of(const dns::A& address) {
    dns::A network = address;
    network.address[3] = 0;
    return dns::print_address(network) + "/24";
}

std::string network_of(const dns::Aaaa& address) {
    dns::Aaaa network = address;
    std::fill(network.address.begin() + 6, network.address.end(), std::uint8_t{0});
    return dns::print_address(network) + "/48";
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.zone) return not_collected();
    if (const auto early = apex_only(*facts.zone)) return *early;
    std::vector<std::string> names;
    std::set<std::string> networks4, networks6;
    bool unknown = false;
    for (const auto& server : *facts.zone->nameservers) {
        names.push_back(server.name.text());
        unknown = unknown || server.ipv4.is_error() || server.ipv6.is_error();
        if (server.ipv4.has_value()) {
            for (const auto& address : *server.ipv4)
                networks4.insert(network_of(address));
        }
        if (server.ipv6.has_value()) {
            for (const auto& address : *server.ipv6)
                networks6.insert(network_of(address));
        }
    }
    const std::string domain = facts.name.text();
    if (names.size() < 2)
        return Outcome("single").with("domain", domain).with("nameservers", std::move(names));
    const bool spread = networks4.size() > 1 || networks6.size() > 1;
    if (!spread && unknown)
        return cannot_tell("the addresses of the nameservers could not be read");
    if (!spread && networks4.size() + networks6.size() > 0) {
        const auto& one = networks4.empty() ? networks6 : networks4;
        return Outcome("one-network")
            .with("domain", domain)
            .with("network", *one.begin())
            .with("nameservers", std::move(names));
    }
    if (!spread) return cannot_tell("no nameserver has an address");
    return Outcome("redundant")
        .with("domain", domain)
        .with("count", static_cast<std::int64_t>(names.size()))
        .with("nameservers", std::move(names));
}

}  // namespace

constinit const Check dns_ns_redundancy{
    .id = "dns.ns-redundancy",
    .question = "Does the zone have nameservers in more than one place?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::zone,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
