#include "check/dkim/checks.hpp"
#include "check/dkim/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 6376 section 3.6.1"};
constexpr std::string_view guidance[] = {"dkim-key-rotation", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"none", "No DKIM key that we found for {domain} is revoked", ""},
    {"revoked", "These selectors of {domain} hold a revoked key: {selectors}",
     "Nothing is wrong. Remove these records when no mail signed with the keys is on its way."},
    {cannot_tell_tag, "We could not check this: {reason}",
     "Give the selectors that you use with --selector."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dkim) return not_collected();
    const std::string domain = facts.name.text();
    const auto keys = read_keys(*facts.dkim);
    std::vector<std::string> revoked;
    for (const auto& key : keys) {
        if (key.content.record && key.content.record->is_revoked())
            revoked.push_back(key.selector->name);
    }
    if (!revoked.empty())
        return Outcome("revoked").with("domain", domain).with("selectors", std::move(revoked));
    if (!keys.empty()) return Outcome("none").with("domain", domain);
    return nothing_found(*facts.dkim);
}

}  // namespace

constinit const Check dkim_revoked{
    .id = "dkim.revoked",
    .question = "Are revoked DKIM keys still published?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dkim,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
