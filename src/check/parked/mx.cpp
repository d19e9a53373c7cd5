#include "check/parked/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7505 section 3"};
constexpr std::string_view guidance[] = {"protect-domains-that-dont-send-email"};

constexpr OutcomeText outcomes[] = {
    {"null-mx", "{domain} says that it receives no mail", ""},
    {"missing", "{domain} has no MX record; senders still try its web address",
     "Publish the null MX record below. Leave it if your DNS provider cannot publish one."},
    {cannot_tell_tag, "We could not tell: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    const auto parked = fact::is_parked(facts);
    if (!parked) return cannot_tell("the MX or SPF record could not be read");
    const std::string domain = facts.name.text();
    if (!*parked) return not_applicable(domain + " is in use for mail");
    if (facts.mx->is_null()) return Outcome("null-mx").with("domain", domain);
    return Outcome("missing")
        .with("domain", domain)
        .with("name", domain)
        .publish(domain + ". IN MX 0 .");
}

}  // namespace

constinit const Check parked_mx{
    .id = "parked.mx",
    .question = "Does a parked domain say that it receives no mail?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx | fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
