#include <algorithm>

#include "check/mx/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7505 section 3"};
constexpr std::string_view guidance[] = {"securing-government-email",
                                         "protect-domains-that-dont-send-email"};

constexpr OutcomeText outcomes[] = {
    {"alone", "The null MX is the only MX record of {domain}, as it must be", ""},
    {"mixed", "{domain} says that it receives no mail and names mail servers at the same time",
     "Remove the null MX (0 .), or remove the other MX records."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.mx) return not_collected();
    const auto& hosts = facts.mx->hosts;
    const std::string domain = facts.name.text();
    if (hosts.is_error()) return cannot_tell(hosts.error());
    const bool has_null =
        hosts.has_value() && std::ranges::any_of(*hosts, [](const fact::MxHost& host) {
            return host.host.name.is_root();
        });
    if (!has_null) return not_applicable(domain + " has no null MX");
    return Outcome(facts.mx->is_null() ? "alone" : "mixed").with("domain", domain);
}

}  // namespace

constinit const Check mx_null_mx{
    .id = "mx.null-mx",
    .question = "Is the null MX alone where it stands?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
