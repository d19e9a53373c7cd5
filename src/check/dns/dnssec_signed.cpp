#include "check/dns/checks.hpp"
#include "check/dns/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 4033 section 5", "RFC 9364"};
constexpr std::string_view guidance[] = {"dnssec-operation", "govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"signed", "{domain} is signed, and its parent vouches for the keys", ""},
    {"not-signed", "{domain} is not signed with DNSSEC",
     "Ask your DNS provider to sign the zone, then have your registrar publish the DS record."},
    {"no-ds", "{domain} has DNSSEC keys, but its parent does not vouch for them",
     "Have your registrar publish the DS record for the key: {keys}."},
    {"no-keys", "The parent of {domain} vouches for keys that the zone does not have",
     "Publish the keys that belong to the DS records, or have your registrar remove the DS "
     "records."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dnssec || !facts.zone) return not_collected();
    if (const auto early = apex_only(*facts.zone)) return *early;
    const auto& dnssec = *facts.dnssec;
    const std::string domain = facts.name.text();
    if (dnssec.ds.is_error()) {
        if (dnssec.ds.error().kind == base::ErrorKind::not_covered) {
            return not_applicable("the DS record of " + domain +
                                  " stands in its parent zone, which was not given");
        }
        return cannot_tell(dnssec.ds.error());
    }
    std::vector<std::string> ds;
    if (dnssec.ds.has_value()) {
        for (const auto& record : *dnssec.ds)
            ds.push_back(dns::print_rdata(record));
    }
    if (dnssec.keys.is_error()) {
        // A bogus answer to the question for the keys shows that the parent vouches for some.
        if (ds.empty() || dnssec.keys.error().kind != base::ErrorKind::bogus)
            return cannot_tell(dnssec.keys.error());
        return Outcome("signed").with("domain", domain).with("ds", std::move(ds));
    }
    std::vector<std::string> keys;
    if (dnssec.keys.has_value()) {
        for (const auto& key : *dnssec.keys) {
            if (key.is_secure_entry_point())
                keys.push_back("key tag " + std::to_string(key.key_tag()));
        }
    }
    const bool has_keys = dnssec.keys.has_value();
    if (ds.empty() && !has_keys) return Outcome("not-signed").with("domain", domain);
    if (ds.empty()) return Outcome("no-ds").with("domain", domain).with("keys", std::move(keys));
    if (!has_keys) return Outcome("no-keys").with("domain", domain).with("ds", std::move(ds));
    return Outcome("signed")
        .with("domain", domain)
        .with("ds", std::move(ds))
        .with("keys", std::move(keys));
}

}  // namespace

constinit const Check dns_dnssec_signed{
    .id = "dns.dnssec-signed",
    .question = "Is the zone signed with DNSSEC, and does its parent say so?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dnssec | fact::Need::zone,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
