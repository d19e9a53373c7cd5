#include "check/dns/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9276 section 3.1", "RFC 5155 section 4"};
constexpr std::string_view guidance[] = {"dnssec-operation"};

constexpr OutcomeText outcomes[] = {
    {"good", "NSEC3 of {domain} uses no extra iterations and no salt", ""},
    {"iterations", "NSEC3 of {domain} uses {iterations} extra iterations",
     "Set NSEC3 iterations to 0, or use NSEC. Validators may treat answers with more as unsigned."},
    {"salt", "NSEC3 of {domain} uses a salt, which helps nobody",
     "Set the salt to empty when you next sign the zone."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dnssec) return not_collected();
    const auto& dnssec = *facts.dnssec;
    const std::string domain = facts.name.text();
    if (dnssec.keys.is_error()) return cannot_tell(dnssec.keys.error());
    if (!dnssec.keys.has_value()) return not_applicable(domain + " has no DNSSEC keys");
    if (dnssec.nsec3.is_error()) return cannot_tell(dnssec.nsec3.error());
    if (!dnssec.nsec3.has_value()) return not_applicable(domain + " uses NSEC, not NSEC3");
    const auto& parameters = *dnssec.nsec3;
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag)
            .with("domain", domain)
            .with("iterations", std::int64_t{parameters.iterations})
            .with("record", dns::print_rdata(parameters));
    };
    if (parameters.iterations > 0) return outcome("iterations");
    if (!parameters.salt.empty()) return outcome("salt");
    return outcome("good");
}

}  // namespace

constinit const Check dns_nsec3_parameters{
    .id = "dns.nsec3-parameters",
    .question = "Are the NSEC3 parameters the ones that RFC 9276 asks for?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dnssec,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
