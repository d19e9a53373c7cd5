// A check: one question to the facts, one outcome. Pure; how bad an outcome is stands in the
// profiles.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "fact/domain.hpp"

namespace assay::check {

namespace dns = codec::dns;

// What the sentences' placeholders and the result's "evidence" are filled with; lists print with ",
// ".
using Value = std::variant<std::string, std::int64_t, std::vector<std::string>>;

struct Argument {
    std::string name;
    Value value;
    bool operator==(const Argument&) const = default;
};

struct Outcome {
    std::string_view tag;             // one of the check's own
    std::vector<Argument> arguments;  // in the order to show
    std::vector<std::string>
        fix_records;  // master file lines to publish; empty when no record fixes it
    // What the fix does to the domain's own DMARC record. The fixes of several checks are one
    // record in the end: two at one name would be none (RFC 9989 section 4.10.2).
    std::function<void(codec::dmarc::Record&)> dmarc_change;
    std::string_view
        next_step;  // said in place of the outcome's own fix, where the cause is known better

    Outcome(std::string_view outcome_tag) : tag(outcome_tag) {}
    Outcome& with(std::string_view name, Value value) &;
    Outcome&& with(std::string_view name, Value value) &&;
    Outcome& publish(std::string record) &;
    Outcome&& publish(std::string record) &&;
    const Value* find(std::string_view name) const;
};

// Tags with one meaning everywhere. Both need the argument `reason`.
inline constexpr std::string_view cannot_tell_tag = "cannot-tell";
inline constexpr std::string_view not_applicable_tag = "not-applicable";

Outcome cannot_tell(const base::Error& error);  // reason: "timeout: no answer from ..."
Outcome cannot_tell(std::string_view reason);
Outcome not_validated(std::string_view reason);  // the answers' DNSSEC signatures
Outcome not_collected();                         // the group of facts that the check needs is empty
Outcome not_applicable(std::string_view reason);  // reason: a full sentence without the final stop

// A tag with what it says. "{name}" is replaced by the argument of that name.
struct OutcomeText {
    std::string_view tag;
    std::string_view title;  // one sentence without a final stop, for the list: "DMARC policy does
                             // not stop spoofed mail"
    std::string_view fix;    // what to do next; empty when there is nothing to do
};

struct Check {
    std::string_view id;  // "dmarc.policy": stable for ever
    std::string_view
        question;  // "Does the DMARC policy stop mail that pretends to come from the domain?"
    std::span<const std::string_view> references;  // "RFC 9989 section 4.7"
    std::span<const std::string_view>
        guidance;  // ids of guidance resources: "securing-government-email"
    fact::Needs needs;
    std::span<const OutcomeText>
        outcomes;  // with cannot-tell and not-applicable where the check can say so
    Outcome (*judge)(const fact::Domain& facts);

    const OutcomeText* find(std::string_view tag) const;
};

// `text` with its placeholders replaced. An unknown placeholder stays as it is: the catalogue test
// finds it.
std::string fill(std::string_view text, const Outcome& outcome);
std::string print(const Value& value);

// The master file line for a TXT record, for fixes; a text over 255 octets is split (RFC 7208
// section 3.3).
std::string txt_record(std::string_view name, std::string_view text);

}  // namespace assay::check
