// The members of the values of model.hpp, for json.hpp.
#pragma once

#include <boost/describe.hpp>

namespace assay::certify {
BOOST_DESCRIBE_ENUM(Role, preparer, point_of_contact, signatory, tester, validator, assessor,
                    decision_maker, operations, system, relying_party)
BOOST_DESCRIBE_ENUM(ContactChangeState, proposed, verified, effective)
BOOST_DESCRIBE_ENUM(CaseKind, first, renewal, amendment)
BOOST_DESCRIBE_ENUM(CaseState, draft, awaiting_signature, ready, submitted, validating,
                    under_review, information_requested, achieved, not_achieved,
                    withdrawn_by_applicant, lapsed)
BOOST_DESCRIBE_ENUM(ConditionState, met, not_met, met_by_alternative, not_applicable)
BOOST_DESCRIBE_ENUM(GapKind, not_met, mitigated_by_other_arrangements)
BOOST_DESCRIBE_ENUM(GapState, declared, discussed, plan_agreed, mitigation_accepted, refused,
                    closed)
BOOST_DESCRIBE_ENUM(PlanState, draft, agreed, started, done_claimed, done_accepted)
BOOST_DESCRIBE_ENUM(FindingState, open, planned, in_progress, overdue, resolved_claimed,
                    resolved_accepted, reopened, disputed, risk_accepted)
BOOST_DESCRIBE_ENUM(RequestReason, incomplete, confirm_detail, issue_to_address)
BOOST_DESCRIBE_ENUM(Outcome, achieved, not_achieved)
BOOST_DESCRIBE_ENUM(CertificateStatus, valid, suspended, withdrawn, superseded, expired)
BOOST_DESCRIBE_ENUM(WithdrawalReason, no_longer_meets_standard, commitments_breached)
BOOST_DESCRIBE_STRUCT(Person, (),
                      (id, name, position, email, telephone, roles, organisation, active))
BOOST_DESCRIBE_STRUCT(DatedName, (), (name, from))
BOOST_DESCRIBE_STRUCT(PointOfContact, (),
                      (person, state, proposed_at, proposed_by, verified_by, from, until))
BOOST_DESCRIBE_STRUCT(RoleContact, (), (role, name, email, telephone, out_of_hours, confirmed_at))
BOOST_DESCRIBE_STRUCT(Infrastructure, (), (id, name, whole_organisation, participants))
BOOST_DESCRIBE_STRUCT(Organisation, (),
                      (id, names, type, registrar, registration, has_siro, points_of_contact,
                       contacts, infrastructures))
BOOST_DESCRIBE_STRUCT(Answer, (), (value, confirmed, by, at))
BOOST_DESCRIBE_STRUCT(MeasuredEvidence, (),
                      (domain, profile, facts_sha256, measured_at, met, not_met, cannot_tell,
                       not_met_checks))
BOOST_DESCRIBE_STRUCT(ConditionAnswer, (), (state, how, evidence, measured, confirmed))
BOOST_DESCRIBE_STRUCT(Gap, (),
                      (id, conditions, kind, missing, other_controls, proposed_action,
                       proposed_date, already_discussed, state, agreed_work, agreed_by,
                       agreed_date))
BOOST_DESCRIBE_STRUCT(HealthCheck, (),
                      (supplier, test_scheme, test_scheme_reason, team_leader, reference,
                       test_start, test_end, most_recent, no_critical_or_high, printed_counts))
BOOST_DESCRIBE_STRUCT(AttachedDocument, (),
                      (id, document, sha256, name, octets, pages, searchable, date,
                       confirmed_contents, abbreviated, health_check, by, at))
BOOST_DESCRIBE_STRUCT(PlanItem, (),
                      (actions, owner, owner_email, lessons_learnt, start, finish, actual_start,
                       actual_finish, state, notes, progressed_at))
BOOST_DESCRIBE_STRUCT(Finding, (),
                      (id, report, tool, tool_id, title, reported, derived, rated, rated_reason,
                       also_reported, count, assets, state, resolution, resolution_evidence,
                       resolved_on, accepted_until, plan))
BOOST_DESCRIBE_STRUCT(Signature, (),
                      (person, name, position, basis, acting, also_prepared, organisation, at,
                       text_sha256, scheme_version))
BOOST_DESCRIBE_STRUCT(InformationRequest, (),
                      (id, reason, text, sections, asked_at, asked_by, due, answered_at, reply,
                       answered_by))
BOOST_DESCRIBE_STRUCT(Submission, (), (attempt, sha256, at, by))
BOOST_DESCRIBE_STRUCT(Proposal, (),
                      (outcome, reason, by, at, snapshot_sha256, months, interim_days,
                       extend_from_expiry, plan_agreed, accept_late_plans, conditions))
BOOST_DESCRIBE_STRUCT(Decision, (), (proposal, confirmed_by, certificate, at))
BOOST_DESCRIBE_STRUCT(Declined, (), (person, organisation, reason, text_sha256, at))
BOOST_DESCRIBE_STRUCT(Countersignature, (), (organisation, left, by, asked_at, due, at))
BOOST_DESCRIBE_STRUCT(Pause, (), (from, until))
BOOST_DESCRIBE_STRUCT(Case, (),
                      (id, scheme, scheme_version, scheme_sha256, organisation, infrastructure,
                       kind, previous_certificate, supporting_certificate, state, created_at,
                       touched_at, preparers, answers, conditions, gaps, no_gaps, documents,
                       findings, read_groups, read_commitments, signatures, approved_signatory,
                       declined, countersignatures, requests, submissions, unlocked, pauses,
                       clock_started, proposal, decision, plan_published, next_id))
BOOST_DESCRIBE_STRUCT(WithdrawalProposal, (), (reason, detail, disconnect, by, at))
BOOST_DESCRIBE_ENUM(ScopeOutcome, undecided, no_change, re_sign, new_application)
BOOST_DESCRIBE_STRUCT(ScopeChange, (),
                      (id, description, by, at, outcome, reason, decided_by, decided_at))
BOOST_DESCRIBE_STRUCT(ReissueProposal, (), (reason, by, at))
BOOST_DESCRIBE_STRUCT(TechnicalNotice, (), (domain, check, facts_sha256, at, cure_by, cured_at))
BOOST_DESCRIBE_STRUCT(Certificate, (),
                      (number, organisation, infrastructure, case_id, scheme, environment,
                       scope_statement, whole_organisation, domains, jwt, jwt_sha256, status_uri,
                       status_index, issued, last_day, status, supersedes, superseded_by, interim,
                       log_index, withdrawal_proposal, withdrawal_confirmed_by, status_changed_at,
                       reissue_proposal, scope_changes, notices, measured_at))
BOOST_DESCRIBE_STRUCT(Incident, (),
                      (id, organisation, description, mitigation, prevention, noticed_at,
                       reported_at, ncsc_interest, affects_network, ncsc_informed_at,
                       team_informed_at, closed_at, others_informed))
BOOST_DESCRIBE_STRUCT(Event, (), (stream, number, at, actor, role, command, data, previous, hash))
BOOST_DESCRIBE_STRUCT(Message, (), (key, to, subject, body, not_before))

}  // namespace assay::certify
