#include "check/parked/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 10.1.2"};
constexpr std::string_view guidance[] = {"protect-domains-that-dont-send-email"};

constexpr OutcomeText outcomes[] = {
    {"nothing-sends", "{domain} says that no server may send its mail", ""},
    {cannot_tell_tag, "We could not tell: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    const auto parked = fact::is_parked(facts);
    if (!parked) return cannot_tell("the MX or SPF record could not be read");
    const std::string domain = facts.name.text();
    if (!*parked) return not_applicable(domain + " is in use for mail");
    // A domain counts as parked only with "v=spf1 -all": that is what is asked here.
    return Outcome("nothing-sends").with("domain", domain).with("record", facts.spf->root().texts);
}

}  // namespace

constinit const Check parked_spf{
    .id = "parked.spf",
    .question = "Does a parked domain say that nobody may send its mail?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx | fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
