#include "check/parked/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 6376 section 3.6.1"};
constexpr std::string_view guidance[] = {"protect-domains-that-dont-send-email"};

constexpr OutcomeText outcomes[] = {
    {"no-live-key", "No DKIM key that we found for {domain} can still be used", ""},
    {"live-keys", "{domain} sends no mail, but still publishes DKIM keys: {selectors}",
     "Remove these keys, or replace each with an empty one: p= with nothing after it."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dkim) return not_collected();
    const std::string domain = facts.name.text();
    std::vector<std::string> live;
    std::optional<base::Error> unknown;
    if (facts.dkim->domainkey_exists.is_error()) unknown = facts.dkim->domainkey_exists.error();
    for (const auto& selector : facts.dkim->selectors) {
        if (selector.records.is_error()) unknown = selector.records.error();
        for (const auto& text :
             selector.records.has_value() ? *selector.records : std::vector<std::string>()) {
            if (codec::dkim::is_live(text)) live.push_back(selector.name);
        }
    }
    if (!live.empty())
        return Outcome("live-keys").with("domain", domain).with("selectors", std::move(live));
    if (unknown) return cannot_tell(*unknown);
    return Outcome("no-live-key").with("domain", domain);
}

}  // namespace

constinit const Check parked_dkim{
    .id = "parked.dkim",
    .question = "Does a parked domain publish no DKIM key that still works?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::mx | fact::Need::spf | fact::Need::dkim,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
