#include "check/dns/checks.hpp"
#include "check/dns/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 5.2", "RFC 9989",
                                           "RFC 8460 section 3"};
constexpr std::string_view guidance[] = {"govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"none", "No mail policy record of {domain} points at a name that is gone", ""},
    {"unregistered",
     "A mail policy record of {domain} points into a domain that anyone can register: "
     "{registrable}",
     "Act now: whoever registers the domain takes over. Remove the name from the record."},
    {"gone", "A mail policy record of {domain} points at a name that does not exist: {targets}",
     "Remove the name from the record."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

constexpr fact::ReferenceKind kinds[] = {fact::ReferenceKind::spf_include,
                                         fact::ReferenceKind::dmarc_report,
                                         fact::ReferenceKind::tls_report};

Outcome judge(const fact::Domain& facts) {
    return judge_references(facts, kinds, "there is no such record");
}

}  // namespace

constinit const Check dns_dangling_include{
    .id = "dns.dangling-include",
    .question = "Do SPF, DMARC or TLS-RPT records point at names that are gone?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::references,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
