#include <set>

#include "check/dns/checks.hpp"
#include "check/dns/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 1912 section 2.2", "RFC 2308 section 5"};
constexpr std::string_view guidance[] = {"govuk-domain-rules"};

constexpr OutcomeText outcomes[] = {
    {"sound", "The SOA record of {domain} is sound", ""},
    {"serials-differ", "The nameservers of {domain} hold different versions of the zone: {serials}",
     "Wait a few minutes and check again. If it stays, look at the zone transfers to the servers "
     "with the lower serial."},
    {"unusual-timers", "The SOA record of {domain} has unusual timers: {timers}",
     "Set refresh to 20 minutes to one day, retry to at least two minutes but less than refresh, "
     "expire to 7 to 28 days, and the last value to at most one day."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// RFC 1912 section 2.2 with the lower ends that large providers use today; RFC 2308 section 5 for
// the last one. Seconds.
constexpr std::uint32_t refresh_min = 1'200, refresh_max = 86'400;
constexpr std::uint32_t retry_min = 120;
constexpr std::uint32_t expire_min = 604'800, expire_max = 2'419'200;
constexpr std::uint32_t negative_ttl_max = 86'400;

std::vector<std::string> unusual(const dns::Soa& soa) {
    std::vector<std::string> out;
    const auto add = [&](std::string_view name, std::uint32_t value) {
        out.push_back(std::string(name) + " " + std::to_string(value));
    };
    if (soa.refresh < refresh_min || soa.refresh > refresh_max) add("refresh", soa.refresh);
    if (soa.retry < retry_min || soa.retry >= soa.refresh) add("retry", soa.retry);
    if (soa.expire < expire_min || soa.expire > expire_max) add("expire", soa.expire);
    if (soa.minimum > negative_ttl_max) add("minimum", soa.minimum);
    return out;
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.zone) return not_collected();
    const auto& zone = *facts.zone;
    if (zone.soa.is_error()) return cannot_tell(zone.soa.error());
    const std::string domain = facts.name.text();
    if (!zone.soa.has_value()) {
        return not_applicable(zone.is_apex() ? "the zone file has no SOA record"
                                             : domain + " is not a zone of its own");
    }
    std::set<std::uint32_t> serials;
    std::vector<std::string> who;
    for (const auto& answer : zone.servers) {
        if (!answer.serial.has_value()) continue;
        serials.insert(*answer.serial);
        who.push_back(answer.address + " " + std::to_string(*answer.serial));
    }
    if (serials.size() > 1)
        return Outcome("serials-differ").with("domain", domain).with("serials", std::move(who));
    auto timers = unusual(*zone.soa);
    auto outcome = Outcome(timers.empty() ? "sound" : "unusual-timers").with("domain", domain);
    if (!timers.empty()) outcome.with("timers", std::move(timers));
    return std::move(outcome).with("record", dns::print_rdata(*zone.soa));
}

}  // namespace

constinit const Check dns_soa{
    .id = "dns.soa",
    .question = "Are the timers and the serial of the zone's SOA record sound?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::zone,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
