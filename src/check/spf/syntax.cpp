#include <algorithm>

#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 4.6", "RFC 7208 section 12"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"valid", "Receivers can read the SPF record of {domain}", ""},
    {"notes",
     "Receivers can read the SPF record of {domain}, but parts of it may not do what you expect: "
     "{notes}",
     "Tidy the record when you next change it."},
    {"faulty", "Receivers stop at a mistake in the SPF record: {faults}",
     "Fix the record. Until then SPF does not work for any of your mail."},
    {"included-faulty",
     "Receivers stop at a mistake in an SPF record that {domain} includes: {faults}",
     "Ask the owner of the included record to fix it, or remove the include."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// Notes that other checks answer for, and spaces: RFC 7208 section 12 allows any number of them.
bool is_elsewhere(const base::Fault& fault) {
    return fault.rule == "ptr" || fault.rule == "all-pass" || fault.rule == "long-record" ||
           fault.rule == "extra-space";
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    const auto& spf = *facts.spf;
    const std::string domain = facts.name.text();
    if (spf.root().record.is_error()) return cannot_tell(spf.root().record.error());
    if (spf.root().texts.empty()) return not_applicable(domain + " has no SPF record");
    std::vector<std::string> own, included, notes;
    for (const auto& node : spf.nodes) {
        const bool is_root = &node == &spf.nodes.front();
        for (const auto& text : node.texts) {
            for (const auto& fault : codec::spf::lint(text).faults) {
                if (codec::spf::is_permanent_error(fault)) {
                    (is_root ? own : included).push_back(node.domain.text() + ": " + fault.detail);
                } else if (is_root && !is_elsewhere(fault) &&
                           std::ranges::find(notes, fault.detail) == notes.end()) {
                    notes.push_back(fault.detail);
                }
            }
        }
    }
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag)
            .with("domain", domain)
            .with("name", domain)
            .with("record", spf.root().texts);
    };
    if (!own.empty()) return outcome("faulty").with("faults", std::move(own));
    if (!included.empty()) return outcome("included-faulty").with("faults", std::move(included));
    if (!notes.empty()) return outcome("notes").with("notes", std::move(notes));
    return outcome("valid");
}

}  // namespace

constinit const Check spf_syntax{
    .id = "spf.syntax",
    .question = "Can receivers read the SPF record, and the records that it includes?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
