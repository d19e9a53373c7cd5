#include "check/dns/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 4035 section 5"};
constexpr std::string_view guidance[] = {"dnssec-operation"};

constexpr OutcomeText outcomes[] = {
    {"valid", "The DNSSEC signatures of {domain} hold", ""},
    {"bogus", "The DNSSEC signatures of {domain} do not hold: {problem}",
     "Act now: for everyone who validates, the domain is gone. Sign the zone again, or have your "
     "registrar remove the DS records until you can."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dnssec) return not_collected();
    if (facts.source == fact::Source::zones) {
        return not_applicable("zone files carry no proof; run this without --zones to check it");
    }
    const auto& dnssec = *facts.dnssec;
    const std::string domain = facts.name.text();
    switch (dnssec.status) {
        case dns::Security::secure: return Outcome("valid").with("domain", domain);
        case dns::Security::bogus:
            return Outcome("bogus").with("domain", domain).with("problem", dnssec.reason);
        case dns::Security::insecure: return not_applicable(domain + " is not signed with DNSSEC");
        case dns::Security::indeterminate: break;
    }
    if (dnssec.ds.is_error()) return cannot_tell(dnssec.ds.error());  // no one answers at all
    return not_validated(dnssec.reason.empty() ? "nobody validated the answers" : dnssec.reason);
}

}  // namespace

constinit const Check dns_dnssec_valid{
    .id = "dns.dnssec-valid",
    .question = "Do the zone's DNSSEC signatures hold?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dnssec,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
