#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.10"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"single", "{domain} has exactly one DMARC record", ""},
    {"several", "{domain} has {count} DMARC records, so receivers ignore them all",
     "Keep one of the records and remove the others."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const std::string domain = facts.name.text();
    const auto& own = facts.dmarc->own();
    if (own.is_error()) return cannot_tell(own.error());
    if (!own.has_value()) return not_applicable(domain + " has no DMARC record of its own");
    if (own->size() == 1) return Outcome("single").with("domain", domain);
    return Outcome("several")
        .with("domain", domain)
        .with("name", "_dmarc." + domain)
        .with("count", static_cast<std::int64_t>(own->size()))
        .with("record", *own);
}

}  // namespace

constinit const Check dmarc_single{
    .id = "dmarc.single",
    .question = "Is there only one DMARC record?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
