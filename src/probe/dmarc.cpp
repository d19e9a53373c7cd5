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
    const auto asked = co_await context.resolver.resolve(*name, dns::Type::TXT);
    out.records = observe_claims(asked, dmarc::claims, &other);
    out.aliases = co_await own_aliases(context, *name, asked);
    std::ranges::copy_if(other, std::back_inserter(out.mistaken), dmarc::resembles);
    co_return out;
}

Task<std::vector<fact::DmarcStep>> walk(Context& context, dns::Name start) {
    std::vector<Task<fact::DmarcStep>> tasks;
    for (auto& domain : dmarc::walk_names(start))
        tasks.push_back(step(context, std::move(domain)));
    co_return co_await net::gather(std::move(tasks));
}

// What the record at the authorisation name says (RFC 9990 section 4): it may send the reports to
// another mailbox at the same host, and at no other.
Observed<bool> authorization(const Observed<std::vector<std::string>>& records,
                             const dns::Name& host) {
    if (records.is_error()) return records.error();
    if (records.is_absent()) return records.absence();
    for (const auto& text : *records) {
        const auto record = dmarc::lint(text).record;
        if (!record) continue;
        const auto elsewhere = [&](const dmarc::Uri& uri) { return uri.host && *uri.host != host; };
        if (std::ranges::any_of(record->aggregate, elsewhere)) return fact::Absence::no_data;
    }
    return true;
}

// The organisational domain by the tree walk. Error: a step of it could not be asked.
Observed<dns::Name> organization(std::vector<fact::DmarcStep> steps) {
    fact::Dmarc facts;
    facts.walk = std::move(steps);
    facts.exists = true;
    if (auto found = facts.discover().organizational_domain) return *std::move(found);
    for (const auto& step : facts.walk) {
        if (step.records.is_error()) return step.records.error();
    }
    return fact::Absence::no_data;
}

// RFC 9990 section 4. Receivers find organisational domains by the tree walk (RFC 9989) or by the
// public suffix list (RFC 7489); a destination that either of them takes for external needs the
// authorisation.
Task<Observed<bool>> is_external(Context& context, dns::Name policy_domain, dns::Name host,
                                 Observed<dns::Name> policy_organization) {
    if (host == policy_domain) co_return false;
    if (context.suffixes.registrable_domain(host) !=
        context.suffixes.registrable_domain(policy_domain)) {
        co_return true;
    }
    const auto host_organization = organization(co_await walk(context, host));
    if (host_organization.is_error()) co_return host_organization.error();
    if (policy_organization.is_error()) co_return policy_organization.error();
    co_return host_organization.has_value() && policy_organization.has_value() &&
        *host_organization != *policy_organization;
}

Task<fact::ReportDestination> destination(Context& context, fact::ReportKind kind, dmarc::Uri uri,
                                          dns::Name policy_domain,
                                          Observed<dns::Name> policy_organization) {
    fact::ReportDestination out;
    out.kind = kind;
    out.uri = uri.text;
    out.mailbox = uri.mailbox.value_or("");
    out.host = uri.host.value_or(dns::Name());
    if (!uri.host) co_return out;
    out.external =
        co_await is_external(context, policy_domain, out.host, std::move(policy_organization));
    if (out.external.is_error()) out.authorized = out.external.error();
    if (!out.external.has_value() || !*out.external) co_return out;
    const auto name = dmarc::authorization_name(policy_domain, out.host);
    if (!name) co_return out;  // too long: never authorised
    out.authorized = authorization(
        observe_claims(co_await context.resolver.resolve(*name, dns::Type::TXT), dmarc::claims),
        out.host);
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
    const auto own_organization = organization(out.walk);
    std::vector<Task<fact::ReportDestination>> tasks;
    for (const auto& uri : record->aggregate) {
        tasks.push_back(
            destination(context, fact::ReportKind::aggregate, uri, at->domain, own_organization));
    }
    for (const auto& uri : record->failure) {
        tasks.push_back(
            destination(context, fact::ReportKind::failure, uri, at->domain, own_organization));
    }
    out.destinations = co_await net::gather(std::move(tasks));
    co_return out;
}

}  // namespace assay::probe
