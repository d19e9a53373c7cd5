#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 4.6.4"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"none", "All names in the SPF record of {domain} exist", ""},
    {"few", "{void_lookups} lookups of the SPF record of {domain} find nothing; receivers allow 2",
     ""},
    {"too-many",
     "{void_lookups} lookups of the SPF record of {domain} find nothing, so receivers may stop "
     "with "
     "an error",
     "Remove the terms whose names no longer exist: {terms}. Receivers allow 2."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    const auto& spf = *facts.spf;
    if (const auto early = without_record(facts)) return *early;
    std::vector<std::string> terms;
    for (const auto& node : spf.nodes) {
        for (const auto& term : node.terms) {
            const bool own = term.void_lookups > (term.child ? child_voids(spf, *term.child) : 0);
            if (own) terms.push_back(node.domain.text() + ": " + term.text);
        }
    }
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag)
            .with("domain", facts.name.text())
            .with("void_lookups", std::int64_t{spf.void_lookups})
            .with("terms", std::move(terms));
    };
    if (spf.void_lookups > codec::spf::void_lookups_max) return outcome("too-many");
    if (const auto unknown = unknown_cost(spf, Cost::voids)) return cannot_tell(*unknown);
    // A name that depends on the message may or may not exist.
    return outcome(spf.void_lookups == 0 && spf.complete ? "none" : "few");
}

}  // namespace

constinit const Check spf_void_lookups{
    .id = "spf.void-lookups",
    .question = "Does SPF ask for few names that have no answer?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
