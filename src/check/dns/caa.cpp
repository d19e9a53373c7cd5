#include <algorithm>

#include "check/dns/checks.hpp"
#include "codec/caa/property.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 8659 section 4", "RFC 8657", "RFC 9495"};
constexpr std::string_view guidance[] = {"ncsc-using-tls"};

constexpr OutcomeText outcomes[] = {
    {"restricted", "Only these authorities may issue certificates for {domain}: {issuers}", ""},
    {"forbidden", "No authority may issue certificates for {domain}", ""},
    {"missing", "Any certificate authority may issue for {domain}: there is no CAA record",
     "Publish CAA records that name the authorities you use."},
    {"no-restriction", "The CAA records for {domain} do not restrict who may issue",
     "Add an issue property that names the authorities you use."},
    {"faulty", "A CAA record for {domain} has a fault: {faults}",
     "Correct the record. Authorities may refuse to issue, or issue where you did not want it."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.caa) return not_collected();
    const auto& caa = *facts.caa;
    const std::string domain = facts.name.text();
    if (caa.properties.is_error()) return cannot_tell(caa.properties.error());
    if (!caa.properties.has_value()) return Outcome("missing").with("domain", domain);
    std::vector<std::string> records, faults, issuers;
    for (const auto& property : *caa.properties) {
        records.push_back(dns::print_rdata(property));
        for (const auto& fault : codec::caa::lint(property)) {
            if (codec::caa::is_error(fault)) faults.push_back(fault.detail);
        }
    }
    const auto allowed = codec::caa::allowed_issuers(*caa.properties, false);
    for (const auto& issuer : allowed.issuers)
        issuers.push_back(codec::caa::print(issuer));
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag)
            .with("domain", domain)
            .with("name", caa.found_at.text())
            .with("record", std::move(records));
    };
    if (!faults.empty()) return outcome("faulty").with("faults", std::move(faults));
    if (!allowed.restricted) return outcome("no-restriction");
    const bool nobody = std::ranges::none_of(allowed.issuers, [](const codec::caa::Issuer& issuer) {
        return issuer.domain.has_value() && !issuer.domain->empty();
    });
    if (nobody) return outcome("forbidden");
    return outcome("restricted").with("issuers", std::move(issuers));
}

}  // namespace

constinit const Check dns_caa{
    .id = "dns.caa",
    .question = "Does a CAA record say which authorities may issue certificates?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::caa,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
