// What the scheme's team does with a submission: take it, check that it is complete, review it,
// ask, agree. The decision stands in decisions.cpp.
#include <algorithm>

#include "certify/commands/desk.hpp"

namespace assay::certify {

namespace {

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

base::Result<Reply> take(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<Nothing>(desk));
    (void)body;
    desk.the_case().state = CaseState::validating;
    desk.application->changed = true;
    return Reply{};
}

struct AskBody {
    std::string text;
    std::vector<std::string> sections;
    bool complete = false;
};
BOOST_DESCRIBE_STRUCT(AskBody, (), (text, sections, complete))

base::Result<void> ask_for(Desk& desk, RequestReason reason, const AskBody& body) {
    if (base::trim(body.text).empty()) return refuse("Say what you need, so that they can act");
    auto& application = desk.the_case();
    const Date due = plus(desk.today, desk.scheme->service.answer_within);
    application.requests.push_back({.id = application.new_id("Q"),
                                    .reason = reason,
                                    .text = body.text,
                                    .sections = body.sections,
                                    .asked_at = desk.at,
                                    .asked_by = desk.actor.id,
                                    .due = due});
    stop_clock(application, desk.at);
    desk.application->changed = true;
    const auto* words = reason == RequestReason::incomplete         ? "incomplete"
                        : reason == RequestReason::issue_to_address ? "issues"
                                                                    : "question";
    return desk.notify_contact(words, {{"question", body.text}, {"due", print_long(due)}},
                               application.id + "/" + application.requests.back().id);
}

// Back to the applicant for another attempt: what was asked about is open.
void give_back(Desk& desk, const std::vector<std::string>& sections) {
    auto& application = desk.the_case();
    application.state = CaseState::draft;
    application.unlocked = sections;
    application.proposal.reset();
}

base::Result<Reply> validate(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<AskBody>(desk));
    if (body.complete) {
        desk.the_case().state = CaseState::under_review;
        desk.application->changed = true;
        return Reply{};
    }
    if (auto asked = ask_for(desk, RequestReason::incomplete, body); !asked)
        return std::unexpected(asked.error());
    give_back(desk, body.sections);
    return Reply{{{"request", desk.the_case().requests.back().id}}};
}

base::Result<Reply> ask(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<AskBody>(desk));
    if (auto asked = ask_for(desk, RequestReason::confirm_detail, body); !asked)
        return std::unexpected(asked.error());
    desk.the_case().state = CaseState::information_requested;
    return Reply{{{"request", desk.the_case().requests.back().id}}};
}

base::Result<Reply> raise_issues(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<AskBody>(desk));
    if (auto asked = ask_for(desk, RequestReason::issue_to_address, body); !asked)
        return std::unexpected(asked.error());
    give_back(desk, body.sections);
    return Reply{{{"request", desk.the_case().requests.back().id}}};
}

struct GapBody {
    std::string gap, work;
    GapState state = GapState::discussed;
    std::optional<Date> date;
};
BOOST_DESCRIBE_STRUCT(GapBody, (), (gap, work, state, date))

// the assessor agrees what is done and by when, or accepts the other controls.
base::Result<Reply> agree_gap(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<GapBody>(desk));
    auto& gaps = desk.the_case().gaps;
    const auto gap = std::ranges::find(gaps, body.gap, &Gap::id);
    if (gap == gaps.end()) return refuse("There is no gap '" + body.gap + "'");
    if (body.state == GapState::plan_agreed && (base::trim(body.work).empty() || !body.date))
        return refuse("Say which work is agreed, and by when (R-07)");
    if (body.state == GapState::mitigation_accepted &&
        gap->kind != GapKind::mitigated_by_other_arrangements)
        return refuse("This gap claims no other controls");
    gap->state = body.state;
    gap->agreed_work = body.work;
    gap->agreed_date = body.date;
    gap->agreed_by = desk.actor.id;
    desk.application->changed = true;
    return Reply{};
}

struct SignatoryBody {
    std::string person;
};
BOOST_DESCRIBE_STRUCT(SignatoryBody, (), (person))

base::Result<Reply> approve_signatory(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<SignatoryBody>(desk));
    desk.the_case().approved_signatory = body.person;
    desk.application->changed = true;
    return Reply{};
}

struct RateBody {
    std::string finding, severity, reason;
    bool accept = false, reopen = false;
    std::optional<Date> accepted_until;
};
BOOST_DESCRIBE_STRUCT(RateBody, (), (finding, severity, reason, accept, reopen, accepted_until))

// The tester's word stays; the assessor's stands beside it with its reason.
base::Result<Reply> rate(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<RateBody>(desk));
    auto& findings = desk.the_case().findings;
    const auto found = std::ranges::find(findings, body.finding, &Finding::id);
    if (found == findings.end()) return refuse("There is no finding '" + body.finding + "'");
    if (base::trim(body.reason).empty()) return refuse("Give the reason");
    constexpr std::array severities{"critical", "high", "medium", "low", "informational"};
    if (!body.severity.empty()) {
        if (std::ranges::find(severities, body.severity) == severities.end())
            return refuse("Use critical, high, medium, low or informational");
        found->rated = body.severity;
        found->rated_reason = body.reason;
    }
    if (body.accepted_until) {
        if (is_gated(*desk.scheme, *found))
            return refuse("The risk of a critical or high finding cannot be accepted (R-17)");
        found->state = FindingState::risk_accepted;
        found->accepted_until = body.accepted_until;
    } else if (body.reopen) {
        found->state = FindingState::reopened;
    } else if (body.accept) {
        found->state = FindingState::resolved_accepted;
        if (found->plan) found->plan->state = PlanState::done_accepted;
    }
    desk.application->changed = true;
    return Reply{};
}

struct TypeBody {
    std::string type;
};
BOOST_DESCRIBE_STRUCT(TypeBody, (), (type))

base::Result<Reply> change_type(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<TypeBody>(desk));
    const auto& types = desk.scheme->organisation_types;
    if (std::ranges::find(types, body.type, &OrganisationType::id) == types.end())
        return refuse("The scheme knows no type '" + body.type + "'");
    if (desk.organisation->value.type == body.type)
        return refuse("The organisation is of this type already");
    desk.organisation->value.type = body.type;
    desk.organisation->changed = true;
    // Another type may mean another signatory and other questions.
    const auto dossier = desk.dossier();
    if (is_signed(dossier)) return Reply{};
    const auto* who = signatory_for(dossier);
    const AskBody ask{
        .text = fmt::format("We have corrected the type of your organisation. The application is "
                            "now signed by {}. Please look at your answers again.",
                            who == nullptr ? "nobody that the scheme knows" : who->title)};
    if (auto asked = ask_for(desk, RequestReason::issue_to_address, ask); !asked)
        return std::unexpected(asked.error());
    give_back(desk, {});
    return Reply{{{"request", desk.the_case().requests.back().id}}};
}

}  // namespace

std::vector<Command> commands_of_assessors() {
    using enum Role;
    using enum CaseState;
    return {
        {{"take", {validator, assessor}, "case", true, "Start to check a submission."},
         {submitted},
         take},
        {{"validate", {validator, assessor}, "case", true, "Say whether it is complete."},
         {validating},
         validate},
        {{"ask", {validator, assessor, decision_maker}, "case", true, "Ask the applicant."},
         {under_review},
         ask},
        {{"issues", {assessor}, "case", true, "Give it back with issues to address."},
         {under_review},
         raise_issues},
        {{"gap-agree", {assessor}, "case", true, "Agree what happens about a security gap."},
         {},
         agree_gap},
        {{"approve-signatory", {assessor}, "case", true, "Approve who signs."},
         {},
         approve_signatory},
        {{"rate", {assessor}, "case", true, "Rate a finding, accept or reopen it."}, {}, rate},
        {{"type", {assessor, operations}, "case", true, "Correct the type of organisation."},
         {submitted, validating, under_review, information_requested},
         change_type},
    };
}

}  // namespace assay::certify
