#include <algorithm>

#include "check/dkim/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 6376 section 3.6.1"};
constexpr std::string_view guidance[] = {"protect-domains-that-dont-send-email"};

constexpr OutcomeText outcomes[] = {
    {"revoked", "A wildcard revokes every DKIM selector of {domain}", ""},
    {"missing", "{domain} does not say that its DKIM selectors hold no keys",
     "If the domain sends no mail, publish the wildcard record below."},
    {"other", "A wildcard answers for the DKIM selectors of {domain}, but does not revoke keys",
     "Replace the wildcard record with the one below."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dkim) return not_collected();
    const std::string domain = facts.name.text();
    const auto& wildcard = facts.dkim->wildcard;
    if (wildcard.is_error()) return cannot_tell(wildcard.error());
    const auto name = "*._domainkey." + domain;
    const auto record = txt_record(name, "v=DKIM1; p=");
    if (!wildcard.has_value())
        return Outcome("missing").with("domain", domain).with("name", name).publish(record);
    const bool revoked = std::ranges::all_of(*wildcard, [](const std::string& text) {
        const auto key = codec::dkim::lint(text).record;
        return key && key->is_revoked();
    });
    auto outcome = Outcome(revoked ? "revoked" : "other").with("domain", domain).with("name", name);
    outcome.with("record", *wildcard);
    if (revoked) return outcome;
    outcome.publish(record);
    // RFC 4592 section 2.2.1: one higher up answers here too, until the record below is there.
    const bool higher = facts.wildcard && facts.wildcard->txt.has_value() &&
                        std::ranges::is_permutation(*facts.wildcard->txt, *wildcard);
    if (higher) outcome.next_step = "Publish the record below.";
    return outcome;
}

}  // namespace

constinit const Check dkim_wildcard_revoked{
    .id = "dkim.wildcard-revoked",
    .question = "Does a parked domain say for every selector that there is no key?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dkim | fact::Need::wildcard,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
