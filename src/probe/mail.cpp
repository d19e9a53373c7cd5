#include "probe/mail.hpp"

#include <algorithm>

#include "codec/dane/tlsa.hpp"
#include "codec/mta_sts/record.hpp"
#include "codec/tls_rpt/record.hpp"

namespace assay::probe {

namespace {

Task<fact::MxHost> mx_host(Context& context, dns::Mx record) {
    fact::MxHost out;
    out.preference = record.preference;
    out.host.name = record.host;
    // RFC 7505: the root stands for "no mail", and is no host.
    if (!record.host.is_root()) out.host = co_await host(context, record.host);
    co_return out;
}

}  // namespace

Task<fact::Mx> mx(Context& context, dns::Name name) {
    fact::Mx out;
    const auto asked = co_await context.resolver.resolve(name, dns::Type::MX);
    if (asked) out.security = (*asked)->security;
    const auto records = observe<dns::Mx>(asked);
    if (records.is_error()) out.hosts = records.error();
    if (records.is_absent()) out.hosts = records.absence();
    if (!records.has_value()) co_return out;
    std::vector<Task<fact::MxHost>> tasks;
    for (const auto& record : *records) {
        if (tasks.size() < mx_hosts_max) tasks.push_back(mx_host(context, record));
    }
    auto hosts = co_await net::gather(std::move(tasks));
    std::ranges::sort(hosts, {}, [](const fact::MxHost& host) {
        return std::pair(host.preference, host.host.name.text());
    });
    out.hosts = std::move(hosts);
    co_return out;
}

namespace {

Task<void> ask_tlsa(Context& context, dns::Name base, fact::MxHost& host) {
    const auto name = codec::dane::tlsa_name(base, 25);
    if (!name) co_return;
    const auto asked = co_await context.resolver.resolve(*name, dns::Type::TLSA);
    host.tlsa = observe<dns::Tlsa>(asked);
    if (asked) host.tlsa_security = (*asked)->security;
}

// RFC 7672 section 2.2.2: of a host that is an alias along a secure chain, the name at its end
// comes first, and the host's own name where that has no secure records. An error at the first is
// none at the second: a sender waits.
Task<fact::MxHost> tlsa_of(Context& context, fact::MxHost host) {
    if (host.host.name.is_root()) co_return host;
    if (!host.host.aliases.empty()) {
        const auto chain = co_await context.resolver.resolve(host.host.name, dns::Type::A);
        if (chain && !(*chain)->broken && (*chain)->security == dns::Security::secure) {
            co_await ask_tlsa(context, host.host.aliases.back(), host);
            const bool secure = host.tlsa_security == dns::Security::secure;
            if (host.tlsa.is_error() || (host.tlsa.has_value() && secure)) co_return host;
        }
    }
    co_await ask_tlsa(context, host.host.name, host);
    co_return host;
}

}  // namespace

Task<fact::Mx> with_tlsa(Context& context, fact::Mx mx) {
    if (!mx.hosts.has_value()) co_return mx;
    std::vector<Task<fact::MxHost>> tasks;
    for (const auto& host : *mx.hosts)
        tasks.push_back(tlsa_of(context, host));
    mx.hosts = co_await net::gather(std::move(tasks));
    co_return mx;
}

namespace {

template <class Claims>
Task<fact::TextPolicy> text_policy(Context& context, dns::Name name, Claims claims) {
    fact::TextPolicy out;
    out.name = name;
    const auto asked = co_await context.resolver.resolve(name, dns::Type::TXT);
    out.records = observe_claims(asked, claims, &out.other);
    out.aliases = co_await own_aliases(context, name, asked);
    co_return out;
}

}  // namespace

Task<fact::TextPolicy> mta_sts(Context& context, dns::Name name) {
    const auto at = below(name, {"_mta-sts"});
    if (!at) co_return fact::TextPolicy();
    co_return co_await text_policy(context, *at, codec::mta_sts::claims);
}

Task<fact::TextPolicy> tls_rpt(Context& context, dns::Name name) {
    const auto at = below(name, {"_tls", "_smtp"});
    if (!at) co_return fact::TextPolicy();
    co_return co_await text_policy(context, *at, codec::tls_rpt::claims);
}

}  // namespace assay::probe
