// Documents, findings and their plans, measured evidence.
#include <algorithm>

#include "certify/commands/desk.hpp"

namespace assay::certify {

namespace {

const std::vector<CaseState> with_applicant{CaseState::draft, CaseState::awaiting_signature,
                                            CaseState::ready};
constexpr std::size_t findings_max = 20'000;  // ours: issues, not hosts; a large report has 2,000

struct AttachBody {
    std::string document, sha256, name;
    std::uint64_t octets = 0;
    unsigned pages = 0;
    bool searchable = true, abbreviated = false;
    std::optional<Date> date;
    std::vector<std::string> confirmed_contents;
    std::optional<HealthCheck> health_check;
};
BOOST_DESCRIBE_STRUCT(AttachBody, (),
                      (document, sha256, name, octets, pages, searchable, abbreviated, date,
                       confirmed_contents, health_check))

bool is_sha256(std::string_view text) {
    return text.size() == 64 && text.find_first_not_of("0123456789abcdef") == text.npos;
}

// The file is in the vault already, and was looked at there (document/pdf_check.hpp).
base::Result<Reply> attach(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<AttachBody>(desk));
    const auto* rule = desk.scheme->document(body.document);
    if (rule == nullptr && body.document != "evidence")
        return refuse("The scheme asks for no document '" + body.document + "'");
    if (!is_sha256(body.sha256)) return refuse("Give the SHA-256 of the file in hexadecimal");
    if (rule != nullptr && body.octets > rule->octets_max) {
        return refuse(fmt::format("The file has {} bytes; {} may have {} at most", body.octets,
                                  rule->title, rule->octets_max));
    }
    if (rule != nullptr && !rule->format_rule.empty() && !body.name.empty() &&
        !base::lower(body.name).ends_with(".pdf")) {
        return refuse(fmt::format("{} is a PDF file ({}). Save it as PDF, then attach it again",
                                  rule->title, rule->format_rule));
    }
    if (body.date && *body.date > desk.today)
        return refuse("The date of the document is in the future: " + print(*body.date));
    // A tester hands in the report of a health check, and nothing else.
    if (desk.role == Role::tester && (rule == nullptr || rule->kind != DocumentKind::health_check))
        return refuse("You can attach the report of a health check only");
    auto& application = desk.the_case();
    AttachedDocument made{.id = application.new_id("D"),
                          .document = body.document,
                          .sha256 = body.sha256,
                          .name = body.name,
                          .octets = body.octets,
                          .pages = body.pages,
                          .searchable = body.searchable,
                          .date = body.date,
                          .confirmed_contents = body.confirmed_contents,
                          .abbreviated = body.abbreviated,
                          .health_check = body.health_check,
                          .by = desk.actor.id,
                          .at = desk.at};
    application.documents.push_back(made);
    desk.application->changed = true;
    return Reply{{{"document", made.id}}};
}

struct FindingBody {
    std::string report, tool, tool_id, title, reported, derived;
    std::vector<std::string> also_reported, assets;
    unsigned count = 1;
};
BOOST_DESCRIBE_STRUCT(FindingBody, (),
                      (report, tool, tool_id, title, reported, derived, also_reported, assets,
                       count))
struct FindingsBody {
    std::vector<FindingBody> findings;
};
BOOST_DESCRIBE_STRUCT(FindingsBody, (), (findings))

// Importing the same again changes nothing: a finding of a report is known by tool and rule, or by
// its title where it was typed in. What was said about it stays.
base::Result<Reply> add_findings(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<FindingsBody>(desk));
    auto& application = desk.the_case();
    std::map<std::string, std::size_t> known;
    const auto key = [](const auto& one) {
        return one.report + '\n' + one.tool + '\n' +
               (one.tool_id.empty() ? one.title : one.tool_id);
    };
    for (std::size_t i = 0; i < application.findings.size(); ++i)
        known[key(application.findings[i])] = i;
    std::size_t added = 0;
    std::string first;  // id of the first one given
    for (const auto& one : body.findings) {
        if (std::ranges::find(application.documents, one.report, &AttachedDocument::id) ==
            application.documents.end())
            return refuse("There is no report '" + one.report + "' attached to this case");
        if (base::trim(one.title).empty()) return refuse("A finding needs a title");
        if (const auto before = known.find(key(one)); before != known.end()) {
            if (first.empty()) first = application.findings[before->second].id;
            continue;
        }
        if (application.findings.size() >= findings_max)
            return refuse("A case has 20,000 findings at most");
        known[key(one)] = application.findings.size();
        application.findings.push_back({.id = application.new_id("F"),
                                        .report = one.report,
                                        .tool = one.tool,
                                        .tool_id = one.tool_id,
                                        .title = one.title,
                                        .reported = one.reported,
                                        .derived = one.derived,
                                        .also_reported = one.also_reported,
                                        .count = one.count,
                                        .assets = one.assets});
        if (first.empty()) first = application.findings.back().id;
        ++added;
    }
    desk.application->changed = added > 0;
    return Reply{
        {{"added", added}, {"known", body.findings.size() - added}, {"finding", std::move(first)}}};
}

base::Result<Finding*> the_finding(Desk& desk, const std::string& id) {
    auto& all = desk.the_case().findings;
    const auto found = std::ranges::find(all, id, &Finding::id);
    if (found == all.end()) return refuse("There is no finding '" + id + "' in this case");
    return &*found;
}

struct ResolveBody {
    std::string finding, resolution, evidence;
    std::optional<Date> on;
};
BOOST_DESCRIBE_STRUCT(ResolveBody, (), (finding, resolution, evidence, on))

base::Result<Reply> resolve(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ResolveBody>(desk));
    ASSAY_TRY(auto* const finding, the_finding(desk, body.finding));
    const auto& documents = desk.the_case().documents;
    if (base::trim(body.resolution).empty() ||
        std::ranges::find(documents, body.evidence, &AttachedDocument::id) == documents.end())
        return refuse("Say how it was resolved, and name the attached evidence (R-17)");
    if (body.on && *body.on > desk.today) return refuse("The date of the fix is in the future");
    finding->state = FindingState::resolved_claimed;
    finding->resolution = body.resolution;
    finding->resolution_evidence = body.evidence;
    finding->resolved_on = body.on;
    desk.application->changed = true;
    return Reply{};
}

struct PlanBody {
    std::string finding, actions, owner, owner_email, lessons_learnt;
    std::optional<Date> start, finish;
};
BOOST_DESCRIBE_STRUCT(PlanBody, (),
                      (finding, actions, owner, owner_email, lessons_learnt, start, finish))

base::Result<Reply> plan(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<PlanBody>(desk));
    ASSAY_TRY(auto* const finding, the_finding(desk, body.finding));
    // What was planned may change; what was done since stays.
    if (!finding->plan) finding->plan.emplace();
    auto& item = *finding->plan;
    item.actions = body.actions;
    item.owner = body.owner;
    if (!body.owner_email.empty()) item.owner_email = body.owner_email;
    item.lessons_learnt = body.lessons_learnt;
    item.start = body.start;
    item.finish = body.finish;
    if (finding->state == FindingState::open || finding->state == FindingState::reopened ||
        finding->state == FindingState::overdue)
        finding->state = FindingState::planned;
    desk.application->changed = true;
    json::array missing;
    if (desk.scheme->remediation) {
        for (const auto& problem :
             judge_plan_item(*desk.scheme->remediation, *finding->plan, "plan"))
            missing.push_back(json::string(problem.what));
    }
    return Reply{{{"missing", std::move(missing)}}};
}

struct ProgressBody {
    std::string finding, note;
    std::optional<Date> started, done;
    bool dispute = false;
};
BOOST_DESCRIBE_STRUCT(ProgressBody, (), (finding, note, started, done, dispute))

// Goes on after the decision, as long as the certificate lives.
base::Result<Reply> progress(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ProgressBody>(desk));
    ASSAY_TRY(auto* const finding, the_finding(desk, body.finding));
    if (body.dispute) {
        finding->state = FindingState::disputed;
    } else if (!finding->plan) {
        return refuse("There is no plan for this finding");
    }
    if (finding->plan) {
        auto& item = *finding->plan;
        for (const auto& day : {body.started, body.done}) {
            if (day && *day > desk.today) return refuse("A date is in the future: " + print(*day));
        }
        if (body.started) {
            item.actual_start = body.started;
            item.state = PlanState::started;
            finding->state = FindingState::in_progress;
        }
        if (body.done) {
            item.actual_finish = body.done;
            item.state = PlanState::done_claimed;
            finding->state = FindingState::resolved_claimed;
        }
        if (!body.note.empty()) item.notes.push_back(body.note);
        item.progressed_at = desk.at;
    }
    desk.application->changed = true;
    return Reply{};
}

struct MeasuredBody {
    std::string condition;
    MeasuredEvidence measured;
};
BOOST_DESCRIBE_STRUCT(MeasuredBody, (), (condition, measured))

base::Result<Reply> measured(Desk& desk) {
    ASSAY_TRY(auto body, body_as<MeasuredBody>(desk));
    const auto* rule = desk.scheme->condition(body.condition);
    if (rule == nullptr || rule->measured_by.empty())
        return refuse("Condition '" + body.condition + "' is not one that is measured");
    if (!is_sha256(body.measured.facts_sha256) || body.measured.measured_at > desk.at)
        return refuse("Measured evidence needs the hash of its facts, and a time that has passed");
    auto& all = desk.the_case().conditions[body.condition].measured;
    std::erase_if(all,
                  [&](const MeasuredEvidence& one) { return one.domain == body.measured.domain; });
    all.push_back(std::move(body.measured));
    desk.application->changed = true;
    return Reply{};
}

}  // namespace

std::vector<Command> commands_of_evidence() {
    using enum Role;
    const std::vector applicants{preparer, point_of_contact};
    return {
        {{"attach", {preparer, point_of_contact, tester}, "case", true, "Attach a document."},
         with_applicant,
         attach},
        {{"findings",
          {preparer, point_of_contact, tester},
          "case",
          true,
          "Enter findings of a health check report."},
         with_applicant,
         add_findings},
        {{"resolve", applicants, "case", true, "Say that a finding is resolved, with evidence."},
         with_applicant,
         resolve},
        {{"plan", applicants, "case", true, "Plan the work on a finding."}, with_applicant, plan},
        {{"progress", applicants, "case", true, "Report progress of a plan."}, {}, progress},
        {{"measured", applicants, "case", true, "Attach a measured result to a condition."},
         with_applicant,
         measured},
    };
}

}  // namespace assay::certify
