// Decisions by two people, and what follows from them.
#include <algorithm>

#include "certify/commands/desk.hpp"
#include "certify/commands/issue.hpp"

namespace assay::certify {

namespace {

struct DecideBody {
    Outcome outcome = Outcome::not_achieved;
    std::string reason, snapshot_sha256;
    std::optional<unsigned> months, interim_days;
    bool extend_from_expiry = false, plan_agreed = false, accept_late_plans = false;
    std::vector<std::string> conditions;
};
BOOST_DESCRIBE_STRUCT(DecideBody, (),
                      (outcome, reason, snapshot_sha256, months, interim_days, extend_from_expiry,
                       plan_agreed, accept_late_plans, conditions))

// work that ends after the certificate is for the assessors to accept, in so many words.
base::Result<void> check_late_plans(const Desk& desk, const DecideBody& body) {
    if (body.accept_late_plans) return {};
    Period period = desk.scheme->validity.normal;
    if (body.months) period = {.months = *body.months};
    const Date last_day = plus(desk.today, period);
    for (const auto& finding : desk.application->value.findings) {
        const auto& plan = finding.plan;
        const bool late = plan && plan->state != PlanState::done_accepted &&
                          is_gated(*desk.scheme, finding) && plan->finish &&
                          *plan->finish > last_day;
        if (!late) continue;
        return refuse(
            fmt::format("The plan for '{}' ends on {}, after the certificate would. If "
                        "you accept that, say so: \"accept_late_plans\": true",
                        finding.title, print_long(*plan->finish)));
    }
    return {};
}

base::Result<void> check_proposal(const Desk& desk, const DecideBody& body) {
    const auto& application = desk.application->value;
    if (body.snapshot_sha256 != application.submissions.back().sha256) {
        return base::fail(
            base::ErrorKind::conflict,
            "You decide on another submission than the last one. Read the last one: " +
                application.submissions.back().sha256);
    }
    if (base::trim(body.reason).empty()) return refuse("Give the reason of the decision");
    const auto& validity = desk.scheme->validity;
    if (body.months && (*body.months == 0 || *body.months > validity.normal.months))
        return refuse(fmt::format("A certificate is valid for 1 to {} months (R-28)",
                                  validity.normal.months));
    if (body.interim_days &&
        (*body.interim_days == 0 || *body.interim_days > validity.interim_max.days))
        return refuse(fmt::format("An interim certificate is valid for {} days at most",
                                  validity.interim_max.days));
    // An interim certificate bridges the time until the decision, and decides nothing.
    if (body.outcome != Outcome::achieved || body.interim_days) return {};
    if (!application.proposal) {
        if (auto ok = check_late_plans(desk, body); !ok) return ok;
    }
    const auto open = std::ranges::find_if(application.gaps, [](const Gap& gap) {
        return gap.state != GapState::plan_agreed && gap.state != GapState::mitigation_accepted &&
               gap.state != GapState::closed;
    });
    if (open != application.gaps.end()) {
        return refuse(
            fmt::format("Gap {} is not agreed yet. Agree a plan, accept the other "
                        "controls, or decide that compliance is not achieved (R-07)",
                        open->id));
    }
    return {};
}

// The certificate is about what was signed and sent, not about what became of it since.
base::Result<void> check_unchanged(Desk& desk) {
    ASSAY_TRY(const auto kept, desk.store.kept(desk.the_case().submissions.back().sha256));
    if (!kept) return base::fail(base::ErrorKind::internal, "the submission is not there");
    const auto signed_then = json::parse(*kept).at("signed_text");
    const auto dossier = desk.dossier();
    if (signed_then.at("organisation") == signed_organisation(dossier) &&
        signed_then.at("infrastructure") == signed_infrastructure(dossier))
        return {};
    return refuse(
        "The organisation or its infrastructure was changed after the application was signed. Give "
        "the case back, so that it is signed again");
}

// What the second person leaves out is as it was proposed; what they say must be the same.
base::Result<void> agree(const Proposal& proposal, DecideBody& body) {
    const bool differs = (body.months && body.months != proposal.months) ||
                         (body.interim_days && body.interim_days != proposal.interim_days) ||
                         (body.extend_from_expiry && !proposal.extend_from_expiry) ||
                         (body.plan_agreed && !proposal.plan_agreed) ||
                         (body.accept_late_plans && !proposal.accept_late_plans) ||
                         (!body.conditions.empty() && body.conditions != proposal.conditions);
    if (differs)
        return refuse("Other terms were proposed. Confirm those, or agree on others first");
    body.months = proposal.months;
    body.interim_days = proposal.interim_days;
    body.accept_late_plans = proposal.accept_late_plans;
    return {};
}

// Who proposed must still be one who may.
base::Result<bool> may_still_propose(Desk& desk, const std::string& person) {
    ASSAY_TRY(const auto found, desk.find_person(person));
    return found && found->active && std::ranges::any_of(found->roles, [](Role role) {
               return role == Role::assessor || role == Role::decision_maker;
           });
}

base::Result<Reply> confirm(Desk& desk) {
    auto& application = desk.the_case();
    const Proposal proposal = *application.proposal;
    application.decision = Decision{
        .proposal = proposal, .confirmed_by = desk.actor.id, .certificate = {}, .at = desk.at};
    desk.event_data["snapshot_sha256"] = proposal.snapshot_sha256;
    if (proposal.outcome == Outcome::not_achieved) {
        application.state = CaseState::not_achieved;
        auto told = desk.notify_contact(proposal.plan_agreed ? "plan-agreed" : "not-achieved",
                                        {{"reason", proposal.reason}}, application.id);
        if (!told) return std::unexpected(told.error());
        return Reply{{{"decision", "confirmed"}}};
    }
    if (auto ok = check_unchanged(desk); !ok) return std::unexpected(ok.error());
    ASSAY_TRY(const auto terms, terms_of_decision(desk));
    ASSAY_TRY(const auto number, issue_certificate(desk, terms));
    if (terms.interim) {
        application.decision.reset();
        application.proposal.reset();
        return Reply{{{"decision", "interim"}, {"certificate", number}}};
    }
    application.state = CaseState::achieved;
    application.decision->certificate = number;
    return Reply{{{"decision", "confirmed"}, {"certificate", number}}};
}

// The first of two people proposes, the second confirms the very same: outcome and submission.
base::Result<Reply> decide(Desk& desk) {
    ASSAY_TRY(auto body, body_as<DecideBody>(desk));
    auto& application = desk.the_case();
    if (application.proposal && application.proposal->outcome == body.outcome) {
        if (auto ok = agree(*application.proposal, body); !ok) return std::unexpected(ok.error());
    }
    if (auto ok = check_proposal(desk, body); !ok) return std::unexpected(ok.error());
    desk.application->changed = true;
    if (!application.proposal) {
        if (desk.role != Role::assessor) return refuse("An assessor proposes the decision first");
        application.proposal = Proposal{.outcome = body.outcome,
                                        .reason = body.reason,
                                        .by = desk.actor.id,
                                        .at = desk.at,
                                        .snapshot_sha256 = body.snapshot_sha256,
                                        .months = body.months,
                                        .interim_days = body.interim_days,
                                        .extend_from_expiry = body.extend_from_expiry,
                                        .plan_agreed = body.plan_agreed,
                                        .accept_late_plans = body.accept_late_plans,
                                        .conditions = body.conditions};
        return Reply{{{"decision", "proposed"}}};
    }
    if (application.proposal->by == desk.actor.id)
        return refuse("You proposed this decision. A second person must confirm it");
    ASSAY_TRY(const bool may, may_still_propose(desk, application.proposal->by));
    if (application.proposal->outcome != body.outcome || !may) {
        application.proposal.reset();
        return Reply{{{"decision", "not agreed; it must be proposed again"}}};
    }
    return confirm(desk);
}

struct PublishBody {
    bool publish = true;
};
BOOST_DESCRIBE_STRUCT(PublishBody, (), (publish))

// "Not achieved, but a plan is agreed" stands in the register only where the applicant wants it.
base::Result<Reply> publish_plan(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<PublishBody>(desk));
    auto& application = desk.the_case();
    if (!application.decision->proposal.plan_agreed) return refuse("No plan is agreed");
    if (application.plan_published == body.publish)
        return refuse(body.publish ? "The plan is published already" : "The plan is not published");
    application.plan_published = body.publish;
    desk.application->changed = true;
    auto logged = desk.log({{"t", body.publish ? "plan.published" : "plan.unpublished"},
                            {"org", application.organisation},
                            {"scheme", application.scheme},
                            {"infrastructure", application.infrastructure},
                            {"since", print(date_of(application.decision->at))}});
    if (!logged) return std::unexpected(logged.error());
    return Reply{};
}

struct ReissueBody {
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReissueBody, (), (reason))

base::Result<void> check_reissue(Desk& desk, const ReissueBody& body) {
    const auto& withdrawn = desk.certificate->value;
    if (withdrawn.status != CertificateStatus::withdrawn)
        return refuse("Only a withdrawn certificate is issued again");
    if (withdrawn.interim)
        return refuse("An interim certificate is not issued again. Decide on the application");
    if (base::trim(body.reason).empty()) return refuse("Give the reason");
    if (withdrawn.last_day < desk.today)
        return refuse("The certificate would have ended by now. They can apply for a new one");
    ASSAY_TRY(const auto alive, alive_certificate(desk, withdrawn.scheme, withdrawn.organisation,
                                                  withdrawn.infrastructure));
    if (!alive) return {};
    return refuse("This infrastructure has a certificate: " + alive->number);
}

// Withdrawing is final. What was withdrawn in error is issued anew: the same case and last day.
base::Result<Reply> reissue(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ReissueBody>(desk));
    if (auto ok = check_reissue(desk, body); !ok) return std::unexpected(ok.error());
    desk.certificate->changed = true;
    auto& proposal = desk.certificate->value.reissue_proposal;
    if (!proposal) {
        proposal = ReissueProposal{.reason = body.reason, .by = desk.actor.id, .at = desk.at};
        return Reply{{{"reissue", "proposed"}}};
    }
    if (proposal->by == desk.actor.id)
        return refuse("You proposed this. A second person must confirm it");
    ASSAY_TRY(const bool may, may_still_propose(desk, proposal->by));
    proposal.reset();
    if (!may) return Reply{{{"reissue", "not agreed; it must be proposed again"}}};
    const Certificate withdrawn = desk.certificate->value;
    ASSAY_TRY(const auto row, desk.store.find(Kind::application, withdrawn.case_id));
    if (!row) return refuse("The case of this certificate is not there");
    ASSAY_TRY(auto application, value_of<Case>(*row, "application"));
    if (!application.decision) return refuse("The case of this certificate is not decided");
    const auto owner = desk.organisation;
    const auto* scheme = desk.scheme;
    if (auto saved = desk.save_and_clear(); !saved) return std::unexpected(saved.error());
    desk.organisation = owner;
    desk.scheme = scheme;
    desk.application = Loaded<Case>{std::move(application), row->version, true};
    ASSAY_TRY(const auto number,
              issue_certificate(desk, {.replaces = withdrawn, .last_day = withdrawn.last_day}));
    desk.the_case().decision->certificate = number;
    return Reply{{{"reissue", "confirmed"}, {"certificate", number}}};
}

}  // namespace

std::vector<Command> commands_of_decisions() {
    using enum Role;
    return {
        {{"decide",
          {assessor, decision_maker},
          "case",
          true,
          "Propose a decision, or confirm the one proposed."},
         {CaseState::under_review},
         decide},
        {{"publish-plan",
          {point_of_contact, signatory},
          "case",
          true,
          "Let the register show the plan that was agreed, or no longer."},
         {CaseState::not_achieved},
         publish_plan},
        {{"reissue",
          {assessor, decision_maker},
          "certificate",
          true,
          "Issue a certificate anew that was withdrawn in error, or confirm it."},
         {},
         reissue},
    };
}

}  // namespace assay::certify
