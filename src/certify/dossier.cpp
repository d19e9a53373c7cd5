#include "certify/dossier.hpp"

#include <algorithm>

#include "certify/rules.hpp"
#include "crypto/sha256.hpp"

namespace assay::certify {

namespace {

std::vector<std::string> words(const json::value& value) {
    if (const auto* text = value.if_string()) return {std::string(*text)};
    if (const auto* array = value.if_array()) {
        std::vector<std::string> out;
        for (const auto& item : *array)
            for (auto& word : words(item))
                out.push_back(std::move(word));
        return out;
    }
    if (value.is_null()) return {};
    return {json::serialize(value)};
}

json::object signed_answers(const Dossier& dossier) {
    json::object out;
    for (const auto& question : dossier.scheme.questions) {
        if (!question.in_signed_text || !applies(dossier, question.when)) continue;
        const auto found = dossier.application.answers.find(question.id);
        if (found != dossier.application.answers.end()) out[question.id] = found->second.value;
    }
    return out;
}

json::object signed_conditions(const Dossier& dossier) {
    json::object out;
    for (const auto& condition : dossier.scheme.conditions) {
        const auto found = dossier.application.conditions.find(condition.id);
        if (found == dossier.application.conditions.end()) continue;
        out[condition.id] = {{"state", to_json(found->second.state)}, {"how", found->second.how}};
    }
    return out;
}

// What the applicant declared. What the assessors make of it later does not touch the signature.
json::array signed_gaps(const Case& application) {
    json::array out;
    for (const auto& gap : application.gaps) {
        out.push_back({{"conditions", to_json(gap.conditions)},
                       {"kind", to_json(gap.kind)},
                       {"missing", gap.missing},
                       {"other_controls", gap.other_controls},
                       {"proposed_action", gap.proposed_action},
                       {"proposed_date", to_json(gap.proposed_date)}});
    }
    return out;
}

}  // namespace

std::vector<std::string> words_of(const Dossier& dossier, std::string_view question) {
    if (question == "organisation.type") return {dossier.organisation.type};
    if (question == "application.kind") return words(to_json(dossier.application.kind));
    const auto found = dossier.application.answers.find(std::string(question));
    if (found == dossier.application.answers.end()) return {};
    return words(found->second.value);
}

bool applies(const Dossier& dossier, const std::vector<When>& when) {
    return std::ranges::all_of(when, [&](const When& one) {
        const auto said = words_of(dossier, one.question);
        return std::ranges::any_of(said, [&](const std::string& word) {
            return std::ranges::find(one.any_of, word) != one.any_of.end();
        });
    });
}

const Signatory* signatory_for(const Dossier& dossier) {
    const auto found = std::ranges::find_if(dossier.scheme.signatories, [&](const Signatory& one) {
        return applies(dossier, one.when);
    });
    return found == dossier.scheme.signatories.end() ? nullptr : &*found;
}

json::value signed_infrastructure(const Dossier& dossier) {
    const auto& all = dossier.organisation.infrastructures;
    const auto found =
        std::ranges::find(all, dossier.application.infrastructure, &Infrastructure::id);
    if (found == all.end()) return json::string(dossier.application.infrastructure);
    return to_json(*found);
}

json::value signed_organisation(const Dossier& dossier) {
    const auto& organisation = dossier.organisation;
    return {{"id", organisation.id},
            {"name", organisation.name()},
            {"type", organisation.type},
            {"registration", organisation.registration}};
}

std::string signed_text(const Dossier& dossier) {
    json::array commitments, groups;
    for (const auto& commitment : dossier.scheme.commitments)
        commitments.push_back({{"id", commitment.id}, {"text", commitment.text}});
    for (const auto& group : dossier.scheme.groups)
        groups.push_back({{"id", group.id}, {"title", group.title}});
    const json::object out{
        {"schema", "assay.signed-text/1"},
        {"scheme", dossier.scheme.id},
        {"scheme_version", dossier.scheme.version},
        {"scheme_sha256", dossier.scheme.sha256},
        {"organisation", signed_organisation(dossier)},
        {"infrastructure", signed_infrastructure(dossier)},
        {"kind", to_json(dossier.application.kind)},
        {"answers", signed_answers(dossier)},
        {"groups", std::move(groups)},
        {"conditions", signed_conditions(dossier)},
        {"gaps", signed_gaps(dossier.application)},
        {"commitments", std::move(commitments)},
        {"declaration", dossier.scheme.declaration},
    };
    return json::serialize(out);
}

std::string signed_text_sha256(const Dossier& dossier) {
    return crypto::sha256_hex(signed_text(dossier));
}

std::string snapshot(const Dossier& dossier) {
    json::object application = to_json(dossier.application).get_object();
    // The snapshot is what the applicant sent; its own place in the list follows from its hash.
    for (const auto* name :
         {"submissions", "state", "touched_at", "pauses", "clock_started", "proposal", "decision",
          "declined", "countersignatures", "plan_published", "next_id"})
        application.erase(name);
    const json::object out{{"schema", "assay.submission/1"},
                           {"attempt", dossier.application.attempt()},
                           {"submitted_on", to_json(dossier.today)},
                           {"application", std::move(application)},
                           {"organisation", to_json(dossier.organisation)},
                           {"signed_text", json::parse(signed_text(dossier))}};
    return json::serialize(out);
}

bool is_signed(const Dossier& dossier) {
    Problems found;
    judge_signature(dossier, found);
    return !any_blocks(found);
}

CaseState state_before_submission(const Dossier& dossier) {
    Problems found;
    judge_requests(dossier, found);
    judge_declined(dossier, found);
    judge_answers(dossier, found);
    judge_conditions(dossier, found);
    judge_documents(dossier, found);
    judge_findings(dossier, found);
    judge_contacts(dossier, found);
    judge_basis(dossier, found);
    if (any_blocks(found)) return CaseState::draft;
    return is_signed(dossier) ? CaseState::ready : CaseState::awaiting_signature;
}

}  // namespace assay::certify
