#include "check/judgement.hpp"

#include <algorithm>

#include "check/catalogue.hpp"
#include "check/dmarc/common.hpp"
#include "check/parked/checks.hpp"

namespace assay::check {

std::string_view print(Status status) {
    switch (status) {
        case Status::met: return "met";
        case Status::not_met: return "not_met";
        case Status::not_applicable: return "not_applicable";
        case Status::cannot_tell: return "cannot_tell";
        case Status::accepted: return "accepted";
    }
    return "cannot_tell";
}

std::string_view print(Severity severity) {
    switch (severity) {
        case Severity::urgent: return "urgent";
        case Severity::advisory: return "advisory";
        case Severity::informational: return "informational";
        case Severity::positive: return "positive";
    }
    return "informational";
}

std::string_view print(Level level) {
    switch (level) {
        case Level::must: return "must";
        case Level::should: return "should";
        case Level::may: return "may";
    }
    return "may";
}

std::string_view print(Owner owner) {
    return owner == Owner::you ? "you" : "provider";
}

const Grade* Profile::grade(std::string_view check, std::string_view outcome) const {
    const auto row = grades.find(check);
    if (row == grades.end()) return nullptr;
    const auto grade = row->second.find(outcome);
    return grade == row->second.end() ? nullptr : &grade->second;
}

void Summary::count(Status status) {
    switch (status) {
        case Status::met: ++met; break;
        case Status::not_met: ++not_met; break;
        case Status::not_applicable: ++not_applicable; break;
        case Status::cannot_tell: ++cannot_tell; break;
        case Status::accepted: ++accepted; break;
    }
}

bool Selection::includes(std::string_view id) const {
    const auto any = [&](const std::vector<std::string>& globs) {
        return std::ranges::any_of(globs,
                                   [&](const std::string& glob) { return matches(glob, id); });
    };
    return (only.empty() || any(only)) && !any(skip);
}

fact::Needs needs(const Profile& profile, const Selection& selection) {
    fact::Needs out;
    for (const auto* check : catalogue()) {
        if (profile.grades.contains(check->id) && selection.includes(check->id))
            out = out | check->needs;
    }
    return out;
}

namespace {

// Each check offers the record that fixes what it found; whoever published two of them would have
// no policy at all. So every finding offers the one that fixes them all, but for one thing: a
// record that raises the policy stops mail, and belongs under the findings that ask for that. The
// others offer the record that keeps the policy; that is the first step, and the policy the next.
void combine_dmarc_fixes(const fact::Domain& facts, std::vector<Judgement>& judgements) {
    std::vector<Judgement*> keeping, raising;
    std::vector<Change> changes;
    for (auto& judgement : judgements) {
        const auto& change = judgement.outcome.dmarc_change;
        if (judgement.grade.status != Status::not_met || !change) continue;
        (keeps_policy(facts, change) ? keeping : raising).push_back(&judgement);
    }
    const auto offer = [&](const std::vector<Judgement*>& found) {
        for (const auto* judgement : found)
            changes.push_back(judgement->outcome.dmarc_change);
        const auto record = changes.size() < 2 ? std::nullopt : changed_record(facts, changes);
        if (!record) return;
        for (auto* judgement : found)
            judgement->outcome.fix_records = {*record};
    };
    offer(keeping);
    offer(raising);
    // A parked domain has no mail of its own that a stricter policy could stop. Subdomains may have
    // senders that the domain itself has not: a weaker sp is raised with the same care as p.
    const bool parked =
        std::ranges::find(raising, &parked_dmarc, &Judgement::check) != raising.end();
    for (auto* judgement : raising) {
        judgement->next_step_only = !keeping.empty();
        judgement->raises_policy = !parked;
    }
}

}  // namespace

Assessment judge(const fact::Domain& facts, const Profile& profile, const Selection& selection) {
    Assessment out;
    out.domain = facts.name;
    out.profile = profile.full_name();
    out.source = facts.source;
    out.measured_at = facts.measured_at;
    for (const auto* check : catalogue()) {
        if (!profile.grades.contains(check->id) || !selection.includes(check->id)) continue;
        auto outcome = check->judge(facts);
        // parse_profile refuses a profile that leaves an outcome ungraded, and the catalogue test a
        // tag without text.
        const auto* text = check->find(outcome.tag);
        const auto* grade = profile.grade(check->id, outcome.tag);
        ASSAY_ASSERT(text != nullptr && grade != nullptr);
        Judgement judgement{check, std::move(outcome), *grade, {}, {}};
        judgement.title = fill(text->title, judgement.outcome);
        const auto& next_step = judgement.outcome.next_step;
        judgement.fix = fill(next_step.empty() ? text->fix : next_step, judgement.outcome);
        out.summary.count(grade->status);
        out.judgements.push_back(std::move(judgement));
    }
    combine_dmarc_fixes(facts, out.judgements);
    return out;
}

int exit_code(const Assessment& assessment) {
    int code = 0;
    for (const auto& judgement : assessment.judgements) {
        if (judgement.grade.level != Level::must) continue;
        if (judgement.grade.status == Status::not_met) return 1;
        if (judgement.grade.status == Status::cannot_tell) code = 3;
    }
    return code;
}

}  // namespace assay::check
