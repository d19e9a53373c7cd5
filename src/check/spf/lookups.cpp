#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"
#include "check/spf/senders.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 4.6.4"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"few", "The SPF record of {domain} needs {lookups} of the 10 lookups that receivers allow",
     ""},
    {"many", "The SPF record of {domain} needs {lookups} of the 10 lookups that receivers allow",
     "Before you add a service, remove those that you no longer use."},
    {"at-limit", "The SPF record of {domain} needs 10 lookups, and receivers allow no more",
     "Remove includes of services that you no longer use. One more lookup would break the record."},
    {"too-many",
     "The SPF record of {domain} needs {lookups} lookups, so receivers stop with an error at the "
     "eleventh",
     "Remove includes of services that you no longer use, or send through fewer services: "
     "{costs}."},
    {"loop", "The SPF record of {domain} includes itself, so receivers stop with an error",
     "Remove the include that leads back: {loops}."},
    {"too-many-hosts",
     "The SPF record of {domain} uses mx for more than 10 mail servers, so receivers stop with an "
     "error: {terms}",
     "Replace mx with the addresses of these servers, as ip4 and ip6."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

constexpr unsigned many_from = 7;  // Mail Check told its users from seven on

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    const auto& spf = *facts.spf;
    const std::string domain = facts.name.text();
    if (const auto early = without_record(facts)) return *early;
    std::vector<std::string> loops, crowded;
    for (const auto& node : spf.nodes) {
        if (node.loop) loops.push_back(node.domain.text());
        for (const auto& term : node.terms) {
            // An include that leads to several records is spf.includes-resolve's to say.
            if (term.resolves.is_fault() && term.resolves.fault().rule == "too-many-mx")
                crowded.push_back(term.resolves.fault().detail);
        }
    }
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag)
            .with("domain", domain)
            .with("lookups", std::int64_t{spf.lookups})
            .with("costs", costs(spf.root()))
            .with("record", spf.root().texts);
    };
    if (!loops.empty()) return outcome("loop").with("loops", std::move(loops));
    if (spf.lookups > codec::spf::lookups_max) return outcome("too-many");
    if (!crowded.empty()) return outcome("too-many-hosts").with("terms", std::move(crowded));
    // Receivers stop for another reason, and terms that cannot be read are not counted.
    if (const auto error = permanent_error(spf))
        return not_applicable(*error).with("lookups", std::int64_t{spf.lookups});
    // A term with a macro costs its lookup whatever the message; what it finds costs nothing more,
    // unless it is an include.
    if (const auto unknown = unknown_cost(spf, Cost::lookups)) return cannot_tell(*unknown);
    if (spf.lookups == codec::spf::lookups_max) return outcome("at-limit");
    return outcome(spf.lookups >= many_from ? "many" : "few");
}

}  // namespace

constinit const Check spf_lookups{
    .id = "spf.lookups",
    .question = "Does SPF stay within ten DNS lookups?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
