#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 5.2", "RFC 7208 section 6.1"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"resolve", "Every include and redirect of {domain} leads to an SPF record", ""},
    {"broken", "These SPF terms lead to no record, so receivers stop with an error: {terms}",
     "Remove the include, or ask its owner to publish the record again."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    if (const auto early = without_record(facts)) return *early;
    const auto& spf = *facts.spf;
    std::vector<std::string> broken;
    bool include_broken = false;
    std::optional<base::Error> unknown;
    bool any = false, depends = false;
    for (const auto& node : spf.nodes) {
        for (const auto& term : node.terms) {
            if (!is_link(term)) continue;
            any = true;
            depends = depends || term.depends_on_message;
            if (term.child && spf.nodes[*term.child].loop) continue;
            if (term.resolves.is_absent() || term.resolves.is_fault()) {
                broken.push_back(node.domain.text() + ": " + term.text);
                include_broken = include_broken || !is_redirect(term);
            }
            if (term.resolves.is_error()) unknown = term.resolves.error();
        }
    }
    if (!broken.empty()) {
        auto outcome =
            Outcome("broken").with("domain", facts.name.text()).with("terms", std::move(broken));
        // Without its redirect a record may say nothing at all.
        if (!include_broken)
            outcome.next_step =
                "Correct the name after redirect=, or ask its owner to publish the record again.";
        return outcome;
    }
    if (unknown) return cannot_tell(*unknown);
    if (depends) return cannot_tell("an include depends on the message");
    if (!any) return not_applicable("the SPF record includes nothing");
    return Outcome("resolve").with("domain", facts.name.text());
}

}  // namespace

constinit const Check spf_includes_resolve{
    .id = "spf.includes-resolve",
    .question = "Does every include and redirect lead to an SPF record?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
