#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 3.4"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"fits", "The TXT records of {domain} fit into one UDP packet: {octets} octets", ""},
    {"large", "The TXT records of {domain} may not fit into one UDP packet: {octets} octets",
     "Remove verification codes and includes that you no longer need."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    if (const auto early = without_record(facts)) return *early;
    const bool fits = facts.spf->txt_octets <= codec::spf::record_octets_advised;
    return Outcome(fits ? "fits" : "large")
        .with("domain", facts.name.text())
        .with("octets", static_cast<std::int64_t>(facts.spf->txt_octets));
}

}  // namespace

constinit const Check spf_size{
    .id = "spf.size",
    .question = "Does the SPF answer fit into one UDP packet?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
