#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 5.5"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"unused", "The SPF record of {domain} does not use ptr", ""},
    {"used", "The SPF record of {domain} uses ptr, which the standard says not to use: {terms}",
     "Replace ptr with the addresses that send, or with an include."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    if (const auto early = without_record(facts)) return *early;
    std::vector<std::string> terms;
    std::optional<base::Error> unknown;
    for (const auto& node : facts.spf->nodes) {
        if (node.record.is_error()) unknown = node.record.error();
        if (!node.record.has_value()) continue;
        const auto content = codec::spf::lint(*node.record);
        for (const auto& directive :
             content.record ? content.record->directives : std::vector<codec::spf::Directive>()) {
            if (directive.mechanism == codec::spf::Mechanism::ptr) {
                terms.push_back(node.domain.text() + ": " + directive.text);
            }
        }
    }
    if (!terms.empty()) {
        return Outcome("used").with("domain", facts.name.text()).with("terms", std::move(terms));
    }
    if (unknown) return cannot_tell(*unknown);
    return Outcome("unused").with("domain", facts.name.text());
}

}  // namespace

constinit const Check spf_ptr{
    .id = "spf.ptr",
    .question = "Does SPF do without the ptr mechanism?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
