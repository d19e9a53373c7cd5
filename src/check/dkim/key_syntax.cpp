#include <algorithm>

#include "check/dkim/checks.hpp"
#include "check/dkim/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 6376 section 3.6.1", "RFC 8463 section 4"};
constexpr std::string_view guidance[] = {"dkim-key-rotation", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"valid", "Receivers can use all DKIM keys that we found for {domain}", ""},
    {"faulty", "Receivers cannot use a DKIM key of {domain}: {faults}",
     "Publish the record again, exactly as your mail service gives it."},
    {"several", "A selector of {domain} has more than one DKIM key record: {selectors}",
     "Leave one record at each selector: with several, receivers may pick the wrong one."},
    {cannot_tell_tag, "We could not check this: {reason}",
     "Give the selectors that you use with --selector."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dkim) return not_collected();
    const std::string domain = facts.name.text();
    const auto keys = read_keys(*facts.dkim);
    std::vector<std::string> faults, names, records, several;
    for (const auto& key : keys) {
        // RFC 6376 section 3.6.2.2: what more than one record means is undefined.
        const auto same = std::ranges::count(keys, key.selector, &Key::selector);
        if (same > 1 && std::ranges::find(several, key.selector->name) == several.end()) {
            several.push_back(key.selector->name);
        }
        if (key.content.record && key.content.record->is_revoked()) continue;
        for (const auto& fault : key.content.faults) {
            // A short key is readable; how strong it is, is another check's question.
            if (!codec::dkim::is_error(fault) || fault.rule == "weak-key") continue;
            faults.push_back(key.selector->name + ": " + fault.detail);
            names.push_back(key.name);
            records.push_back(key.text);
        }
    }
    if (!faults.empty()) {
        return Outcome("faulty")
            .with("domain", domain)
            .with("faults", std::move(faults))
            .with("name", std::move(names))
            .with("record", std::move(records));
    }
    if (!several.empty())
        return Outcome("several").with("domain", domain).with("selectors", std::move(several));
    if (!keys.empty()) return Outcome("valid").with("domain", domain);
    return nothing_found(*facts.dkim);
}

}  // namespace

constinit const Check dkim_key_syntax{
    .id = "dkim.key-syntax",
    .question = "Can receivers read the domain's DKIM keys?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dkim,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
