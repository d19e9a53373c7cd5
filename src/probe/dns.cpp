#include "probe/dns.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::probe {

namespace {

template <class Data>
Observed<Data> first(const Observed<std::vector<Data>>& all) {
    if (all.is_error()) return all.error();
    if (all.is_absent()) return all.absence();
    if (all.is_fault()) return all.fault();
    return all->front();
}

Task<fact::ServerAnswer> ask_server(Context& context, dns::Name zone, dns::Name server,
                                    std::string address) {
    fact::ServerAnswer out;
    out.server = server;
    out.address = address;
    const auto message = co_await context.nameservers->ask(address, zone, dns::Type::SOA);
    if (!message) {
        out.serial = message.error();
        co_return out;
    }
    out.authoritative = message->header.authoritative;
    // A server that fails has a bad day; one that refuses, or does not know the zone, is lame.
    using dns::Rcode;
    const auto rcode = message->header.rcode;
    if (rcode == Rcode::server_failure || rcode == Rcode::format_error) {
        out.serial = base::Error{
            base::ErrorKind::server,
            fmt::format("{} ({}) answers {}", server.text(), address, dns::print(rcode))};
        co_return out;
    }
    for (const auto& record : message->answer) {
        const auto* soa = std::get_if<dns::Soa>(&record.data);
        if (soa != nullptr && record.name == zone) out.serial = soa->serial;
    }
    co_return out;
}

Task<std::vector<fact::ServerAnswer>> ask_servers(Context& context, dns::Name zone,
                                                  std::vector<fact::Host> hosts) {
    std::vector<Task<fact::ServerAnswer>> tasks;
    for (const auto& server : hosts) {
        const auto add = [&](std::string address) {
            if (tasks.size() < server_addresses_max) {
                tasks.push_back(ask_server(context, zone, server.name, std::move(address)));
            }
        };
        if (server.ipv4.has_value()) {
            for (const auto& address : *server.ipv4)
                add(dns::print_address(address));
        }
        if (server.ipv6.has_value()) {
            for (const auto& address : *server.ipv6)
                add(dns::print_address(address));
        }
    }
    co_return co_await net::gather(std::move(tasks));
}

}  // namespace

Task<fact::Zone> zone(Context& context, dns::Name name) {
    fact::Zone out;
    std::vector<Task<Asked>> questions;
    questions.push_back(context.resolver.resolve(name, dns::Type::SOA));
    questions.push_back(context.resolver.resolve(name, dns::Type::NS));
    const auto answers = co_await net::gather(std::move(questions));
    out.soa = first(observe<dns::Soa>(answers[0]));
    const auto servers = observe<dns::Ns>(answers[1]);
    if (servers.is_error()) out.nameservers = servers.error();
    if (servers.is_absent()) out.nameservers = servers.absence();
    if (!servers.has_value()) co_return out;
    std::vector<Task<fact::Host>> hosts;
    for (const auto& server : *servers) {
        if (hosts.size() < nameservers_max) hosts.push_back(host(context, server.host));
    }
    auto found = co_await net::gather(std::move(hosts));
    std::ranges::sort(found, {}, [](const fact::Host& server) { return server.name.text(); });
    if (context.nameservers != nullptr) {
        out.servers = co_await ask_servers(context, name, found);
    }
    out.nameservers = std::move(found);
    co_return out;
}

Task<fact::Dnssec> dnssec(Context& context, dns::Name name) {
    fact::Dnssec out;
    std::vector<Task<Asked>> questions;
    for (const auto type : {dns::Type::SOA, dns::Type::DS, dns::Type::DNSKEY}) {
        questions.push_back(context.resolver.resolve(name, type));
    }
    const auto answers = co_await net::gather(std::move(questions));
    const auto& soa = answers[0];
    if (soa) {
        out.status = (*soa)->security;
        out.reason = (*soa)->security_reason;
    } else {
        out.status = soa.error().kind == base::ErrorKind::bogus ? dns::Security::bogus
                                                                : dns::Security::indeterminate;
        out.reason = soa.error().detail;
    }
    out.ds = observe<dns::Ds>(answers[1]);
    out.keys = observe<dns::Dnskey>(answers[2]);
    if (out.keys.has_value()) {
        out.nsec3 = first(observe<dns::Nsec3Param>(
            co_await context.resolver.resolve(name, dns::Type::NSEC3PARAM)));
    }
    co_return out;
}

// RFC 8659 section 3: from the name towards the root; the first non-empty CAA RRset wins.
Task<fact::Caa> caa(Context& context, dns::Name name) {
    fact::Caa out;
    for (dns::Name at = name; !at.is_root(); at = at.parent()) {
        out.found_at = at;
        out.properties = observe<dns::Caa>(co_await context.resolver.resolve(at, dns::Type::CAA));
        if (!out.properties.is_absent()) co_return out;
    }
    out.found_at = name;
    co_return out;
}

Task<fact::Wildcard> wildcard(Context& context, dns::Name name) {
    fact::Wildcard out;
    const auto control = below(name, {context.control_label});
    if (!control) co_return out;
    // RFC 4592: a wildcard owns every type it has, so one that does not exist for TXT may still
    // hold MX or A.
    const auto txt = co_await context.resolver.resolve(*control, dns::Type::TXT);
    out.txt = observe_texts(txt);
    if (txt) out.aliases = (*txt)->aliases;
    // At the end of an alias NXDOMAIN is about its target (RFC 6604 section 3): the wildcard
    // stands.
    if (txt && out.aliases.empty() && (*txt)->existence == net::Existence::nx_domain) {
        out.mx = fact::Absence::nx_domain;
        out.addresses = fact::Absence::nx_domain;
        co_return out;
    }
    const auto mx = observe<dns::Mx>(co_await context.resolver.resolve(*control, dns::Type::MX));
    out.mx = mx.is_error()    ? Observed<bool>(mx.error())
             : mx.is_absent() ? Observed<bool>(mx.absence())
                              : Observed<bool>(true);
    const auto addresses = co_await host(context, *control);
    std::vector<std::string> texts;
    if (addresses.ipv4.has_value()) {
        for (const auto& address : *addresses.ipv4)
            texts.push_back(dns::print_address(address));
    }
    if (addresses.ipv6.has_value()) {
        for (const auto& address : *addresses.ipv6)
            texts.push_back(dns::print_address(address));
    }
    if (!texts.empty()) {
        out.addresses = std::move(texts);
    } else if (addresses.is_unknown()) {
        out.addresses = addresses.ipv4.is_error() ? addresses.ipv4.error() : addresses.ipv6.error();
    }
    co_return out;
}

}  // namespace assay::probe
