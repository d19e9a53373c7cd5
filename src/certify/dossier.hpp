// One application with everything that its rules look at, on one day.
#pragma once

#include <span>

#include "certify/model.hpp"
#include "certify/scheme.hpp"

namespace assay::certify {

struct Dossier {
    const Scheme& scheme;
    const Case& application;
    const Organisation& organisation;
    const Case* previous = nullptr;  // the application that led to the certificate before
    // Every application for the same that was decided before this one.
    std::span<const Case> decided_before = {};
    std::optional<Date> previous_ends = std::nullopt;
    // What the assessors decided on the last change of scope of that certificate.
    ScopeOutcome scope_change = ScopeOutcome::undecided;
    bool supporting_certificate_valid = false;  // the one that the scheme needs as a basis
    Date today{};
};

// The answer to a question as one or more words: "true", an id of a choice, a text. Also
// "organisation.type", "application.kind".
std::vector<std::string> words_of(const Dossier& dossier, std::string_view question);
bool applies(const Dossier& dossier, const std::vector<When>& when);

// The signatory that this body needs; nothing: the scheme has none for it.
const Signatory* signatory_for(const Dossier& dossier);

// What the signatory reads and signs, frozen: organisation, scope, answers, conditions, gaps and
// commitments in the scheme's version. A change in any of them gives another hash, so that a
// signature cannot outlive its text. Role contacts, documents and findings are not part of it.
std::string signed_text(const Dossier& dossier);
// Its members "organisation" and "infrastructure": whom and what the certificate will be about.
json::value signed_organisation(const Dossier& dossier);
json::value signed_infrastructure(const Dossier& dossier);
std::string signed_text_sha256(const Dossier& dossier);

// The submission, frozen: all of the application, the signed text, contacts, the scheme's hash.
std::string snapshot(const Dossier& dossier);

// Is there a signature of every organisation that shares the infrastructure, on today's text?
bool is_signed(const Dossier& dossier);

// Where an application stands before it is sent.
CaseState state_before_submission(const Dossier& dossier);

}  // namespace assay::certify
