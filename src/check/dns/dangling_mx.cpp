#include "check/dns/checks.hpp"
#include "check/dns/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 5321 section 5.1"};
constexpr std::string_view guidance[] = {"govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"none", "No MX record of {domain} points at a name that is gone", ""},
    {"unregistered",
     "An MX record of {domain} points into a domain that anyone can register: {registrable}",
     "Act now: whoever registers the domain takes over. Remove the MX record, or set up its host "
     "again."},
    {"gone", "An MX record of {domain} points at a name that does not exist: {targets}",
     "Remove the MX record, or set up its host again."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

constexpr fact::ReferenceKind kinds[] = {fact::ReferenceKind::mx};

Outcome judge(const fact::Domain& facts) {
    return judge_references(facts, kinds, "there is no such record");
}

}  // namespace

constinit const Check dns_dangling_mx{
    .id = "dns.dangling-mx",
    .question = "Does an MX record point at a name that is gone?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::references,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
