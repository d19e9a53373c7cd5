// The rules of the process that say whether an application is complete: pure functions of what was
// given, on one day. Every problem names its rule, so that a person can look it up.
#pragma once

#include "certify/dossier.hpp"

namespace assay::certify {

struct Problem {
    std::string rule;    // "R-10"; of the scheme where the scheme names one
    std::string where;   // "question:C6", "document:network-diagram", "finding:F3", "signature" ...
    std::string what;    // what is wrong and what to do, in a sentence or two
    bool blocks = true;  // false: a warning for the assessor; the application may be sent
    bool operator==(const Problem&) const = default;
};

BOOST_DESCRIBE_STRUCT(Problem, (), (rule, where, what, blocks))

using Problems = std::vector<Problem>;

// All of them, in the order of the steps of an application.
Problems problems(const Dossier& dossier);
bool any_blocks(const Problems& problems);

// Why `value` cannot be an answer to the question; empty: it can.
std::string wrong_answer(const Question& question, const json::value& value);

// The parts. and every question of the scheme.
void judge_answers(const Dossier& dossier, Problems& out);
// conditions, gaps.
void judge_conditions(const Dossier& dossier, Problems& out);
// diagram, health check, other documents.
void judge_documents(const Dossier& dossier, Problems& out);
// critical and high findings, the remediation action plan.
void judge_findings(const Dossier& dossier, Problems& out);
// point of contact, role contacts.
void judge_contacts(const Dossier& dossier, Problems& out);
// who signed what. The reading comes before the signature.
void judge_signature(const Dossier& dossier, Problems& out);
void judge_reading(const Dossier& dossier, Problems& out);
// A signatory declined this very text, and why.
void judge_declined(const Dossier& dossier, Problems& out);
// what the team asked for with the last attempt is answered.
void judge_requests(const Dossier& dossier, Problems& out);
// What a renewal, and a scheme that stands on another, need besides.
void judge_basis(const Dossier& dossier, Problems& out);

// The severity that the gate looks at: the assessor's, else the tester's word, else the derived
// one. In lower case. Words that are the top of a scale without "critical" stay "high".
std::string gate_severity(const Finding& finding);
bool is_gated(const Scheme& scheme, const Finding& finding);

// `item` is complete enough for a submission.
Problems judge_plan_item(const Remediation& rule, const PlanItem& item, std::string_view where);

}  // namespace assay::certify
