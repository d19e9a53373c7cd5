#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "codec/dkim/key_record.hpp"
#include "codec/spf/macro.hpp"
#include "probe/mail.hpp"

namespace assay::probe {

namespace {

namespace spf = codec::spf;

struct Tree {
    fact::SpfNode node;
    std::vector<Tree> children;  // one a term with a child, in order
};

// Shared by the whole tree, so that no record makes us ask without end.
struct Budget {
    std::size_t nodes_left = spf_nodes_max;
    std::size_t terms_left = spf_terms_max;
};

struct Term {
    fact::SpfTerm fact;
    std::optional<Tree> child;
};

Observed<bool> to_existence(const fact::Host& found) {
    if (found.exists()) return true;
    if (found.is_unknown()) return found.ipv4.is_error() ? found.ipv4.error() : found.ipv6.error();
    return found.ipv4.absence();
}

Task<Tree> fetch(Context& context, dns::Name domain, std::vector<dns::Name> above, Budget& budget);

// "include" and "redirect": what the other domain publishes.
Task<Term> follow(Context& context, fact::SpfTerm term, dns::Name target,
                  std::vector<dns::Name> above, Budget& budget) {
    term.lookups = 1;  // RFC 7208 section 4.6.4
    auto child = co_await fetch(context, std::move(target), std::move(above), budget);
    const auto& record = child.node.record;
    term.resolves = record.is_error()    ? Observed<bool>(record.error())
                    : record.is_absent() ? Observed<bool>(record.absence())
                    : record.is_fault()  ? Observed<bool>(record.fault())
                                         : Observed<bool>(true);
    const bool void_answer = record.is_absent() && child.node.texts.empty();
    // A domain that has TXT, only none of them SPF, answers: that is no void lookup.
    term.void_lookups = void_answer && !child.node.loop && !child.node.answered_with_text ? 1 : 0;
    co_return Term{std::move(term), std::move(child)};
}

// "mx": the MX look-up, and no address for a host counts as void as well (RFC 7208 section 4.6.4).
Task<Term> mx_term(Context& context, fact::SpfTerm term, dns::Name target) {
    term.lookups = 1;
    const auto records = observe<dns::Mx>(co_await context.resolver.resolve(target, dns::Type::MX));
    if (records.is_error()) {
        term.resolves = records.error();
        co_return Term{std::move(term), {}};
    }
    if (records.is_absent()) {
        term.resolves = records.absence();
        term.void_lookups = 1;
        co_return Term{std::move(term), {}};
    }
    term.resolves = true;
    if (records->size() > spf::mx_hosts_max) {
        term.resolves = base::Fault{"too-many-mx", "RFC 7208 section 4.6.4", 0,
                                    fmt::format("{} has {} MX hosts; receivers stop at {}",
                                                target.text(), records->size(), spf::mx_hosts_max)};
    }
    std::vector<Task<fact::Host>> hosts;
    for (const auto& record : *records) {
        if (hosts.size() < spf::mx_hosts_max) hosts.push_back(host(context, record.host));
    }
    for (const auto& found : co_await net::gather(std::move(hosts))) {
        if (found.is_unknown() && !term.resolves.is_fault()) term.resolves = to_existence(found);
        if (!found.exists() && !found.is_unknown()) ++term.void_lookups;
    }
    co_return Term{std::move(term), {}};
}

// "a" and "exists". A host with addresses of one family only is not counted as void, although
// senders of the other family meet a void look-up there: which one sends cannot be known.
Task<Term> address_term(Context& context, fact::SpfTerm term, dns::Name target, bool ipv4_only) {
    term.lookups = 1;
    if (ipv4_only) {  // RFC 7208 section 5.7: always A
        const auto found = observe<dns::A>(co_await context.resolver.resolve(target, dns::Type::A));
        term.resolves = found.is_error()    ? Observed<bool>(found.error())
                        : found.is_absent() ? Observed<bool>(found.absence())
                                            : Observed<bool>(true);
    } else {
        term.resolves = to_existence(co_await host(context, target));
    }
    if (term.resolves.is_absent()) term.void_lookups = 1;
    co_return Term{std::move(term), {}};
}

Task<Term> just(fact::SpfTerm term) {
    co_return Term{std::move(term), {}};
}

// Only for a domain-spec that does not depend on the message: "%%", "%_" and "%-" are left.
std::expected<dns::Name, base::Fault> name_of(std::string_view domain_spec) {
    const auto text = spf::expand(domain_spec, {}, false);
    if (!text) return std::unexpected(text.error());
    return dns::parse_name(*text);
}

Task<Term> resolve_term(Context& context, const spf::Directive& directive, const dns::Name& domain,
                        const std::vector<dns::Name>& above, Budget& budget) {
    fact::SpfTerm term;
    term.text = directive.text;
    term.resolves = true;
    if (!directive.queries_dns()) return just(std::move(term));
    if (directive.mechanism == spf::Mechanism::ptr || spf::has_macro(directive.domain_spec)) {
        term.lookups = 1;
        term.depends_on_message = true;
        return just(std::move(term));
    }
    auto target = directive.domain_spec.empty() ? domain : dns::Name();
    if (!directive.domain_spec.empty()) {
        auto parsed = name_of(directive.domain_spec);
        if (!parsed) {
            term.lookups = 1;
            term.resolves = parsed.error();
            return just(std::move(term));
        }
        target = *std::move(parsed);
    }
    if (directive.mechanism == spf::Mechanism::include)
        return follow(context, std::move(term), target, above, budget);
    if (budget.terms_left == 0) {
        term.lookups = 1;
        term.resolves = base::Error{
            base::ErrorKind::limit,
            fmt::format("not asked, because SPF has more than {} terms like this", spf_terms_max)};
        return just(std::move(term));
    }
    --budget.terms_left;
    switch (directive.mechanism) {
        case spf::Mechanism::mx: return mx_term(context, std::move(term), target);
        case spf::Mechanism::exists: return address_term(context, std::move(term), target, true);
        default: return address_term(context, std::move(term), target, false);
    }
}

Task<Term> resolve_redirect(Context& context, const spf::Modifier& redirect,
                            const std::vector<dns::Name>& above, Budget& budget) {
    fact::SpfTerm term;
    term.text = redirect.text;
    term.lookups = 1;
    if (spf::has_macro(redirect.value)) {
        term.depends_on_message = true;
        term.resolves = true;
        return just(std::move(term));
    }
    auto target = name_of(redirect.value);
    if (!target) {
        term.resolves = target.error();
        return just(std::move(term));
    }
    return follow(context, std::move(term), *std::move(target), above, budget);
}

Task<Tree> fetch(Context& context, dns::Name domain, std::vector<dns::Name> above, Budget& budget) {
    Tree tree;
    tree.node.domain = domain;
    if (std::ranges::find(above, domain) != above.end()) {
        tree.node.loop = true;
        co_return tree;
    }
    if (budget.nodes_left == 0 || above.size() >= spf_depth_max) {
        tree.node.record = base::Error{
            base::ErrorKind::limit,
            fmt::format("the tree of includes is larger than {} records or deeper than {}",
                        spf_nodes_max, spf_depth_max)};
        co_return tree;
    }
    --budget.nodes_left;
    const auto asked = co_await context.resolver.resolve(domain, dns::Type::TXT);
    std::vector<std::string> other;
    auto texts = observe_claims(asked, spf::claims, &other);
    tree.node.answered_with_text = !other.empty();
    if (texts.is_error()) tree.node.record = texts.error();
    if (texts.is_absent()) tree.node.record = texts.absence();
    if (!texts.has_value()) co_return tree;
    tree.node.texts = *texts;
    if (texts->size() > 1) {
        tree.node.record =
            base::Fault{"several-records", "RFC 7208 section 4.5", 0,
                        fmt::format("{} has {} SPF records", domain.text(), texts->size())};
        co_return tree;
    }
    tree.node.record = texts->front();
    const auto content = spf::lint(texts->front());
    if (!content.record) co_return tree;
    above.push_back(domain);
    std::vector<Task<Term>> tasks;
    bool ended = false;
    for (const auto& directive : content.record->directives) {
        tasks.push_back(resolve_term(context, directive, domain, above, budget));
        ended = directive.mechanism == spf::Mechanism::all;
        if (ended)
            break;  // RFC 7208 section 5.1: what follows is never tested, and redirect is ignored
    }
    if (!ended && content.record->redirect) {
        tasks.push_back(resolve_redirect(context, *content.record->redirect, above, budget));
    }
    for (auto& term : co_await net::gather(std::move(tasks))) {
        if (term.child) {
            term.fact.child = tree.children.size();
            tree.children.push_back(std::move(*term.child));
        }
        tree.node.terms.push_back(std::move(term.fact));
    }
    co_return tree;
}

// Parents before children, counters in the order of evaluation.
std::size_t flatten(Tree tree, fact::Spf& out) {
    const std::size_t index = out.nodes.size();
    out.nodes.push_back(std::move(tree.node));
    const std::size_t term_count = out.nodes[index].terms.size();
    for (std::size_t i = 0; i < term_count; ++i) {
        const auto own = out.nodes[index].terms[i];
        const unsigned lookups_before = out.lookups, voids_before = out.void_lookups;
        out.lookups += own.lookups;
        out.void_lookups += own.void_lookups;
        if (own.resolves.is_error() || own.depends_on_message) out.complete = false;
        std::optional<std::size_t> child;
        if (own.child) child = flatten(std::move(tree.children[*own.child]), out);
        auto& term = out.nodes[index].terms[i];
        term.child = child;
        term.lookups = out.lookups - lookups_before;
        term.void_lookups = out.void_lookups - voids_before;
        term.lookups_after = out.lookups;
        term.void_lookups_after = out.void_lookups;
    }
    return index;
}

// Says that it is a key, or holds one; "p=" alone has many meanings.
bool is_key(std::string_view text) {
    const auto key = codec::dkim::lint(text).record;
    return key && (key->key_bits > 0 || base::starts_with_ignoring_case(text, "v=DKIM1"));
}

}  // namespace

Task<fact::Spf> spf(Context& context, dns::Name name) {
    fact::Spf out;
    Budget budget;
    auto tree = co_await fetch(context, name, {}, budget);
    flatten(std::move(tree), out);
    const auto texts = observe<dns::Txt>(co_await context.resolver.resolve(name, dns::Type::TXT));
    if (texts.has_value()) {
        for (const auto& txt : *texts) {
            auto text = txt.joined();
            out.txt_octets += text.size();
            if (is_key(text)) {
                out.keys.push_back(std::move(text));
            } else if (!spf::claims(text) && spf::resembles(text)) {
                out.misspelt.push_back(std::move(text));
            }
        }
    }
    co_return out;
}

}  // namespace assay::probe
