#include "check/spf/senders.hpp"

#include <algorithm>

#include "check/spf/common.hpp"

namespace assay::check {

namespace {

using codec::spf::Directive;
using codec::spf::Mechanism;
using codec::spf::Qualifier;

Blocks range(unsigned first, unsigned last) {
    Blocks out;
    for (unsigned block = first; block <= last; ++block)
        out.set(block);
    return out;
}

// "10.0.0.0/7" is the blocks 10 and 11; what is narrower than a block counts as nothing.
Blocks network(std::uint8_t first_octet, unsigned bits) {
    if (bits > 8) return {};
    const unsigned size = 1u << (8 - bits);
    const unsigned first = first_octet / size * size;
    return range(first, first + size - 1);
}

// RFC 6890: 0, 10, 127 and everything from 224 are no addresses of senders on the internet.
const Blocks& public_ipv4() {
    static const Blocks blocks = range(1, 9) | range(11, 126) | range(128, 223);
    return blocks;
}

// RFC 4291 section 2.4: 2000::/3 is what has been given out.
const Blocks& public_ipv6() {
    static const Blocks blocks = range(0x20, 0x3f);
    return blocks;
}

struct Match {
    Blocks ipv4, ipv6;
};

Match match(const Directive& directive, const fact::SpfTerm& term) {
    Match out;
    const bool everyone = directive.mechanism == Mechanism::all ||
                          // RFC 7208 section 5.7: a name that exists matches every sender.
                          (directive.mechanism == Mechanism::exists && !term.depends_on_message &&
                           term.resolves.has_value());
    if (everyone) return {range(0, 255), range(0, 255)};
    if (directive.ip4)
        out.ipv4 = network(directive.ip4->address[0], directive.prefix4.value_or(32));
    if (directive.ip6)
        out.ipv6 = network(directive.ip6->address[0], directive.prefix6.value_or(128));
    return out;
}

struct Evaluation {
    Match pass;
    std::vector<std::string> terms;
    bool stopped = false;  // with a permanent error, or where nobody knows what follows
};

bool exceeds_lookups(const fact::SpfTerm& term) {
    return term.lookups > 0 && term.lookups_after - term.lookups >= codec::spf::lookups_max;
}

// `below` has the evaluations of the nodes that come after this one, its children among them.
Evaluation evaluate(const fact::SpfNode& node, const std::vector<Evaluation>& below) {
    Evaluation out;
    const auto record =
        node.record.has_value() ? codec::spf::parse(*node.record) : std::unexpected(base::Fault{});
    if (!record) {
        out.stopped = true;
        return out;
    }
    Match left{range(0, 255), range(0, 255)};
    for (std::size_t i = 0; i < node.terms.size() && !out.stopped; ++i) {
        const auto& term = node.terms[i];
        if (exceeds_lookups(term)) {
            out.stopped = true;
            break;
        }
        const auto* directive = i < record->directives.size() ? &record->directives[i] : nullptr;
        Match matched;
        if (is_link(term)) {
            if (term.child) {
                matched = below[*term.child].pass;
                out.stopped = below[*term.child].stopped;
            } else {
                out.stopped = !term.depends_on_message;
            }
        } else if (directive != nullptr) {
            matched = match(*directive, term);
        }
        matched.ipv4 &= left.ipv4;
        matched.ipv6 &= left.ipv6;
        left.ipv4 &= ~matched.ipv4;
        left.ipv6 &= ~matched.ipv6;
        // Without a directive it is the redirect, whose result is the record's own.
        if (directive != nullptr && directive->qualifier != Qualifier::pass) continue;
        if (matched.ipv4.none() && matched.ipv6.none()) continue;
        out.pass.ipv4 |= matched.ipv4;
        out.pass.ipv6 |= matched.ipv6;
        out.terms.push_back(term.text);
    }
    return out;
}

}  // namespace

bool Senders::is_everyone() const {
    return (ipv4 & public_ipv4()) == public_ipv4() || (ipv6 & public_ipv6()) == public_ipv6();
}

Senders read_senders(const fact::Spf& spf) {
    // Children come after their parents.
    std::vector<Evaluation> done(spf.nodes.size());
    for (std::size_t i = spf.nodes.size(); i-- > 0;)
        done[i] = evaluate(spf.nodes[i], done);
    return {done[0].pass.ipv4, done[0].pass.ipv6, std::move(done[0].terms)};
}

std::vector<const fact::SpfNode*> permitting_nodes(const fact::Spf& spf) {
    std::vector<bool> permits(spf.nodes.size(), false);
    permits[0] = true;
    std::vector<const fact::SpfNode*> out;
    for (std::size_t i = 0; i < spf.nodes.size(); ++i) {
        if (!permits[i]) continue;
        out.push_back(&spf.nodes[i]);
        for (const auto& term : spf.nodes[i].terms) {
            const bool refuses = term.text.find_first_of("-~?") == 0;
            if (term.child && !refuses) permits[*term.child] = true;
        }
    }
    return out;
}

std::optional<std::string> permanent_error(const fact::Spf& spf) {
    for (const auto& node : spf.nodes) {
        if (node.record.has_value() && !codec::spf::parse(*node.record))
            return "receivers stop at a mistake in the SPF record of " + node.domain.text();
        for (const auto& term : node.terms) {
            if (!is_link(term)) continue;
            const bool loop = term.child && spf.nodes[*term.child].loop;
            // RFC 7208 sections 5.2 and 6.1
            if (loop || term.resolves.is_absent() || term.resolves.is_fault())
                return "receivers stop with an error at " + term.text;
        }
    }
    return std::nullopt;
}

}  // namespace assay::check
