#include "check/dane/checks.hpp"

#include <algorithm>

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7672 section 2.2", "RFC 7672 section 3.1"};
constexpr std::string_view guidance[] = {"ncsc-using-tls", "internet-nl"};

constexpr OutcomeText outcomes[] = {
    {"all", "Every mail server of {domain} has TLSA records that are signed", ""},
    {"some", "Some mail servers of {domain} have no signed TLSA records: {without}",
     "Publish TLSA records for these servers, or ask their operator to."},
    {"unsigned",
     "Mail servers of {domain} have TLSA records, but without DNSSEC nobody may use them",
     "Sign the zone of {domain} and the zones of its mail servers with DNSSEC."},
    {"none", "The mail servers of {domain} have no TLSA records",
     "Ask the operator of your mail servers for DANE. MTA-STS protects the way to them in the "
     "meantime."},
    {cannot_tell_tag, "We could not tell: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// RFC 7672 section 3.1.3: the PKIX usages 0 and 1 mean nothing between mail servers.
bool has_usable(const fact::Observed<std::vector<dns::Tlsa>>& tlsa) {
    return tlsa.has_value() && std::ranges::any_of(*tlsa, [](const dns::Tlsa& record) {
               return record.usage == 2 || record.usage == 3;
           });
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.mx) return not_collected();
    const auto& mx = *facts.mx;
    const std::string domain = facts.name.text();
    if (mx.hosts.is_error()) return cannot_tell(mx.hosts.error());
    if (!mx.hosts.has_value() || mx.is_null()) return not_applicable(domain + " receives no mail");
    std::vector<std::string> with, without;
    std::optional<base::Error> unknown;
    bool unsigned_tlsa = false, unvalidated = false;
    for (const auto& host : *mx.hosts) {
        if (host.host.name.is_root()) continue;  // a null MX beside others: mx.null-mx tells
        if (host.tlsa.is_error()) {
            unknown = host.tlsa.error();
            continue;
        }
        // RFC 7672 section 2.2: the MX answer and the TLSA answer must both be secure.
        const bool secure =
            mx.security == dns::Security::secure && host.tlsa_security == dns::Security::secure;
        unvalidated = unvalidated ||
                      (host.tlsa.has_value() && host.tlsa_security == dns::Security::indeterminate);
        unsigned_tlsa = unsigned_tlsa || (host.tlsa.has_value() && !secure);
        (has_usable(host.tlsa) && secure ? with : without).push_back(host.host.name.text());
    }
    if (unvalidated)
        return cannot_tell("there are TLSA records, but nobody validated their signatures");
    if (unknown) return cannot_tell(*unknown);
    if (without.empty())
        return Outcome("all").with("domain", domain).with("hosts", std::move(with));
    if (unsigned_tlsa)
        return Outcome("unsigned").with("domain", domain).with("hosts", std::move(without));
    if (with.empty())
        return Outcome("none").with("domain", domain).with("hosts", std::move(without));
    return Outcome("some").with("domain", domain).with("without", std::move(without));
}

}  // namespace

constinit const Check dane_present{
    .id = "dane.present",
    .question = "Can senders check the mail servers' certificates with DANE?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dane | fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
