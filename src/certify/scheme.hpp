// A compliance scheme as data: who may apply, what is asked, what must be shown, who signs, who
// decides, and for how long a certificate holds. `schemes/*/` are schemes; nothing in the code
// knows one by name.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace assay::certify {

inline constexpr std::size_t scheme_file_octets_max = 1u << 20;  // ours: a scheme is some 60 kB
inline constexpr std::size_t scheme_files_max = 32;              // ours

// A length of time in calendar units. Months are clamped to the end of the month (calendar.hpp).
struct Period {
    unsigned months = 0, days = 0;
    bool operator==(const Period&) const = default;
};

// "the answer to `question` is one of `any_of`"; a list of these means that all must hold. The
// names `organisation.type` and `application.kind` stand for what is known without asking.
struct When {
    std::string question;
    std::vector<std::string> any_of;
    bool operator==(const When&) const = default;
};

enum class AnswerType {
    text,       // one line
    long_text,  // several lines
    choice,     // one of `choices`, by id
    choices,    // some of `choices`, an array of ids
    yes_no,     // true or false
    integer,    // within minimum..maximum
    date,       // 2026-11-24
    email,
    telephone,
    domains,  // an array of domain names
    list,     // an array of lines
};

struct Choice {
    std::string id, label;
    bool operator==(const Choice&) const = default;
};

struct Question {
    std::string id;       // "C6"
    std::string section;  // id of a Section
    std::string ask, hint;
    AnswerType type = AnswerType::text;
    std::vector<Choice> choices;
    std::vector<When> when;  // asked only then
    bool required = true;
    // An answer of yes_no or choice that is the only one with which a submission is complete.
    std::optional<std::string> must_be;
    std::optional<std::int64_t> minimum, maximum;
    bool in_signed_text = true;  // a change after the signature makes the signature void
    bool personal = false;       // never in the log, the certificate or the register
    // A yes_no whose "no" contradicts that this condition is met.
    std::string supports;
    std::string rule;
    bool operator==(const Question&) const = default;
};

struct Section {
    std::string id, title;
    unsigned step = 1;  // of the steps of the scheme
    bool operator==(const Section&) const = default;
};

// A requirement that the applicant meets, meets another way, or declares as a gap.
struct Condition {
    std::string id, title, text;  // "1a"
    std::string group;            // id of a ConditionGroup
    bool own_judgement = false;   // says "appropriate": the applicant decides what is enough
    // Checks whose results are evidence beside the answer: "dmarc.*".
    std::vector<std::string> measured_by;
    std::string rule;
    bool operator==(const Condition&) const = default;
};

struct ConditionGroup {
    std::string id, title, text;
    bool operator==(const ConditionGroup&) const = default;
};

enum class DocumentKind { diagram, health_check, evidence, other };

struct Confirmation {
    std::string id, text;
    bool operator==(const Confirmation&) const = default;
};

struct AgeRule {
    Period period;
    bool strictly_less = false;  // "less than 6 months" against "not older than 12 months"
    std::string rule;
    bool operator==(const AgeRule&) const = default;
};

struct Document {
    std::string id, title;
    DocumentKind kind = DocumentKind::other;
    std::vector<When> when;
    bool required = true;
    std::uint64_t octets_max = 100u << 20;
    std::string format_rule;             // "must be PDF"
    std::optional<AgeRule> age;          // of the document's date, on the day of submission
    std::string not_reused_rule;         // empty: may have been used for an earlier application
    std::string most_recent_rule;        // empty: nobody must declare that there is no later one
    std::vector<Confirmation> contents;  // what it must show
    std::vector<Confirmation> contents_abbreviated;  // and if it is abbreviated
    std::string contents_rule, abbreviated_rule;
    // Of a health check: CREST, CHECK ... "other" needs its reason, as does any other word.
    std::vector<Choice> test_schemes;
    std::string test_scheme_rule;
    bool operator==(const Document&) const = default;
};

// What the findings of a health check need before a submission is complete.
struct Remediation {
    std::vector<std::string> gate;  // severities: critical, high
    std::string gate_rule, plan_rule, layout_rule;
    bool lessons_learnt = true;
    bool operator==(const Remediation&) const = default;
};

struct Signatory {
    std::vector<When> when;       // the first one that fits signs
    std::string basis;            // "siro", "chief_executive", "board"
    std::string title;            // "the senior information risk owner (SIRO)"
    bool needs_approval = false;  // an assessor must agree to this person first
    std::string rule;
    bool operator==(const Signatory&) const = default;
};

struct Commitment {
    std::string id, text;
    bool operator==(const Commitment&) const = default;
};

struct ContactRole {
    std::string id, title;
    bool required = true;
    bool connects = false;  // sells the connection: is told when it must end
    bool operator==(const ContactRole&) const = default;
};

struct OrganisationType {
    std::string id, title;    // "local_authority"
    bool registered = false;  // may be asked for a registration number
    bool operator==(const OrganisationType&) const = default;
};

struct Validity {
    Period normal{.months = 12};
    Period renewal_opens{.days = 90};   // before the end
    Period interim_max{.days = 90};     // longest interim certificate
    Period technical_cure{.days = 14};  // after a measured claim fails
    Period countersign{.days = 30};     // a new office-holder
    std::string rule;
    bool operator==(const Validity&) const = default;
};

struct ServiceLevels {
    Period decide{.days = 28};
    Period answer_within{.days = 14};             // an information request's due date
    std::vector<unsigned> request_reminder_days;  // after the question: 3, 7, 14
    Period lapse{.months = 6};                    // nothing happened
    Period contacts_confirmed{.days = 90};
    Period consider_withdrawal{.days = 28};  // a plan item is late by so much
    std::string rule;
    bool operator==(const ServiceLevels&) const = default;
};

// The scheme's rules for what every process asks: an id of `rules` each.
struct ProcessRules {
    std::string organisation;      // its name and type
    std::string point_of_contact;  // there is one
    std::string infrastructure;    // named, and whole or part as the scheme allows
    std::string accuracy;          // sizes that moved much since the last time
    std::string reading;           // the signatory has read the conditions
    std::string requests;          // what the team asked to be put right is put right
    std::string renewal;           // of which certificate, and from when
    std::string basis;             // the certificate of another scheme; empty where none is needed
    bool operator==(const ProcessRules&) const = default;
};

// Which answers stand on the certificate, and how.
struct OnCertificate {
    std::string scope;         // a text: its statement
    std::string users, sites;  // integers; users as a band. Empty: not on it
    // A choice of "whole" and "part", which must agree with the infrastructure. May be empty.
    std::string extent;
    bool operator==(const OnCertificate&) const = default;
};

enum class ReminderEvent { certificate_expiry, plan_item_finish, contacts_confirmation };

struct Reminder {
    std::string id;
    ReminderEvent event = ReminderEvent::certificate_expiry;
    std::vector<int> days;        // before (positive) or after (negative) the event
    std::vector<std::string> to;  // point_of_contact, signatory, contacts, owner, team
    std::string text;             // id of a Template
    bool operator==(const Reminder&) const = default;
};

// Words with {placeholders}; which ones may be used stands in scheme_parts.hpp.
struct Template {
    std::string id, subject, body;
    bool operator==(const Template&) const = default;
};

// One rule of the scheme in a sentence. Everything above names the rule that it comes from.
struct Rule {
    std::string id;        // "R-10"
    std::string sentence;  // in our own words
    std::string source;    // "stated" by the scheme's own document, or "designed"
    bool operator==(const Rule&) const = default;
};

struct Step {
    unsigned number = 0;
    std::string title;
    bool operator==(const Step&) const = default;
};

struct Scheme {
    std::string id;       // "psn-connection", the folder's name
    std::string title;    // "PSN connection compliance"
    std::string version;  // "2026.11"
    std::string vct;      // last part of the certificate's type: "connection-compliance/1"
    std::string sha256;   // of all its files, in hexadecimal (scheme_hash)
    std::vector<std::string> needs_certificate_of;  // schemes; a valid one of these must be named
    bool part_of_organisation = true;               // may a part of an organisation be certified?
    std::vector<OrganisationType> organisation_types;
    std::vector<Step> steps;
    std::vector<Section> sections;
    std::vector<Question> questions;
    std::string conditions_rule, gap_rule, alternative_rule;
    std::vector<ConditionGroup> groups;
    std::vector<Condition> conditions;
    std::vector<Document> documents;
    std::optional<Remediation> remediation;
    std::vector<Signatory> signatories;
    std::string signature_rule;
    std::string declaration;
    std::vector<Commitment> commitments;
    std::vector<ContactRole> contact_roles;
    std::string contacts_rule;
    std::string profile;  // for measured claims: "uk-government"; empty: nothing is measured
    Validity validity;
    ServiceLevels service;
    ProcessRules process;
    OnCertificate on_certificate;
    std::vector<Reminder> reminders;
    std::vector<Template> templates;
    std::vector<Rule> rules;
    bool operator==(const Scheme&) const = default;

    const Question* question(std::string_view id) const;
    const Condition* condition(std::string_view id) const;
    const Document* document(std::string_view id) const;
    const Rule* find_rule(std::string_view id) const;
    const Template* text(std::string_view id) const;
};

struct SchemeFile {
    std::string path;  // for messages; its last part orders the files
    std::string text;  // YAML
};

// One thing wrong with a scheme.
struct SchemeFault {
    std::string file;
    std::size_t line = 0;  // from 1; 0: of the file as a whole
    std::string rule;      // stable tag: "unknown-key", "unknown-question", "cycle" ...
    std::string detail;
    bool operator==(const SchemeFault&) const = default;
};

struct SchemeReading {
    std::optional<Scheme> scheme;  // only without faults
    std::vector<SchemeFault> faults;
};

// The files of one scheme's folder, in any order; every key stands in exactly one file. All
// faults are found, not only the first.
SchemeReading read_scheme(std::string_view id, std::span<const SchemeFile> files);

// SHA-256 over name and content of each file, by name. Part of every submission, so that what was
// signed and decided stays known.
std::string scheme_hash(std::span<const SchemeFile> files);

}  // namespace assay::certify
