#include <algorithm>

#include "codec/spf/record.hpp"
#include "codec/tls_rpt/record.hpp"
#include "probe/mail.hpp"

namespace assay::probe {

namespace {

inline constexpr std::size_t references_max = 10'000;  // ours: CNAMEs of one zone, at most

// Names under a domain that are mostly CNAMEs to a supplier, and are forgotten when the contract
// ends.
constexpr std::string_view usual_aliases[] = {"www",  "mta-sts",  "autodiscover",
                                              "mail", "intranet", "jobs"};

using fact::Reference;
using fact::ReferenceKind;

struct Owner {
    dns::Name name;
    dns::Type type = dns::Type::A;  // any but CNAME shows the chain
};

// The target does not exist: does the domain that someone would have to register?
Task<Reference> finish(Context& context, Reference reference) {
    reference.registrable_domain = context.suffixes.registrable_domain(reference.target);
    if (!reference.exists.is_absent() || !reference.registrable_domain) co_return reference;
    const auto asked =
        co_await context.resolver.resolve(*reference.registrable_domain, dns::Type::SOA);
    reference.registrable_exists = observe_existence(asked);
    co_return reference;
}

// The addresses could not be had: is there an alias whose target is the reason?
Task<std::optional<Reference>> alias_that_fails(Context& context, dns::Name owner,
                                                base::Error error) {
    // Below a cut stands no alias of this zone.
    if (error.kind == base::ErrorKind::not_covered) co_return std::nullopt;
    const auto alias = co_await context.resolver.resolve(owner, dns::Type::CNAME);
    Reference out{ReferenceKind::cname, owner, owner, std::move(error), {}, {}};
    if (alias) {
        const auto targets = observe<dns::Cname>(alias);
        if (!targets.has_value()) co_return std::nullopt;
        out.target = targets->front().target;
    }
    co_return co_await finish(context, std::move(out));
}

Task<std::optional<Reference>> alias_at(Context& context, Owner owner) {
    const auto asked = co_await context.resolver.resolve(owner.name, owner.type);
    if (!asked) co_return co_await alias_that_fails(context, std::move(owner.name), asked.error());
    if ((*asked)->aliases.empty()) co_return std::nullopt;
    const auto& answer = **asked;
    Reference out{ReferenceKind::cname, owner.name, answer.aliases.back(), {}, {}, {}};
    if (answer.broken) {
        out.exists = *answer.broken;
    } else if (answer.existence == net::Existence::nx_domain) {
        out.exists = fact::Absence::nx_domain;
    } else {
        out.exists = true;
    }
    co_return co_await finish(context, std::move(out));
}

Task<Reference> domain_of_report(Context& context, ReferenceKind kind, dns::Name owner,
                                 dns::Name host) {
    Reference out{kind, std::move(owner), host, {}, {}, {}};
    out.exists = observe_existence(co_await context.resolver.resolve(host, dns::Type::MX));
    co_return co_await finish(context, std::move(out));
}

Observed<bool> existence_of(const fact::Host& host) {
    if (host.exists()) return true;
    if (host.ipv4.is_error()) return host.ipv4.error();
    if (host.ipv6.is_error()) return host.ipv6.error();
    return host.ipv4.is_absent() ? host.ipv4.absence() : fact::Absence::no_data;
}

void add_hosts(const fact::Domain& facts, std::vector<Reference>& out) {
    if (facts.zone && facts.zone->nameservers.has_value()) {
        for (const auto& server : *facts.zone->nameservers) {
            out.push_back(
                {ReferenceKind::ns, facts.name, server.name, existence_of(server), {}, {}});
        }
    }
    if (facts.mx && facts.mx->hosts.has_value()) {
        for (const auto& mx : *facts.mx->hosts) {
            if (mx.host.name.is_root()) continue;
            out.push_back(
                {ReferenceKind::mx, facts.name, mx.host.name, existence_of(mx.host), {}, {}});
        }
    }
}

void add_includes(const fact::Domain& facts, std::vector<Reference>& out) {
    if (!facts.spf) return;
    for (const auto& node : facts.spf->nodes) {
        for (const auto& term : node.terms) {
            if (!term.child) continue;
            const auto& child = facts.spf->nodes[*term.child];
            Observed<bool> exists = true;
            if (child.record.is_error()) exists = child.record.error();
            if (child.record.is_absent() && child.record.absence() == fact::Absence::nx_domain) {
                exists = fact::Absence::nx_domain;
            }
            out.push_back({ReferenceKind::spf_include, node.domain, child.domain, exists, {}, {}});
        }
    }
}

std::vector<Task<Reference>> report_domains(Context& context, const fact::Domain& facts) {
    std::vector<Task<Reference>> out;
    std::vector<dns::Name> seen;
    const auto add = [&](ReferenceKind kind, const std::optional<dns::Name>& host) {
        if (!host || host->is_root() || host->is_at_or_below(facts.name)) return;
        if (std::ranges::find(seen, *host) != seen.end()) return;
        seen.push_back(*host);
        out.push_back(domain_of_report(context, kind, facts.name, *host));
    };
    // The destinations of a record above are for the domain that holds it.
    if (facts.dmarc && facts.dmarc->discover().policy_domain == facts.name) {
        for (const auto& destination : facts.dmarc->destinations)
            add(ReferenceKind::dmarc_report, destination.host);
    }
    seen.clear();
    if (facts.tls_rpt && facts.tls_rpt->records.has_value()) {
        const auto record = codec::tls_rpt::lint(facts.tls_rpt->records->front()).record;
        for (const auto& destination :
             record ? record->destinations : decltype(record->destinations)()) {
            add(ReferenceKind::tls_report, destination.host);
        }
    }
    return out;
}

// Where an alias of the domain may stand.
std::vector<Owner> alias_owners(const Context& context, const fact::Domain& facts) {
    std::vector<Owner> out{{facts.name}};
    const bool apex = facts.zone && facts.zone->is_apex();
    if (const auto listed = apex ? context.resolver.list(facts.name) : std::nullopt) {
        for (const auto& owner : listed->names) {
            if (out.size() < references_max) out.push_back({owner});
        }
        return out;
    }
    for (const auto label : usual_aliases) {
        if (auto owner = below(facts.name, {label})) out.push_back({*std::move(owner)});
    }
    // A wildcard alias makes an alias of every name below the domain.
    const bool wild = facts.wildcard && !facts.wildcard->aliases.empty();
    if (auto owner = wild ? below(facts.name, {"*"}) : std::nullopt)
        out.push_back({*std::move(owner)});
    // The aliases that hold a policy are known. Asked as they were before, they cost no question.
    const auto add = [&](bool alias, std::initializer_list<std::string_view> labels) {
        auto owner = alias ? below(facts.name, labels) : std::nullopt;
        if (owner) out.push_back({*std::move(owner), dns::Type::TXT});
    };
    const auto& dmarc = facts.dmarc;
    add(dmarc && !dmarc->walk.empty() && !dmarc->walk.front().aliases.empty(), {"_dmarc"});
    add(facts.mta_sts && !facts.mta_sts->aliases.empty(), {"_mta-sts"});
    add(facts.tls_rpt && !facts.tls_rpt->aliases.empty(), {"_tls", "_smtp"});
    return out;
}

}  // namespace

Task<std::vector<fact::Reference>> references(Context& context, fact::Domain facts) {
    std::vector<Task<std::optional<Reference>>> aliases;
    for (auto& owner : alias_owners(context, facts))
        aliases.push_back(alias_at(context, std::move(owner)));
    std::vector<Reference> out;
    for (auto& reference : co_await net::gather(std::move(aliases))) {
        if (reference) out.push_back(std::move(*reference));
    }
    std::vector<Reference> hosts;
    add_hosts(facts, hosts);
    add_includes(facts, hosts);
    std::vector<Task<Reference>> rest = report_domains(context, facts);
    for (auto& reference : hosts)
        rest.push_back(finish(context, std::move(reference)));
    for (auto& reference : co_await net::gather(std::move(rest)))
        out.push_back(std::move(reference));
    co_return out;
}

}  // namespace assay::probe
