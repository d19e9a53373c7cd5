#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"
#include "check/spf/senders.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 8.3", "RFC 7208 section 11.4"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"narrow", "The SPF record of {domain} allows no large parts of the internet", ""},
    {"wide", "The SPF record of {domain} lets a large part of the internet send its mail: {terms}",
     "Replace the ranges with the addresses that send for you."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// One term for more addresses than any one sender has: an IPv4 /16 is 65,536 of them, an IPv6 /32
// is what a whole provider is given by its registry.
constexpr unsigned ip4_prefix_min = 16;
constexpr unsigned ip6_prefix_min = 32;

bool is_wide(const codec::spf::Directive& directive) {
    using codec::spf::Mechanism;
    if (directive.qualifier != codec::spf::Qualifier::pass) return false;
    if (directive.mechanism == Mechanism::all) return true;
    return directive.prefix4.value_or(32) < ip4_prefix_min ||
           directive.prefix6.value_or(128) < ip6_prefix_min;
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    if (const auto early = without_record(facts)) return *early;
    std::vector<std::string> terms;
    std::optional<base::Error> unknown;
    for (const auto* node : permitting_nodes(*facts.spf)) {
        if (node->record.is_error()) unknown = node->record.error();
        if (!node->record.has_value()) continue;
        const auto content = codec::spf::lint(*node->record);
        for (const auto& directive :
             content.record ? content.record->directives : std::vector<codec::spf::Directive>()) {
            if (is_wide(directive)) terms.push_back(node->domain.text() + ": " + directive.text);
        }
    }
    if (!terms.empty())
        return Outcome("wide").with("domain", facts.name.text()).with("terms", std::move(terms));
    if (unknown) return cannot_tell(*unknown);
    return Outcome("narrow").with("domain", facts.name.text());
}

}  // namespace

constinit const Check spf_too_permissive{
    .id = "spf.too-permissive",
    .question = "Does SPF name only servers that could be yours?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
