#include "check/dkim/checks.hpp"
#include "check/dkim/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 6376 section 3.6.1", "RFC 6376 section 3.6.2"};
constexpr std::string_view guidance[] = {"dkim-key-rotation", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"found", "We found DKIM keys of {domain} at these selectors: {selectors}", ""},
    {"missing", "{domain} publishes no DKIM key",
     "Turn on DKIM in every service that sends mail as {domain}, and publish the keys that they "
     "give you."},
    {"misplaced", "A DKIM key stands at {domain} itself, where receivers do not look for it",
     "Move the record to SELECTOR._domainkey.{domain}. Your mail service tells you the selector."},
    {"only-revoked", "Every DKIM key of {domain} is revoked: {selectors}",
     "Publish a new key for each service that sends mail as {domain}."},
    {cannot_tell_tag, "We could not check this: {reason}",
     "Give the selectors that you use with --selector. You find them after s= in the "
     "DKIM-Signature of your mail."},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dkim || !facts.spf) return not_collected();
    const auto& dkim = *facts.dkim;
    const std::string domain = facts.name.text();
    std::vector<std::string> live, revoked;
    for (const auto& key : read_keys(dkim)) {
        auto& list = key.content.record && key.content.record->is_revoked() ? revoked : live;
        list.push_back(key.selector->name);
    }
    if (!live.empty())
        return Outcome("found").with("domain", domain).with("selectors", std::move(live));
    if (!facts.spf->keys.empty()) {
        return Outcome("misplaced")
            .with("domain", domain)
            .with("name", domain)
            .with("record", facts.spf->keys);
    }
    if (const auto error = first_error(dkim)) return cannot_tell(*error);
    if (!revoked.empty() && dkim.complete) {
        return Outcome("only-revoked").with("domain", domain).with("selectors", std::move(revoked));
    }
    if (dkim.complete) return Outcome("missing").with("domain", domain);
    // Guessing names proves nothing: keys may stand under any other.
    return cannot_tell("no key at the " + std::to_string(dkim.guesses_absent) +
                       " selectors that we tried, and selectors cannot be listed from outside");
}

}  // namespace

constinit const Check dkim_keys_found{
    .id = "dkim.keys-found",
    .question = "Does the domain publish keys to sign its mail with?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dkim | fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
