#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 6.1"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"works", "The redirect of {domain} leads to an SPF record", ""},
    {"ignored", "Receivers ignore the redirect of {domain}, because the record has 'all'",
     "Remove the redirect, or remove 'all' if the other record is meant to decide."},
    {"broken", "The redirect of {domain} leads to no SPF record, so receivers stop with an error",
     "Correct the name after redirect=, or replace the redirect with terms of your own."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    if (const auto early = without_record(facts)) return *early;
    const auto& root = facts.spf->root();
    const auto record =
        root.record.has_value() ? codec::spf::lint(*root.record).record : std::nullopt;
    if (!record || !record->redirect) return not_applicable("the SPF record has no redirect");
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag).with("domain", facts.name.text()).with("record", root.texts);
    };
    if (record->all() != nullptr) return outcome("ignored");
    if (root.terms.empty()) return cannot_tell("the redirect was not followed");
    const auto& term = root.terms.back();
    if (term.depends_on_message) return cannot_tell("the redirect depends on the message");
    if (term.resolves.is_error()) return cannot_tell(term.resolves.error());
    const bool loop = term.child && facts.spf->nodes[*term.child].loop;
    return outcome(term.resolves.has_value() && !loop ? "works" : "broken");
}

}  // namespace

constinit const Check spf_redirect{
    .id = "spf.redirect",
    .question = "Does redirect take effect and lead to a record?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
