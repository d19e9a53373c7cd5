#include "check/parked/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 10.1.2"};
constexpr std::string_view guidance[] = {"protect-domains-that-dont-send-email"};

constexpr OutcomeText outcomes[] = {
    {"nothing-sends", "{domain} says that no server may send its mail", ""},
    {"sends", "The SPF record of {domain} says more than that no server may send its mail",
     "If the domain sends no mail, replace its record with the one below."},
    {"missing", "{domain} has no SPF record, so receivers cannot tell that it sends no mail",
     "Publish the record below."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    const auto& root = facts.spf->root();
    if (root.record.is_error()) return cannot_tell(root.record.error());
    const std::string domain = facts.name.text();
    const auto tag = fact::forbids_sending(*facts.spf) ? "nothing-sends"
                     : root.record.is_absent()         ? "missing"
                                                       : "sends";
    auto outcome = Outcome(tag).with("domain", domain);
    if (!root.texts.empty()) outcome.with("record", root.texts);
    if (outcome.tag != "nothing-sends") outcome.publish(txt_record(domain, "v=spf1 -all"));
    return outcome;
}

}  // namespace

constinit const Check parked_spf{
    .id = "parked.spf",
    .question = "Does a parked domain say that no server may send its mail?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx | fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
