// What the compliance process keeps: values only. Rules that read them are in rules.hpp, commands
// that change them in office.hpp. Field lists follow the application form of the first scheme.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "certify/json.hpp"

namespace assay::certify {

// ---- people and organisations

// What somebody may do. Applicants belong to one organisation; the others work for the scheme.
enum class Role {
    preparer,          // fills in, uploads; never signs
    point_of_contact,  // the same, and is asked questions
    signatory,         // reads the frozen text, signs or declines
    tester,            // uploads the health check report
    validator,         // is it complete?
    assessor,          // is it good enough? first of the two who decide
    decision_maker,    // second of the two
    operations,        // incidents, contact changes, registration of organisations
    system,            // time passing: reminders, lapses, expiry
    relying_party,     // reads what is public
};

struct Person {
    std::string id, name, position, email, telephone;
    std::vector<Role> roles;
    std::string organisation;  // empty: works for the scheme
    bool active = true;
    bool operator==(const Person&) const = default;
};

struct DatedName {
    std::string name;
    base::Moment from{};
    bool operator==(const DatedName&) const = default;
};

enum class ContactChangeState { proposed, verified, effective };

// A point of contact, with its history: the last effective one counts.
struct PointOfContact {
    std::string person;
    ContactChangeState state = ContactChangeState::proposed;
    base::Moment proposed_at{};
    std::string proposed_by, verified_by;
    std::optional<base::Moment> from, until;
    bool operator==(const PointOfContact&) const = default;
};

struct RoleContact {
    std::string role, name, email, telephone, out_of_hours;
    base::Moment confirmed_at{};
    bool operator==(const RoleContact&) const = default;
};

struct Infrastructure {
    std::string id, name;
    bool whole_organisation = true;
    std::vector<std::string> participants;  // organisations that share it; each signs
    bool operator==(const Infrastructure&) const = default;
};

struct Organisation {
    std::string id;
    std::vector<DatedName> names;  // the last is today's
    std::string type;              // of the scheme's organisation types
    std::string registrar, registration;
    bool has_siro = false;
    std::vector<PointOfContact> points_of_contact;
    std::vector<RoleContact> contacts;
    std::vector<Infrastructure> infrastructures;
    bool operator==(const Organisation&) const = default;

    const std::string& name() const { return names.back().name; }
};

// ---- a case: one application with all its attempts

// An amendment follows a change of scope during a certificate's life: the text is signed again, and
// a certificate with the same last day takes the place of the one before.
enum class CaseKind { first, renewal, amendment };

enum class CaseState {
    draft,               // also after an incomplete or an issue: the next attempt
    awaiting_signature,  // complete but for the signature
    ready,               // signed, not sent
    submitted,
    validating,
    under_review,
    information_requested,
    achieved,
    not_achieved,
    withdrawn_by_applicant,
    lapsed,
};

struct Answer {
    json::value value;
    bool confirmed = true;  // false: carried over from the certificate before
    std::string by;
    base::Moment at{};
    bool operator==(const Answer&) const = default;
};

enum class ConditionState { met, not_met, met_by_alternative, not_applicable };

// A result of measuring from outside, attached as evidence. Never changes by itself.
struct MeasuredEvidence {
    std::string domain, profile, facts_sha256;
    base::Moment measured_at{};
    unsigned met = 0, not_met = 0, cannot_tell = 0;
    std::vector<std::string> not_met_checks;
    bool operator==(const MeasuredEvidence&) const = default;
};

struct ConditionAnswer {
    ConditionState state = ConditionState::not_met;
    std::string how;                    // how the outcome is reached, or why it does not apply
    std::vector<std::string> evidence;  // ids of documents
    std::vector<MeasuredEvidence> measured;
    bool confirmed = true;
    bool operator==(const ConditionAnswer&) const = default;
};

enum class GapKind { not_met, mitigated_by_other_arrangements };
enum class GapState { declared, discussed, plan_agreed, mitigation_accepted, refused, closed };

struct Gap {
    std::string id;
    std::vector<std::string> conditions;
    GapKind kind = GapKind::not_met;
    std::string missing, other_controls, proposed_action;
    std::optional<Date> proposed_date;
    bool already_discussed = false;
    GapState state = GapState::declared;
    std::string agreed_work, agreed_by;
    std::optional<Date> agreed_date;
    bool operator==(const Gap&) const = default;
};

struct HealthCheck {
    std::string supplier, test_scheme, test_scheme_reason, team_leader, reference;
    std::optional<Date> test_start, test_end;
    bool most_recent = false;
    bool no_critical_or_high = false;                // the applicant's own statement
    std::map<std::string, unsigned> printed_counts;  // severity: findings, as the report says
    bool operator==(const HealthCheck&) const = default;
};

struct AttachedDocument {
    std::string id, document;  // `document`: id of the scheme's Document
    std::string sha256, name;
    std::uint64_t octets = 0;
    unsigned pages = 0;
    bool searchable = true;
    std::optional<Date> date;
    std::vector<std::string> confirmed_contents;
    bool abbreviated = false;
    std::optional<HealthCheck> health_check;
    std::string by;
    base::Moment at{};
    bool operator==(const AttachedDocument&) const = default;
};

enum class PlanState { draft, agreed, started, done_claimed, done_accepted };

struct PlanItem {
    std::string actions, owner, owner_email, lessons_learnt;
    std::optional<Date> start, finish, actual_start, actual_finish;
    PlanState state = PlanState::draft;
    std::vector<std::string> notes;
    std::optional<base::Moment> progressed_at;
    bool operator==(const PlanItem&) const = default;
};

enum class FindingState {
    open,
    planned,
    in_progress,
    overdue,
    resolved_claimed,
    resolved_accepted,
    reopened,
    disputed,
    risk_accepted,
};

// One issue of a health check report: all findings of one kind, on however many hosts. `reported`
// is the tester's word and never changes; `rated` is the assessor's, with a reason.
struct Finding {
    std::string id, report;  // `report`: id of the AttachedDocument
    std::string tool, tool_id, title;
    std::string reported, derived, rated, rated_reason;
    std::vector<std::string> also_reported;  // other words for the same issue: a disagreement
    unsigned count = 0;
    std::vector<std::string> assets;  // the first few
    FindingState state = FindingState::open;
    std::string resolution, resolution_evidence;  // words; id of a document
    std::optional<Date> resolved_on, accepted_until;
    std::optional<PlanItem> plan;
    bool operator==(const Finding&) const = default;
};

struct Signature {
    std::string person, name, position, basis;
    bool acting = false;  // interim or acting office-holder
    bool also_prepared = false;
    std::string organisation;
    base::Moment at{};
    std::string text_sha256;
    std::string scheme_version;
    bool operator==(const Signature&) const = default;
};

// The signatory would not sign this text. Of no weight once the text has changed.
struct Declined {
    std::string person, organisation, reason, text_sha256;
    base::Moment at{};
    bool operator==(const Declined&) const = default;
};

// Who signed has left the office; the new office-holder signs the commitments beside them.
struct Countersignature {
    std::string organisation, left, by;
    base::Moment asked_at{};
    Date due{};
    std::optional<base::Moment> at;
    bool operator==(const Countersignature&) const = default;
};

enum class RequestReason { incomplete, confirm_detail, issue_to_address };

struct InformationRequest {
    std::string id;
    RequestReason reason = RequestReason::confirm_detail;
    std::string text;
    std::vector<std::string> sections;  // what it unlocks: questions, "condition:1a" ...
    base::Moment asked_at{};
    std::string asked_by;
    std::optional<Date> due;
    std::optional<base::Moment> answered_at;
    std::string reply, answered_by;
    bool operator==(const InformationRequest&) const = default;
};

struct Submission {
    unsigned attempt = 1;
    std::string sha256;  // of the frozen snapshot
    base::Moment at{};
    std::string by;
    bool operator==(const Submission&) const = default;
};

enum class Outcome { achieved, not_achieved };

struct Proposal {
    Outcome outcome = Outcome::not_achieved;
    std::string reason, by;
    base::Moment at{};
    std::string snapshot_sha256;     // of the submission that was read
    std::optional<unsigned> months;  // shorter than normal, with the reason
    std::optional<unsigned> interim_days;
    bool extend_from_expiry = false;
    bool plan_agreed = false;        // not achieved, but a plan is agreed: may be published
    bool accept_late_plans = false;  // plan items that finish after the certificate ends
    std::vector<std::string> conditions;
    bool operator==(const Proposal&) const = default;
};

struct Decision {
    Proposal proposal;
    std::string confirmed_by, certificate;
    base::Moment at{};
    bool operator==(const Decision&) const = default;
};

// Stretches in which the scheme's people waited for the applicant.
struct Pause {
    base::Moment from{};
    std::optional<base::Moment> until;
    bool operator==(const Pause&) const = default;
};

struct Case {
    std::string id, scheme, scheme_version, scheme_sha256;
    std::string organisation, infrastructure;
    CaseKind kind = CaseKind::first;
    std::string previous_certificate, supporting_certificate;
    CaseState state = CaseState::draft;
    base::Moment created_at{}, touched_at{};
    std::vector<std::string> preparers;
    std::map<std::string, Answer> answers;
    std::map<std::string, ConditionAnswer> conditions;
    std::vector<Gap> gaps;
    bool no_gaps = false;  // "we meet all conditions": said, not assumed
    std::vector<AttachedDocument> documents;
    std::vector<Finding> findings;
    std::vector<std::string> read_groups;  // condition groups that the signatory opened
    std::vector<std::string> read_commitments;
    std::vector<Signature> signatures;
    std::string approved_signatory;
    std::optional<Declined> declined;
    std::vector<Countersignature> countersignatures;
    std::vector<InformationRequest> requests;
    std::vector<Submission> submissions;
    std::vector<std::string> unlocked;  // in an attempt after the first; empty: everything
    std::vector<Pause> pauses;
    std::optional<base::Moment> clock_started;
    std::optional<Proposal> proposal;
    std::optional<Decision> decision;
    bool plan_published = false;  // the applicant lets the agreed plan stand in the register
    unsigned next_id = 1;
    bool operator==(const Case&) const = default;

    unsigned attempt() const { return static_cast<unsigned>(submissions.size()) + 1; }
    std::string new_id(std::string_view prefix) {
        return std::string(prefix) + std::to_string(next_id++);
    }
};

// ---- certificates and what happens to them

enum class CertificateStatus { valid, suspended, withdrawn, superseded, expired };

enum class WithdrawalReason { no_longer_meets_standard, commitments_breached };

struct WithdrawalProposal {
    WithdrawalReason reason = WithdrawalReason::no_longer_meets_standard;
    std::string detail;  // private
    bool disconnect = false;
    std::string by;
    base::Moment at{};
    bool operator==(const WithdrawalProposal&) const = default;
};

// A measured claim that no longer holds: asks for a cure, withdraws nothing.
struct TechnicalNotice {
    std::string domain, check, facts_sha256;
    base::Moment at{};
    std::optional<Date> cure_by;
    std::optional<base::Moment> cured_at;
    bool operator==(const TechnicalNotice&) const = default;
};

enum class ScopeOutcome { undecided, no_change, re_sign, new_application };

// A change of the infrastructure that the certificate did not describe. Nothing is edited: the
// assessors say whether the text is signed again or a new application is needed.
struct ScopeChange {
    std::string id, description, by;
    base::Moment at{};
    ScopeOutcome outcome = ScopeOutcome::undecided;
    std::string reason, decided_by;
    std::optional<base::Moment> decided_at;
    bool operator==(const ScopeChange&) const = default;
};

// After a withdrawal in error: a new certificate that names the withdrawn one, by two people.
struct ReissueProposal {
    std::string reason, by;
    base::Moment at{};
    bool operator==(const ReissueProposal&) const = default;
};

struct Certificate {
    std::string number, organisation, infrastructure, case_id, scheme;
    std::string environment, scope_statement;
    bool whole_organisation = true;
    std::vector<std::string> domains;
    std::string jwt, jwt_sha256, status_uri;
    std::uint64_t status_index = 0;
    Date issued{}, last_day{};  // valid on both days
    CertificateStatus status = CertificateStatus::valid;
    std::string supersedes, superseded_by;
    bool interim = false;
    std::uint64_t log_index = 0;
    std::optional<WithdrawalProposal> withdrawal_proposal;
    std::string withdrawal_confirmed_by;
    std::optional<ReissueProposal> reissue_proposal;
    std::vector<ScopeChange> scope_changes;
    std::optional<base::Moment> status_changed_at;
    std::vector<TechnicalNotice> notices;
    std::optional<base::Moment> measured_at;
    bool operator==(const Certificate&) const = default;
};

// two clocks, one for the NCSC, one for the scheme's team.
struct Incident {
    std::string id, organisation, description, mitigation, prevention;
    base::Moment noticed_at{}, reported_at{};
    bool ncsc_interest = false, affects_network = false;
    std::optional<base::Moment> ncsc_informed_at, team_informed_at, closed_at;
    std::vector<std::string> others_informed;
    bool operator==(const Incident&) const = default;
};

// One line of the audit trail of a stream (a case, an organisation, a certificate): who did what.
struct Event {
    std::string stream;
    std::uint64_t number = 0;  // from 1, without gaps
    base::Moment at{};
    std::string actor, role, command;
    json::object data;
    std::string previous, hash;  // a chain of SHA-256 within the stream
    bool operator==(const Event&) const = default;
};

// A letter or notice that must be sent once. `key` makes it idempotent.
struct Message {
    std::string key, to, subject, body;
    base::Moment not_before{};
    bool operator==(const Message&) const = default;
};

// SHA-256 over everything in the event but its own hash, the one before included.
std::string hash_of(const Event& event);

std::string_view print(CaseState state);
bool is_open(CaseState state);            // false: decided, withdrawn or lapsed
bool is_with_applicant(CaseState state);  // may be changed by the applicant

}  // namespace assay::certify

#include "certify/model_described.hpp"  // IWYU pragma: export
