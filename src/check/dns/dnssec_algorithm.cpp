#include <algorithm>
#include <set>

#include "check/dns/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9904", "RFC 9905", "RFC 9906",
                                           "RFC 8301 section 3.2"};
constexpr std::string_view guidance[] = {"dnssec-operation"};

constexpr OutcomeText outcomes[] = {
    {"recommended", "DNSSEC of {domain} uses {algorithms}", ""},
    {"acceptable",
     "DNSSEC of {domain} uses {algorithms}, which is allowed but not the first choice",
     "When you next change keys, use ECDSA P-256 (algorithm 13)."},
    {"short-rsa", "DNSSEC of {domain} uses RSA keys of fewer than 2048 bits: {weak}",
     "Roll over to ECDSA P-256 (algorithm 13), or to RSA with at least 2048 bits."},
    {"sha1-digest", "The DS record of {domain} uses a deprecated digest",
     "Have your registrar publish a DS record with digest type 2 (SHA-256) and remove the others: "
     "{weak}."},
    {"deprecated", "DNSSEC of {domain} uses a deprecated algorithm: {weak}",
     "Roll over to ECDSA P-256 (algorithm 13). Some validators already treat the zone as "
     "unsigned."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

enum class Standing { recommended, acceptable, deprecated };

struct Algorithm {
    std::uint8_t number;
    std::string_view name;
    Standing standing;
};

// IANA "DNS Security Algorithm Numbers" with the recommendations of RFC 9904, 9905 and 9906.
constexpr Algorithm algorithms[] = {
    {1, "RSAMD5", Standing::deprecated},
    {3, "DSA", Standing::deprecated},
    {5, "RSASHA1", Standing::deprecated},
    {6, "DSA-NSEC3-SHA1", Standing::deprecated},
    {7, "RSASHA1-NSEC3-SHA1", Standing::deprecated},
    {8, "RSASHA256", Standing::recommended},
    {10, "RSASHA512", Standing::acceptable},
    {12, "ECC-GOST", Standing::deprecated},
    {13, "ECDSAP256SHA256", Standing::recommended},
    {14, "ECDSAP384SHA384", Standing::acceptable},
    {15, "ED25519", Standing::recommended},
    {16, "ED448", Standing::acceptable},
};

constexpr unsigned rsa_bits_advised = 2048;  // RFC 6781 section 3.4.2 left 1024 behind for new keys

// RFC 9904 section 3: SHA-1 (1) and GOST (3) digests are not to be used.
bool is_weak_digest(std::uint8_t type) {
    return type == 1 || type == 3;
}

Algorithm describe(std::uint8_t number) {
    const auto at = std::ranges::find(algorithms, number, &Algorithm::number);
    return at == std::end(algorithms)
               ? Algorithm{number, "an algorithm without a name", Standing::acceptable}
               : *at;
}

struct Look {
    std::set<std::string> names;
    std::vector<std::string> deprecated, short_rsa;
    bool first_choice = true;
};

void look_at(const dns::Dnskey& key, Look& look) {
    const auto algorithm = describe(key.algorithm);
    const auto label = std::string(algorithm.name) + " key tag " + std::to_string(key.key_tag());
    look.names.insert(std::string(algorithm.name));
    if (algorithm.standing == Standing::deprecated) look.deprecated.push_back(label);
    if (algorithm.standing != Standing::recommended) look.first_choice = false;
    const auto bits = key.rsa_bits();
    if (bits > 0 && bits < rsa_bits_advised)
        look.short_rsa.push_back(label + ", " + std::to_string(bits) + " bits");
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.dnssec) return not_collected();
    const auto& dnssec = *facts.dnssec;
    const std::string domain = facts.name.text();
    if (dnssec.keys.is_error()) return cannot_tell(dnssec.keys.error());
    if (!dnssec.keys.has_value()) return not_applicable(domain + " has no DNSSEC keys");
    Look look;
    for (const auto& key : *dnssec.keys)
        look_at(key, look);
    std::vector<std::string> digests;
    bool strong_digest = false;
    for (const auto& ds : dnssec.ds.has_value() ? *dnssec.ds : std::vector<dns::Ds>()) {
        if (is_weak_digest(ds.digest_type)) digests.push_back(dns::print_rdata(ds));
        strong_digest = strong_digest || !is_weak_digest(ds.digest_type);
    }
    const auto outcome = [&](std::string_view tag, std::vector<std::string> weak) {
        auto out =
            Outcome(tag)
                .with("domain", domain)
                .with("algorithms", std::vector<std::string>(look.names.begin(), look.names.end()));
        if (!weak.empty()) out.with("weak", std::move(weak));
        return out;
    };
    if (!look.deprecated.empty()) return outcome("deprecated", look.deprecated);
    if (!digests.empty() && !strong_digest) return outcome("sha1-digest", digests);
    if (!look.short_rsa.empty()) return outcome("short-rsa", look.short_rsa);
    // A zone file does not hold its own DS; the parent's answer that failed could hold a weak one.
    if (dnssec.ds.is_error() && dnssec.ds.error().kind != base::ErrorKind::not_covered)
        return cannot_tell(dnssec.ds.error());
    return outcome(look.first_choice ? "recommended" : "acceptable", {});
}

}  // namespace

constinit const Check dns_dnssec_algorithm{
    .id = "dns.dnssec-algorithm",
    .question = "Does DNSSEC use algorithms and key sizes that are recommended today?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dnssec,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
