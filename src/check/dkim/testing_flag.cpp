#include "check/dkim/checks.hpp"
#include "check/dkim/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 6376 section 3.6.1"};
constexpr std::string_view guidance[] = {"dkim-key-rotation", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"in-use", "No DKIM key that we found for {domain} is marked as a test", ""},
    {"testing",
     "DKIM keys of {domain} are marked as a test, so receivers may ignore them: {selectors}",
     "When signing works, remove t=y from the key record."},
    {cannot_tell_tag, "We could not check this: {reason}",
     "Give the selectors that you use with --selector."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dkim) return not_collected();
    const std::string domain = facts.name.text();
    std::vector<std::string> testing, records;
    bool any = false;
    for (const auto& key : read_keys(*facts.dkim)) {
        if (!key.content.record || key.content.record->is_revoked()) continue;
        any = true;
        if (!key.content.record->is_testing()) continue;
        testing.push_back(key.selector->name);
        records.push_back(key.text);
    }
    if (!testing.empty()) {
        return Outcome("testing")
            .with("domain", domain)
            .with("selectors", std::move(testing))
            .with("record", std::move(records));
    }
    if (any) return Outcome("in-use").with("domain", domain);
    return nothing_found(*facts.dkim);
}

}  // namespace

constinit const Check dkim_testing_flag{
    .id = "dkim.testing-flag",
    .question = "Do DKIM keys still say that they are only a test?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dkim,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
