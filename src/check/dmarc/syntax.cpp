#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.7"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"valid", "Receivers can read the DMARC record of {domain}", ""},
    {"notes",
     "Receivers can read the DMARC record of {domain}, but parts of it have no effect: {notes}",
     "Tidy the record when you next change it."},
    {"faulty", "There is a mistake in the DMARC record of {domain}: {faults}",
     "Correct the record."},
    {"unusable", "Receivers ignore the DMARC record of {domain}: {faults}",
     "Correct the record. Until then the domain is not protected."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// Other checks answer for tags that are out of date.
bool is_elsewhere(const base::Fault& fault) {
    return fault.rule.starts_with("obsolete-") || fault.rule == "uri-size-limit" ||
           fault.rule == "bad-percent";
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const std::string domain = facts.name.text();
    const auto& own = facts.dmarc->own();
    if (own.is_error()) return cannot_tell(own.error());
    const auto& mistaken = facts.dmarc->walk.front().mistaken;
    std::vector<std::string> texts = own.has_value() ? *own : mistaken;
    if (texts.empty()) return not_applicable(domain + " has no DMARC record of its own");
    std::vector<std::string> faults, notes;
    bool usable = true;
    for (const auto& text : texts) {
        const auto content = codec::dmarc::lint(text);
        usable = usable && content.record.has_value();
        for (const auto& fault : content.faults) {
            if (codec::dmarc::is_error(fault)) faults.push_back(fault.detail);
            if (!codec::dmarc::is_error(fault) && !is_elsewhere(fault))
                notes.push_back(fault.detail);
        }
    }
    if (!usable && faults.empty()) faults.emplace_back("it does not begin with v=DMARC1");
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag)
            .with("domain", domain)
            .with("name", "_dmarc." + domain)
            .with("record", std::move(texts));
    };
    if (!usable) return outcome("unusable").with("faults", std::move(faults));
    if (!faults.empty()) return outcome("faulty").with("faults", std::move(faults));
    if (!notes.empty()) return outcome("notes").with("notes", std::move(notes));
    return outcome("valid");
}

}  // namespace

constinit const Check dmarc_syntax{
    .id = "dmarc.syntax",
    .question = "Do receivers read the DMARC record as it was meant?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
