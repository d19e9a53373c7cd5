#include <algorithm>

#include "probe/mail.hpp"

namespace assay::probe {

namespace {

namespace dmarc = codec::dmarc;

Task<fact::DmarcStep> step(Context& context, dns::Name domain) {
    fact::DmarcStep out;
    out.domain = domain;
    const auto name = below(domain, {"_dmarc"});
    // RFC 9989 section 4.10: a name that would be too long cannot hold a record.
    if (!name) co_return out;
    std::vector<std::string> other;
    out.records = observe_claims(co_await context.resolver.resolve(*name, dns::Type::TXT),
                                 dmarc::claims, &other);
    std::ranges::copy_if(other, std::back_inserter(out.mistaken), dmarc::resembles);
    co_return out;
}

Task<std::vector<fact::DmarcStep>> walk(Context& context, dns::Name start) {
    std::vector<Task<fact::DmarcStep>> tasks;
    for (auto& domain : dmarc::walk_names(start))
        tasks.push_back(step(context, std::move(domain)));
    co_return co_await net::gather(std::move(tasks));
}

std::optional<dns::Name> organization(std::vector<fact::DmarcStep> steps) {
    fact::Dmarc facts;
    facts.walk = std::move(steps);
    facts.exists = true;
    return facts.discover().organizational_domain;
}

// RFC 9990 section 4. Receivers find organisational domains by the tree walk (RFC 9989) or by the
// public suffix list (RFC 7489); a destination that either of them takes for external needs the
// authorisation.
Task<bool> is_external(Context& context, dns::Name policy_domain, dns::Name host,
                       std::optional<dns::Name> policy_organization) {
    if (host == policy_domain) co_return false;
    if (context.suffixes.registrable_domain(host) !=
        context.suffixes.registrable_domain(policy_domain)) {
        co_return true;
    }
    const auto host_organization = organization(co_await walk(context, host));
    co_return host_organization&& policy_organization && *host_organization != *policy_organization;
}

Task<fact::ReportDestination> destination(Context& context, fact::ReportKind kind, dmarc::Uri uri,
                                          dns::Name policy_domain,
                                          std::optional<dns::Name> policy_organization) {
    fact::ReportDestination out;
    out.kind = kind;
    out.uri = uri.text;
    out.mailbox = uri.mailbox.value_or("");
    out.host = uri.host.value_or(dns::Name());
    if (!uri.host) co_return out;
    out.external =
        co_await is_external(context, policy_domain, out.host, std::move(policy_organization));
    if (!out.external) co_return out;
    const auto name = dmarc::authorization_name(policy_domain, out.host);
    if (!name) co_return out;  // too long: never authorised
    const auto records =
        observe_claims(co_await context.resolver.resolve(*name, dns::Type::TXT), dmarc::claims);
    out.authorized = records.is_error()    ? Observed<bool>(records.error())
                     : records.is_absent() ? Observed<bool>(records.absence())
                                           : Observed<bool>(true);
    co_return out;
}

}  // namespace

Task<fact::Dmarc> dmarc(Context& context, dns::Name name) {
    fact::Dmarc out;
    out.walk = co_await walk(context, name);
    out.exists = observe_existence(co_await context.resolver.resolve(name, dns::Type::TXT));
    out.suffix_organizational_domain = context.suffixes.registrable_domain(name);
    for (const auto& at : out.walk) {
        if (context.suffixes.is_public_suffix(at.domain)) out.public_suffixes.push_back(at.domain);
    }
    const auto found = out.discover();
    if (!found.policy_domain) co_return out;
    const auto at = std::ranges::find(out.walk, *found.policy_domain, &fact::DmarcStep::domain);
    if (at == out.walk.end() || !at->records.has_value()) co_return out;
    const auto record = dmarc::lint(at->records->front()).record;
    if (!record) co_return out;
    std::vector<Task<fact::ReportDestination>> tasks;
    for (const auto& uri : record->aggregate) {
        tasks.push_back(destination(context, fact::ReportKind::aggregate, uri, at->domain,
                                    found.organizational_domain));
    }
    for (const auto& uri : record->failure) {
        tasks.push_back(destination(context, fact::ReportKind::failure, uri, at->domain,
                                    found.organizational_domain));
    }
    out.destinations = co_await net::gather(std::move(tasks));
    co_return out;
}

}  // namespace assay::probe
