#include "check/spf/common.hpp"

#include "base/text.hpp"

namespace assay::check {

std::optional<Outcome> without_record(const fact::Domain& facts) {
    const auto& record = facts.spf->root().record;
    if (record.is_error()) return cannot_tell(record.error());
    if (record.is_absent()) return not_applicable(facts.name.text() + " has no SPF record");
    if (record.is_fault())
        return not_applicable(record.fault().detail + ", so none of them counts");
    return std::nullopt;
}

bool is_link(const fact::SpfTerm& term) {
    auto text = std::string_view(term.text);
    if (!text.empty() && std::string_view("+-~?").find(text.front()) != std::string_view::npos)
        text.remove_prefix(1);
    return base::starts_with_ignoring_case(text, "include:") || is_redirect(term);
}

bool is_redirect(const fact::SpfTerm& term) {
    return base::starts_with_ignoring_case(term.text, "redirect=");
}

std::optional<std::string> unknown_cost(const fact::Spf& spf, Cost cost) {
    for (const auto& node : spf.nodes) {
        for (const auto& term : node.terms) {
            // a, mx and exists cost one lookup whatever they find; only what stands behind a link
            // is unknown. Whether a lookup is void depends on what it finds.
            if (term.depends_on_message && is_link(term))
                return term.text + " depends on the message";
            if (cost == Cost::lookups && !is_link(term)) continue;
            if (term.resolves.is_error()) return term.text + ": " + term.resolves.error().detail;
        }
    }
    return std::nullopt;
}

std::vector<std::string> costs(const fact::SpfNode& node) {
    std::vector<std::string> out;
    for (const auto& term : node.terms) {
        if (term.lookups > 0) out.push_back(term.text + " costs " + std::to_string(term.lookups));
    }
    return out;
}

unsigned child_voids(const fact::Spf& spf, std::size_t node) {
    unsigned out = 0;
    for (const auto& term : spf.nodes[node].terms)
        out += term.void_lookups;
    return out;
}

}  // namespace assay::check
