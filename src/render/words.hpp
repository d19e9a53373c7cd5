// Words for people, and what the formats that people read do alike.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "check/judgement.hpp"

namespace assay::render {

// "Urgent", "Advisory"...
std::string_view heading(check::Severity severity);
// What stands in front of a line: a judgement's severity, or "We could not check", "Does not
// apply", "Accepted".
std::string_view label(const check::Judgement& judgement);
std::string_view level_words(check::Level level);  // "Required"

// What to do, without the records; where the records go further than those of other findings at
// the same name, it says that those come first. Empty: nothing to do.
std::string advice(const check::Judgement& judgement);

// The name of a piece of evidence as a title: "void_lookups" is "Void lookups".
std::string evidence_label(std::string_view name);

std::string print_for_people(base::Moment moment);  // "24 November 2026, 10:00 UTC"

// Many checks cannot be carried out for one reason: the first of them, and the ids of all.
struct Unchecked {
    const check::Judgement* judgement = nullptr;
    std::vector<std::string_view> ids;
};
std::vector<Unchecked> unchecked(const check::Assessment& assessment);

}  // namespace assay::render
