#include <algorithm>

#include "check/dane/checks.hpp"
#include "codec/dane/tlsa.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7672 section 2.2", "RFC 7672 section 3.1"};
constexpr std::string_view guidance[] = {"ncsc-using-tls", "internet-nl"};

constexpr OutcomeText outcomes[] = {
    {"all", "Every mail server of {domain} has signed TLSA records", ""},
    {"some", "DANE does not protect the way to these mail servers of {domain}: {without}",
     "Publish signed TLSA records for these servers, or ask their operator to."},
    {"unsigned",
     "Mail servers of {domain} have TLSA records, but senders ignore them without DNSSEC: {hosts}",
     "Sign the zone of {domain} and the zones of its mail servers with DNSSEC."},
    {"unusable", "Mail servers of {domain} have TLSA records that senders cannot use: {faults}",
     "Fix these records, or ask the operator of the mail servers to. Use 3 1 1 with the SHA-256 "
     "digest of the server's public key."},
    {"none", "The mail servers of {domain} have no TLSA records",
     "Ask the operator of your mail servers for DANE. Until then, use MTA-STS."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

enum class State { without, unsigned_tlsa, unusable, usable, unvalidated };

std::string_view explain(State state) {
    switch (state) {
        case State::without: return "no TLSA records";
        case State::unsigned_tlsa: return "not signed";
        case State::unusable: return "senders cannot use the records";
        case State::usable: return "signed";
        case State::unvalidated: return "not validated";
    }
    return "";
}

State state_of(const fact::Mx& mx, const fact::MxHost& host) {
    if (!host.tlsa.has_value()) return State::without;
    // RFC 7672 section 2.2: the MX answer and the TLSA answer must both be secure.
    const auto security = {mx.security, host.tlsa_security};
    if (std::ranges::find(security, dns::Security::indeterminate) != security.end())
        return State::unvalidated;
    if (std::ranges::count(security, dns::Security::secure) != 2) return State::unsigned_tlsa;
    // RFC 7672 section 3.1: one that can be used is enough.
    return std::ranges::any_of(*host.tlsa,
                               [](const dns::Tlsa& record) {
                                   return codec::dane::usability(record) ==
                                          codec::dane::Usability::usable;
                               })
               ? State::usable
               : State::unusable;
}

// Why senders cannot use a host's records, for a host that has no other.
void add_faults(const fact::MxHost& host, std::vector<std::string>& out) {
    for (const auto& record : *host.tlsa) {
        for (const auto& fault : codec::dane::lint(record)) {
            if (codec::dane::is_error(fault))
                out.push_back(host.host.name.text() + ": " + fault.detail);
        }
    }
}

std::string_view tag_of(const std::vector<State>& states) {
    // Where hosts differ, the outcome names each of those that are not protected.
    if (std::ranges::adjacent_find(states, std::ranges::not_equal_to()) != states.end())
        return "some";
    switch (states.front()) {
        case State::without: return "none";
        case State::unsigned_tlsa: return "unsigned";
        case State::unusable: return "unusable";
        case State::usable: return "all";
        case State::unvalidated: return cannot_tell_tag;
    }
    return cannot_tell_tag;
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.mx) return not_collected();
    const auto& mx = *facts.mx;
    const std::string domain = facts.name.text();
    if (mx.hosts.is_error()) return cannot_tell(mx.hosts.error());
    if (!mx.hosts.has_value() || mx.is_null()) return not_applicable(domain + " receives no mail");
    std::vector<State> states;
    std::vector<std::string> hosts, without, faults;
    std::optional<base::Error> unknown;
    for (const auto& host : *mx.hosts) {
        if (host.host.name.is_root()) continue;  // a null MX beside others: mx.null-mx tells
        if (host.tlsa.is_error()) {
            unknown = host.tlsa.error();
            continue;
        }
        const auto state = state_of(mx, host);
        const auto name = host.host.name.text();
        states.push_back(state);
        hosts.push_back(name);
        if (state == State::unusable) add_faults(host, faults);
        if (state != State::usable)
            without.push_back(name + " (" + std::string(explain(state)) + ")");
    }
    if (std::ranges::find(states, State::unvalidated) != states.end())
        return not_validated("there are TLSA records, but no one validated their signatures");
    if (unknown) return cannot_tell(*unknown);
    if (states.empty()) return not_applicable(domain + " receives no mail");
    auto outcome = Outcome(tag_of(states)).with("domain", domain).with("hosts", std::move(hosts));
    if (outcome.tag == "some") outcome.with("without", std::move(without));
    if (!faults.empty()) outcome.with("faults", std::move(faults));
    return outcome;
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
