#include "check/dkim/checks.hpp"
#include "check/dkim/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 8301 section 3.2", "RFC 8463 section 4"};
constexpr std::string_view guidance[] = {"dkim-key-rotation", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"strong", "All DKIM keys that we found for {domain} are long enough: {keys}", ""},
    {"short", "DKIM keys of {domain} are shorter than 2048 bits: {keys}",
     "Ask your mail service for a 2048-bit key and publish it at a new selector. Remove the old "
     "key a few days later."},
    {"unusable",
     "DKIM keys of {domain} are shorter than 1024 bits, so receivers ignore the signatures: {keys}",
     "Act now: ask your mail service for a 2048-bit key and publish it at a new selector."},
    {cannot_tell_tag, "We could not check this: {reason}",
     "Give the selectors that you use with --selector."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.dkim) return not_collected();
    std::vector<std::string> strong, short_keys, unusable;
    for (const auto& key : read_keys(*facts.dkim)) {
        if (!is_usable(key)) continue;  // dkim.key-syntax says why
        const auto& record = *key.content.record;
        const auto label = key.selector->name + ", " + record.key_type_text + " " +
                           std::to_string(record.key_bits) + " bits";
        if (record.key_type != codec::dkim::KeyType::rsa) {
            strong.push_back(label);  // Ed25519 has one size (RFC 8463)
        } else if (record.key_bits < codec::dkim::rsa_bits_min) {
            unusable.push_back(label);
        } else if (record.key_bits < codec::dkim::rsa_bits_advised) {
            short_keys.push_back(label);
        } else {
            strong.push_back(label);
        }
    }
    const auto outcome = [&](std::string_view tag, std::vector<std::string> keys) {
        return Outcome(tag).with("domain", facts.name.text()).with("keys", std::move(keys));
    };
    if (!unusable.empty()) {
        auto out = outcome("unusable", std::move(unusable));
        if (!short_keys.empty()) out.with("short", std::move(short_keys));
        return out;
    }
    if (!short_keys.empty()) return outcome("short", std::move(short_keys));
    if (!strong.empty()) return outcome("strong", std::move(strong));
    return nothing_found(*facts.dkim);
}

}  // namespace

constinit const Check dkim_key_strength{
    .id = "dkim.key-strength",
    .question = "Are the DKIM keys long enough?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dkim,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
