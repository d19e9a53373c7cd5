#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 3.2", "RFC 7208 section 4.5"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"single", "{domain} has exactly one SPF record", ""},
    {"several", "{domain} has {count} SPF records, so receivers stop with an error",
     "Put all their terms into one record, and remove the others."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    const auto& root = facts.spf->root();
    const std::string domain = facts.name.text();
    if (root.record.is_error()) return cannot_tell(root.record.error());
    if (root.texts.empty()) return not_applicable(domain + " has no SPF record");
    if (root.texts.size() == 1) return Outcome("single").with("domain", domain);
    return Outcome("several")
        .with("domain", domain)
        .with("name", domain)
        .with("count", static_cast<std::int64_t>(root.texts.size()))
        .with("record", root.texts);
}

}  // namespace

constinit const Check spf_single{
    .id = "spf.single",
    .question = "Is there only one SPF record?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
