#include "check/dns/checks.hpp"
#include "check/dns/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 1034 section 4.2.2"};
constexpr std::string_view guidance[] = {"govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"none", "No NS record of {domain} points at a name that is gone", ""},
    {"unregistered",
     "An NS record of {domain} points into a domain that anyone can register: {registrable}",
     "Act now: whoever registers the domain takes over. Remove the nameserver from the zone and at "
     "your registrar."},
    {"gone", "An NS record of {domain} points at a name that does not exist: {targets}",
     "Remove the nameserver from the zone and at your registrar."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

constexpr fact::ReferenceKind kinds[] = {fact::ReferenceKind::ns};

Outcome judge(const fact::Domain& facts) {
    return judge_references(facts, kinds, "there is no such record");
}

}  // namespace

constinit const Check dns_dangling_ns{
    .id = "dns.dangling-ns",
    .question = "Does an NS record point at a name that is gone?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::references,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
