// What the applicant does before and between submissions.
#include <algorithm>

#include "certify/commands/desk.hpp"
#include "certify/commands/issue.hpp"

namespace assay::certify {

namespace {

const std::vector<CaseState> with_applicant{CaseState::draft, CaseState::awaiting_signature,
                                            CaseState::ready};

// After the first attempt only what was asked about is open, and what the applicant unlocks.
base::Result<void> check_unlocked(const Desk& desk, const std::string& section) {
    const auto& application = desk.application->value;
    if (application.submissions.empty() || application.unlocked.empty()) return {};
    const auto& open = application.unlocked;
    if (std::ranges::find(open, section) != open.end()) return {};
    return refuse(
        fmt::format("'{}' was not asked about. Unlock it first, with a reason: unlock "
                    "{{\"sections\": [\"{}\"], \"reason\": \"...\"}}",
                    section, section));
}

struct NewBody {
    std::string scheme, infrastructure, previous_certificate, supporting_certificate;
    CaseKind kind = CaseKind::first;
};
BOOST_DESCRIBE_STRUCT(NewBody, (),
                      (scheme, infrastructure, previous_certificate, supporting_certificate, kind))

// What was agreed was agreed about what was said, and until a day.
Gap declared_anew(Gap gap) {
    gap.state = GapState::declared;
    gap.agreed_work.clear();
    gap.agreed_by.clear();
    gap.agreed_date.reset();
    return gap;
}

// A renewal starts from what was said last time, but each answer must be confirmed again, and
// nothing that has a date of its own is carried over.
void carry_over(Case& application, const Case& before) {
    application.answers = before.answers;
    for (auto& [id, answer] : application.answers)
        answer.confirmed = false;
    application.conditions = before.conditions;
    for (auto& [id, answer] : application.conditions) {
        answer.confirmed = false;
        answer.evidence.clear();
        answer.measured.clear();
    }
    for (const auto& gap : before.gaps) {
        if (gap.state != GapState::closed) application.gaps.push_back(declared_anew(gap));
    }
    application.no_gaps = false;
    application.next_id = before.next_id;
}

// An amendment goes on from what was certified: only what changes is said again.
void amend(Case& application, const Case& before) {
    application.answers = before.answers;
    application.conditions = before.conditions;
    application.gaps = before.gaps;
    application.no_gaps = before.no_gaps;
    application.documents = before.documents;
    application.findings = before.findings;
    application.next_id = before.next_id;
}

base::Result<void> refuse_second_open_case(Desk& desk, const std::string& scheme,
                                           const std::string& infrastructure) {
    ASSAY_TRY(
        const auto rows,
        desk.store.list(Kind::application, {.organisation = desk.actor.organisation, .state = {}}));
    for (const auto& row : rows) {
        ASSAY_TRY(const auto other, value_of<Case>(row, "application"));
        if (other.scheme == scheme && other.infrastructure == infrastructure &&
            is_open(other.state))
            return refuse("There is an open application for this infrastructure: " + other.id);
    }
    return {};
}

// Never two valid certificates of one infrastructure.
base::Result<void> check_alive_certificate(Desk& desk, const NewBody& body) {
    ASSAY_TRY(const auto alive,
              alive_certificate(desk, body.scheme, desk.actor.organisation, body.infrastructure));
    if (!alive || alive->number == body.previous_certificate) return {};
    return refuse(fmt::format(
        "This infrastructure has a certificate: {}. Renew it, or tell the team what has changed "
        "(scope-change)",
        alive->number));
}

base::Result<void> start_from_certificate(Desk& desk, const NewBody& body, Case& made) {
    ASSAY_TRY(const auto before, desk.find_certificate(body.previous_certificate));
    if (!before || before->organisation != desk.actor.organisation ||
        before->infrastructure != body.infrastructure || before->scheme != body.scheme) {
        return refuse(
            "Name the certificate of this infrastructure that you renew: "
            "\"previous_certificate\": \"...\"");
    }
    // A withdrawn certificate cannot be renewed: that is a first application, with its history.
    if (before->status == CertificateStatus::withdrawn)
        return refuse("This certificate was withdrawn. Apply as a first application");
    const bool amends = body.kind == CaseKind::amendment;
    if (amends && (before->status != CertificateStatus::valid || before->scope_changes.empty() ||
                   before->scope_changes.back().outcome != ScopeOutcome::re_sign)) {
        return refuse(
            "Only a valid certificate is amended, after the assessors agreed that the text is "
            "signed again. Tell the team of the change first (scope-change)");
    }
    ASSAY_TRY(const auto row, desk.store.find(Kind::application, before->case_id));
    if (!row) return {};
    ASSAY_TRY(const auto old, value_of<Case>(*row, "application"));
    amends ? amend(made, old) : carry_over(made, old);
    return {};
}

base::Result<Reply> new_case(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<NewBody>(desk));
    ASSAY_TRY(const auto* const scheme, desk.find_scheme(body.scheme));
    const auto& organisation = desk.organisation->value;
    if (std::ranges::find(organisation.infrastructures, body.infrastructure, &Infrastructure::id) ==
        organisation.infrastructures.end()) {
        return refuse("There is no infrastructure '" + body.infrastructure +
                      "'. Define it first: infrastructure {\"id\": ...}");
    }
    auto free = refuse_second_open_case(desk, body.scheme, body.infrastructure);
    if (!free) return std::unexpected(free.error());
    if (body.kind == CaseKind::first && !body.previous_certificate.empty())
        return refuse("A first application names no certificate before it");
    const int year = static_cast<int>(desk.today.year());
    ASSAY_TRY(const auto number, desk.store.next_number(fmt::format("case-{}", year)));
    Case made{.id = fmt::format("{}-{:05}", year, number),
              .scheme = scheme->id,
              .scheme_version = scheme->version,
              .scheme_sha256 = scheme->sha256,
              .organisation = organisation.id,
              .infrastructure = body.infrastructure,
              .kind = body.kind,
              .previous_certificate = body.previous_certificate,
              .supporting_certificate = body.supporting_certificate,
              .created_at = desk.at};
    if (body.kind != CaseKind::first) {
        auto started = start_from_certificate(desk, body, made);
        if (!started) return std::unexpected(started.error());
    }
    auto alone = check_alive_certificate(desk, body);
    if (!alone) return std::unexpected(alone.error());
    made.preparers.push_back(desk.actor.id);
    desk.application = Loaded<Case>{std::move(made), 0, true};
    if (auto ready = desk.prepare_dossier(); !ready) return std::unexpected(ready.error());
    return Reply{{{"case", desk.the_case().id}}};
}

void note_preparer(Desk& desk) {
    auto& preparers = desk.the_case().preparers;
    if (std::ranges::find(preparers, desk.actor.id) == preparers.end())
        preparers.push_back(desk.actor.id);
    desk.application->changed = true;
}

struct AnswerBody {
    json::object answers;
    std::vector<std::string> confirm;
};
BOOST_DESCRIBE_STRUCT(AnswerBody, (), (answers, confirm))

base::Result<Reply> answer(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<AnswerBody>(desk));
    json::object wrong;
    auto& application = desk.the_case();
    for (const auto& [id, value] : body.answers) {
        const auto* question = desk.scheme->question(id);
        if (question == nullptr) {
            wrong[id] = "There is no such question.";
            continue;
        }
        if (auto open = check_unlocked(desk, question->id); !open)
            return std::unexpected(open.error());
        if (auto why = wrong_answer(*question, value); !why.empty()) {
            wrong[id] = why;
            continue;
        }
        application.answers[std::string(id)] = {value, true, desk.actor.id, desk.at};
    }
    if (!wrong.empty()) return Reply{{{"wrong", std::move(wrong)}}, false};
    for (const auto& id : body.confirm) {
        const auto found = application.answers.find(id);
        const auto condition = application.conditions.find(id);
        if (found != application.answers.end()) {
            found->second.confirmed = true;
        } else if (condition != application.conditions.end()) {
            condition->second.confirmed = true;
        } else {
            return refuse("There is no answer '" + id + "' to confirm");
        }
    }
    note_preparer(desk);
    return Reply{{{"answered", body.answers.size()}, {"confirmed", body.confirm.size()}}};
}

struct ConditionBody {
    std::string condition, how;
    ConditionState state = ConditionState::not_met;
    std::vector<std::string> evidence;
};
BOOST_DESCRIBE_STRUCT(ConditionBody, (), (condition, how, state, evidence))

base::Result<Reply> condition(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ConditionBody>(desk));
    if (desk.scheme->condition(body.condition) == nullptr)
        return refuse("There is no condition '" + body.condition + "'");
    if (auto open = check_unlocked(desk, "condition:" + body.condition); !open)
        return std::unexpected(open.error());
    for (const auto& id : body.evidence) {
        if (std::ranges::find(desk.the_case().documents, id, &AttachedDocument::id) ==
            desk.the_case().documents.end())
            return refuse("There is no attached document '" + id + "'");
    }
    auto& answer = desk.the_case().conditions[body.condition];
    answer.state = body.state;
    answer.how = body.how;
    answer.evidence = body.evidence;
    answer.confirmed = true;
    note_preparer(desk);
    return Reply{};
}

struct GapBody {
    std::string gap;  // empty: a new one
    std::vector<std::string> conditions;
    GapKind kind = GapKind::not_met;
    std::string missing, other_controls, proposed_action;
    std::optional<Date> proposed_date;
    bool already_discussed = false, remove = false, none = false;
};
BOOST_DESCRIBE_STRUCT(GapBody, (),
                      (gap, conditions, kind, missing, other_controls, proposed_action,
                       proposed_date, already_discussed, remove, none))

base::Result<Reply> gap(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<GapBody>(desk));
    auto& application = desk.the_case();
    if (auto open = check_unlocked(desk, "gaps"); !open) return std::unexpected(open.error());
    note_preparer(desk);
    if (body.none) {
        if (!application.gaps.empty()) return refuse("Gaps are declared; remove them first");
        application.no_gaps = true;
        return Reply{};
    }
    auto found = std::ranges::find(application.gaps, body.gap, &Gap::id);
    if (!body.gap.empty() && found == application.gaps.end())
        return refuse("There is no gap '" + body.gap + "'");
    if (body.remove) {
        if (body.gap.empty()) return refuse("Say which gap: \"gap\": \"...\"");
        application.gaps.erase(found);
        return Reply{};
    }
    if (body.conditions.empty()) return refuse("Say which conditions the gap is about (R-07)");
    application.no_gaps = false;
    if (body.gap.empty()) {
        found = application.gaps.insert(application.gaps.end(), Gap{});
        found->id = application.new_id("G");
    }
    found->conditions = body.conditions;
    found->kind = body.kind;
    found->missing = body.missing;
    found->other_controls = body.other_controls;
    found->proposed_action = body.proposed_action;
    found->proposed_date = body.proposed_date;
    found->already_discussed = body.already_discussed;
    *found = declared_anew(*found);
    return Reply{{{"gap", found->id}}};
}

struct UnlockBody {
    std::vector<std::string> sections;
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(UnlockBody, (), (sections, reason))

base::Result<Reply> unlock(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<UnlockBody>(desk));
    if (base::trim(body.reason).empty()) return refuse("Give the reason");
    auto& application = desk.the_case();
    for (const auto& section : body.sections)
        application.unlocked.push_back(section);
    desk.application->changed = true;
    return Reply{};
}

struct ReasonBody {
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReasonBody, (), (reason))

base::Result<Reply> abandon(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ReasonBody>(desk));
    if (!is_open(desk.the_case().state)) return refuse("The application is closed already");
    desk.the_case().state = CaseState::withdrawn_by_applicant;
    desk.application->changed = true;
    return Reply{};
}

base::Result<Reply> list_cases(Desk& desk) {
    Filter filter;
    if (!desk.actor.organisation.empty()) filter.organisation = desk.actor.organisation;
    ASSAY_TRY(const auto rows, desk.store.list(Kind::application, filter));
    json::array out;
    for (const auto& row : rows) {
        ASSAY_TRY(const auto one, value_of<Case>(row, "application"));
        const bool hidden =
            desk.actor.organisation.empty() && one.submissions.empty() && one.gaps.empty();
        if (hidden) continue;
        out.push_back({{"case", one.id},
                       {"organisation", one.organisation},
                       {"scheme", one.scheme},
                       {"state", to_json(one.state)},
                       {"attempt", one.attempt()}});
    }
    return Reply{{{"cases", std::move(out)}}};
}

base::Result<Reply> show(Desk& desk) {
    ASSAY_TRY(const auto events, desk.store.events("case/" + desk.the_case().id));
    // That somebody declined to sign is no business of the team's.
    const bool of_team = desk.actor.organisation.empty();
    if (of_team) desk.the_case().declined.reset();
    json::array trail;
    for (const auto& event : events) {
        if (of_team && event.command == "decline") continue;
        if (!of_team && event.command == "decide" && !desk.the_case().decision) continue;
        trail.push_back({{"at", base::print(event.at)},
                         {"actor", event.actor},
                         {"role", event.role},
                         {"command", event.command}});
    }
    json::object whole = to_json(desk.the_case()).get_object();
    whole.erase(of_team ? "declined" : "proposal");
    json::object out{{"case", std::move(whole)},
                     {"version", desk.application->version},
                     {"events", std::move(trail)}};
    if (is_with_applicant(desk.the_case().state))
        out["problems"] = to_json(problems(desk.dossier()));
    if (const auto days = days_on_clock(desk.the_case(), desk.at)) out["days_on_clock"] = *days;
    return Reply{std::move(out)};
}

}  // namespace

std::vector<Command> commands_of_applicants() {
    using enum Role;
    const std::vector applicants{preparer, point_of_contact};
    return {
        {{"new", applicants, "organisation", true, "Start an application."}, {}, new_case},
        {{"answer", applicants, "case", true, "Answer questions, or confirm earlier answers."},
         with_applicant,
         answer},
        {{"condition", applicants, "case", true, "Say how a condition is met."},
         with_applicant,
         condition},
        {{"gap", applicants, "case", true, "Declare a security gap, or that there is none."},
         with_applicant,
         gap},
        {{"unlock", applicants, "case", true, "Open a part that was not asked about."},
         with_applicant,
         unlock},
        {{"abandon", {point_of_contact, signatory}, "case", true, "Withdraw the application."},
         {},
         abandon},
        {{"list",
          {preparer, point_of_contact, signatory, tester, validator, assessor, decision_maker,
           operations},
          "",
          false,
          "List cases."},
         {},
         list_cases},
        {{"show",
          {preparer, point_of_contact, signatory, validator, assessor, decision_maker, operations},
          "case",
          false,
          "Show a case."},
         {},
         show},
    };
}

}  // namespace assay::certify
