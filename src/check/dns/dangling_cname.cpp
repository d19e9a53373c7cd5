#include "check/dns/checks.hpp"
#include "check/dns/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 1034 section 3.6.2"};
constexpr std::string_view guidance[] = {"govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"none", "No CNAME of {domain} points at a name that is gone", ""},
    {"unregistered",
     "A CNAME of {domain} points into a domain that anyone can register: {registrable}",
     "Act now: whoever registers the domain takes over. Remove the CNAME, or set up its target "
     "again."},
    {"gone", "A CNAME of {domain} points at a name that does not exist: {targets}",
     "Remove the CNAME, or set up its target again."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

constexpr fact::ReferenceKind kinds[] = {fact::ReferenceKind::cname};

Outcome judge(const fact::Domain& facts) {
    return judge_references(facts, kinds, "there is no such record");
}

}  // namespace

constinit const Check dns_dangling_cname{
    .id = "dns.dangling-cname",
    .question = "Does a CNAME point at a name that is gone?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::references,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
