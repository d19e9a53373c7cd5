#include "check/text_policy.hpp"

namespace assay::check {

void keep_alias(Outcome& outcome, const fact::TextPolicy& found) {
    if (found.aliases.empty()) return;
    outcome.with("target", found.aliases.back().text());
    outcome.fix_records.clear();  // RFC 1034 section 3.6.2: beside a CNAME there is nothing else
    if (found.records.is_absent() && found.records.absence() == fact::Absence::nx_domain) {
        outcome.next_step =
            "Remove the CNAME at {name}, for {target} does not exist. Then check the domain again.";
        return;
    }
    outcome.next_step =
        "Keep the CNAME at {name}. Ask the owner of {target} to publish one correct record there.";
}

Outcome judge_text_policy(const fact::Domain& facts, const std::optional<fact::TextPolicy>& found,
                          const TextPolicyRules& rules) {
    if (!found || !facts.mx) return not_collected();
    const std::string domain = facts.name.text();
    if (found->records.is_error()) return cannot_tell(found->records.error());
    std::vector<std::string> texts =
        found->records.has_value() ? *found->records : std::vector<std::string>();
    for (const auto& text : found->other) {
        if (texts.empty() && rules.resembles(text)) texts.push_back(text);
    }
    if (texts.empty()) {
        if (facts.mx->hosts.is_error()) return cannot_tell(facts.mx->hosts.error());
        if (!facts.mx->hosts.has_value() || facts.mx->is_null()) {
            return not_applicable(domain + " receives no mail");
        }
        auto outcome = Outcome("missing").with("domain", domain).with("name", found->name.text());
        if (!rules.start_record.empty())
            outcome.publish(txt_record(found->name.text(), rules.start_record));
        keep_alias(outcome, *found);
        return outcome;
    }
    const auto outcome = [&](std::string_view tag) {
        auto out = Outcome(tag)
                       .with("domain", domain)
                       .with("name", found->name.text())
                       .with("record", texts);
        if (tag != "valid") keep_alias(out, *found);
        return out;
    };
    if (texts.size() > 1)
        return outcome("several").with("count", static_cast<std::int64_t>(texts.size()));
    auto faults = rules.stoppers(texts.front());
    if (!faults.empty()) return outcome("faulty").with("faults", std::move(faults));
    return outcome("valid");
}

}  // namespace assay::check
