#include "render/words.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace assay::render {

namespace {

// Where the plain name would not tell a reader enough; all others are made from the name itself.
constexpr std::pair<std::string_view, std::string_view> evidence_labels[] = {
    {"name", "Where"},
    {"record", "Found there"},
    {"ds", "DS records"},
    {"costs", "Lookups of each term"},
    {"organization", "Organisation"},
    {"policy_domain", "Policy comes from"},
    {"octets", "Size in bytes"},
    {"retired", "Closed mailbox"},
    {"faults", "What is wrong"},
    {"without", "Not protected"},
    {"registrable", "Anyone can register"},
};

}  // namespace

std::string_view heading(check::Severity severity) {
    switch (severity) {
        case check::Severity::urgent: return "Urgent";
        case check::Severity::advisory: return "Advisory";
        case check::Severity::informational: return "Informational";
        case check::Severity::positive: return "Positive";
    }
    return "Informational";
}

std::string_view label(const check::Judgement& judgement) {
    switch (judgement.grade.status) {
        case check::Status::cannot_tell: return "We could not check";
        case check::Status::not_applicable: return "Does not apply";
        case check::Status::accepted: return "Accepted";
        default: return heading(judgement.grade.severity);
    }
}

std::string_view level_words(check::Level level) {
    switch (level) {
        case check::Level::must: return "Required";
        case check::Level::should: return "Recommended";
        case check::Level::may: return "Optional";
    }
    return "Optional";
}

std::string advice(const check::Judgement& judgement) {
    constexpr std::string_view next_step =
        "This record is the next step: first publish the one that the other findings offer for "
        "the same name, which keeps your policy.";
    if (!judgement.next_step_only || judgement.outcome.fix_records.empty()) return judgement.fix;
    return judgement.fix.empty() ? std::string(next_step)
                                 : fmt::format("{} {}", judgement.fix, next_step);
}

std::string evidence_label(std::string_view name) {
    const auto* known =
        std::ranges::find(evidence_labels, name, [](const auto& row) { return row.first; });
    if (known != std::end(evidence_labels)) return std::string(known->second);
    std::string out(name);
    std::ranges::replace_if(out, [](char c) { return c == '_' || c == '-'; }, ' ');
    if (!out.empty() && out.front() >= 'a' && out.front() <= 'z')
        out.front() = static_cast<char>(out.front() - 'a' + 'A');
    return out;
}

std::string print_for_people(base::Moment moment) {
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(moment));
    return fmt::format("{} {:%B %Y, %H:%M} UTC", static_cast<unsigned>(day.day()), moment);
}

std::vector<Unchecked> unchecked(const check::Assessment& assessment) {
    std::vector<Unchecked> out;
    for (const auto& judgement : assessment.judgements) {
        if (judgement.grade.status != check::Status::cannot_tell) continue;
        const auto same = std::ranges::find_if(out, [&](const Unchecked& group) {
            return group.judgement->title == judgement.title &&
                   group.judgement->fix == judgement.fix;
        });
        if (same == out.end()) {
            out.push_back({&judgement, {judgement.check->id}});
        } else {
            same->ids.push_back(judgement.check->id);
        }
    }
    return out;
}

}  // namespace assay::render
