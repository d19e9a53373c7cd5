// what the report calls critical or high is resolved with evidence, or planned.
#include <algorithm>

#include "certify/rules.hpp"

namespace assay::certify {

namespace {

bool is_resolved(const Finding& finding) {
    return (finding.state == FindingState::resolved_claimed ||
            finding.state == FindingState::resolved_accepted) &&
           !base::trim(finding.resolution).empty() && !finding.resolution_evidence.empty();
}

const AttachedDocument* last_report(const Dossier& dossier) {
    const AttachedDocument* last = nullptr;
    for (const auto& document : dossier.application.documents) {
        const auto* rule = dossier.scheme.document(document.document);
        if (rule != nullptr && rule->kind == DocumentKind::health_check) last = &document;
    }
    return last;
}

// The same report may have been attached twice; what was entered from it stays entered.
bool is_of(const Dossier& dossier, const Finding& finding, const AttachedDocument& report) {
    if (finding.report == report.id) return true;
    const auto& all = dossier.application.documents;
    const auto other = std::ranges::find(all, finding.report, &AttachedDocument::id);
    return other != all.end() && other->sha256 == report.sha256;
}

// The report is the record: what it prints must be what was entered or imported (G10, G11).
void judge_counts(const Dossier& dossier, const AttachedDocument& report, Problems& out) {
    const auto& rule = *dossier.scheme.remediation;
    for (const auto& severity : rule.gate) {
        const auto printed = report.health_check->printed_counts.find(severity);
        if (printed == report.health_check->printed_counts.end()) {
            if (report.health_check->no_critical_or_high) continue;
            out.push_back({rule.gate_rule, "document:" + report.document,
                           fmt::format("Say how many {} findings the report counts; 0 if there "
                                       "are none.",
                                       severity)});
            continue;
        }
        const auto entered =
            std::ranges::count_if(dossier.application.findings, [&](const Finding& finding) {
                return is_of(dossier, finding, report) && gate_severity(finding) == severity;
            });
        if (static_cast<unsigned>(entered) >= printed->second) continue;
        out.push_back({rule.gate_rule, "document:" + report.document,
                       fmt::format("The report counts {} {} findings, and {} are entered. Enter "
                                   "each of them.",
                                   printed->second, severity, entered)});
    }
}

}  // namespace

std::string gate_severity(const Finding& finding) {
    if (!finding.rated.empty()) return base::lower(finding.rated);
    const auto reported = base::lower(finding.reported);
    // Words of the gate count as they stand; scales of other words or numbers count as derived.
    for (const auto* word : {"critical", "high", "medium", "low", "informational"}) {
        if (reported == word) return reported;
    }
    return base::lower(finding.derived);
}

bool is_gated(const Scheme& scheme, const Finding& finding) {
    if (!scheme.remediation) return false;
    const auto severity = gate_severity(finding);
    // What has no severity at all could be anything, so it is treated as high.
    if (severity.empty() || severity == "unknown") return true;
    return std::ranges::find(scheme.remediation->gate, severity) != scheme.remediation->gate.end();
}

Problems judge_plan_item(const Remediation& rule, const PlanItem& item, std::string_view where) {
    Problems out;
    const auto need = [&](bool there, std::string_view what) {
        if (!there) out.push_back({rule.plan_rule, std::string(where), fmt::format("{}", what)});
    };
    need(!base::trim(item.actions).empty(), "Say which actions you will take.");
    need(item.start.has_value(), "Give the planned start date.");
    need(item.finish.has_value(), "Give the planned finish date.");
    need(!base::trim(item.owner).empty(), "Name the person who answers for this work.");
    need(!rule.lessons_learnt || !base::trim(item.lessons_learnt).empty(),
         "Say what you learnt, so that the issue does not come back.");
    need(!item.start || !item.finish || *item.finish >= *item.start,
         "The planned finish is before the start. Correct one of the dates.");
    // "a person, not a team": a name has a given name and a family name.
    const auto owner = base::trim(item.owner);
    const auto lower = base::lower(owner);
    const bool team = lower.ends_with(" team") || lower.ends_with(" department") ||
                      lower.ends_with(" group") || lower.ends_with(" desk");
    need(owner.empty() || (owner.find(' ') != std::string_view::npos && !team),
         "The owner must be one person with a full name, not a team.");
    return out;
}

void judge_findings(const Dossier& dossier, Problems& out) {
    if (!dossier.scheme.remediation) return;
    const auto& rule = *dossier.scheme.remediation;
    const auto* report = last_report(dossier);
    if (report != nullptr && report->health_check) judge_counts(dossier, *report, out);
    const bool none =
        report != nullptr && report->health_check && report->health_check->no_critical_or_high;
    for (const auto& finding : dossier.application.findings) {
        if (report == nullptr || !is_of(dossier, finding, *report)) continue;
        const std::string where = "finding:" + finding.id;
        if (!finding.also_reported.empty()) {
            out.push_back({rule.gate_rule, where,
                           fmt::format("'{}' is called {} here and {} elsewhere.", finding.title,
                                       finding.reported, base::join(finding.also_reported, ", ")),
                           false});
        }
        if (!is_gated(dossier.scheme, finding)) continue;
        if (none) {
            out.push_back({rule.gate_rule, where,
                           "You say that the report has no critical or high findings, but one is "
                           "entered: " +
                               finding.title});
        }
        if (is_resolved(finding)) continue;
        if (!finding.plan) {
            out.push_back({rule.gate_rule, where,
                           fmt::format("'{}' is {}. Attach evidence that it is resolved, or plan "
                                       "the work in a remediation action plan.",
                                       finding.title, gate_severity(finding))});
            continue;
        }
        for (auto& problem : judge_plan_item(rule, *finding.plan, where))
            out.push_back(std::move(problem));
        const Date year = plus(dossier.today, dossier.scheme.validity.normal);
        if (finding.plan->finish && *finding.plan->finish > year) {
            out.push_back({rule.plan_rule, where,
                           fmt::format("The plan finishes on {}, after a certificate of today "
                                       "would end. The assessors must decide on this.",
                                       print_long(*finding.plan->finish)),
                           false});
        }
    }
}

}  // namespace assay::certify
