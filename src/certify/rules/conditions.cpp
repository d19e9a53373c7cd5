// every condition of the scheme is met, met another way, not applicable with a
// reason, or declared as a gap. The outcome counts, not the method.
#include <algorithm>

#include "certify/rules.hpp"

namespace assay::certify {

namespace {

const Gap* gap_for(const Case& application, std::string_view condition, GapKind kind) {
    const auto found = std::ranges::find_if(application.gaps, [&](const Gap& gap) {
        return gap.kind == kind &&
               std::ranges::find(gap.conditions, condition) != gap.conditions.end();
    });
    return found == application.gaps.end() ? nullptr : &*found;
}

void judge_condition(const Dossier& dossier, const Condition& condition, Problems& out) {
    const auto& scheme = dossier.scheme;
    const std::string where = "condition:" + condition.id;
    const auto& rule = condition.rule.empty() ? scheme.conditions_rule : condition.rule;
    const auto found = dossier.application.conditions.find(condition.id);
    if (found == dossier.application.conditions.end()) {
        out.push_back({rule, where,
                       fmt::format("Say whether you meet condition {} ({}).", condition.id,
                                   condition.title)});
        return;
    }
    const auto& answer = found->second;
    if (!answer.confirmed) {
        out.push_back({rule, where,
                       fmt::format("Your answer to condition {} comes from your last "
                                   "application. Say whether it is still right.",
                                   condition.id)});
    }
    if (base::trim(answer.how).empty()) {
        out.push_back(
            {answer.state == ConditionState::not_applicable ? scheme.conditions_rule : rule, where,
             answer.state == ConditionState::not_applicable
                 ? fmt::format("Say why condition {} does not apply.", condition.id)
                 : fmt::format("Say how you reach the outcome of condition {}.", condition.id)});
    }
    if (answer.state == ConditionState::not_met &&
        gap_for(dossier.application, condition.id, GapKind::not_met) == nullptr) {
        out.push_back({scheme.gap_rule, where,
                       fmt::format("You do not meet condition {}. Declare a security gap for it, "
                                   "with what you plan to do.",
                                   condition.id)});
    }
    if (answer.state == ConditionState::met_by_alternative &&
        gap_for(dossier.application, condition.id, GapKind::mitigated_by_other_arrangements) ==
            nullptr) {
        out.push_back({scheme.alternative_rule, where,
                       fmt::format("You meet condition {} another way. Declare it under security "
                                   "gaps, with the controls that you rely on.",
                                   condition.id)});
    }
    for (const auto& measured : answer.measured) {
        if (answer.state != ConditionState::met || measured.not_met == 0) continue;
        out.push_back(
            {rule, where,
             fmt::format("{} did not meet {} of the requirements that were measured on "
                         "{}.",
                         measured.domain, measured.not_met, base::print(measured.measured_at)),
             false});
    }
}

void judge_gap(const Dossier& dossier, const Gap& gap, Problems& out) {
    const std::string where = "gap:" + gap.id;
    const auto& scheme = dossier.scheme;
    if (base::trim(gap.missing).empty())
        out.push_back({scheme.gap_rule, where, "Say what is missing."});
    if (gap.kind == GapKind::mitigated_by_other_arrangements) {
        if (base::trim(gap.other_controls).empty()) {
            out.push_back(
                {scheme.alternative_rule, where, "Say which other controls you have in place."});
        }
        return;
    }
    if (base::trim(gap.proposed_action).empty() || !gap.proposed_date)
        out.push_back(
            {scheme.gap_rule, where, "Say what you will do about this gap, and by when."});
    for (const auto& id : gap.conditions) {
        if (scheme.condition(id) == nullptr)
            out.push_back({scheme.gap_rule, where, "There is no condition '" + id + "'."});
    }
}

}  // namespace

void judge_conditions(const Dossier& dossier, Problems& out) {
    for (const auto& condition : dossier.scheme.conditions)
        judge_condition(dossier, condition, out);
    for (const auto& gap : dossier.application.gaps)
        judge_gap(dossier, gap, out);
    if (!dossier.scheme.conditions.empty() && dossier.application.gaps.empty() &&
        !dossier.application.no_gaps) {
        out.push_back({dossier.scheme.gap_rule, "gaps",
                       "Say that you have no security gaps, or declare them."});
    }
}

}  // namespace assay::certify
