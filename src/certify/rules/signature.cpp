// the right office-holder has signed today's text, having read it.
#include <algorithm>

#include "certify/rules.hpp"

namespace assay::certify {

namespace {

// Shared infrastructures are signed for by each organisation that takes part.
std::vector<std::string> who_must_sign(const Dossier& dossier) {
    std::vector<std::string> out{dossier.organisation.id};
    for (const auto& scope : dossier.organisation.infrastructures) {
        if (scope.id != dossier.application.infrastructure) continue;
        for (const auto& participant : scope.participants)
            out.push_back(participant);
    }
    return out;
}

}  // namespace

void judge_reading(const Dossier& dossier, Problems& out) {
    const auto missing = [](const auto& all, const std::vector<std::string>& read) {
        return std::ranges::find_if(
            all, [&](const auto& one) { return std::ranges::find(read, one.id) == read.end(); });
    };
    const auto& groups = dossier.scheme.groups;
    if (const auto group = missing(groups, dossier.application.read_groups);
        group != groups.end()) {
        out.push_back({dossier.scheme.process.reading, "signature",
                       fmt::format("The signatory has not opened the conditions of group {} ({}) "
                                   "yet.",
                                   group->id, group->title)});
    }
    const auto& commitments = dossier.scheme.commitments;
    if (const auto one = missing(commitments, dossier.application.read_commitments);
        one != commitments.end()) {
        out.push_back({dossier.scheme.signature_rule, "signature",
                       fmt::format("The signatory has not read commitment {} yet.", one->id)});
    }
}

void judge_declined(const Dossier& dossier, Problems& out) {
    const auto& declined = dossier.application.declined;
    if (!declined || declined->text_sha256 != signed_text_sha256(dossier)) return;
    out.push_back({dossier.scheme.signature_rule, "signature",
                   "The signatory did not sign: " + declined->reason +
                       " Change what they object to, or ask them to sign all the same."});
}

void judge_signature(const Dossier& dossier, Problems& out) {
    const auto* who = signatory_for(dossier);
    if (who == nullptr) {
        out.push_back({dossier.scheme.signature_rule, "signature",
                       "This scheme does not say who signs for an organisation of your type. Ask "
                       "the scheme's team."});
        return;
    }
    const auto& rule = who->rule.empty() ? dossier.scheme.signature_rule : who->rule;
    const auto text = signed_text_sha256(dossier);
    const auto& signatures = dossier.application.signatures;
    for (const auto& organisation : who_must_sign(dossier)) {
        const auto theirs = [&](const Signature& one) { return one.organisation == organisation; };
        const auto valid = std::ranges::find_if(signatures, [&](const Signature& one) {
            return theirs(one) && one.text_sha256 == text &&
                   (organisation != dossier.organisation.id || one.basis == who->basis);
        });
        if (valid != signatures.end()) {
            if (who->needs_approval && organisation == dossier.organisation.id &&
                dossier.application.approved_signatory != valid->person) {
                out.push_back({rule, "signature",
                               "An assessor must approve this signatory first. Ask the scheme's "
                               "team."});
            }
            if (valid->also_prepared) {
                out.push_back(
                    {rule, "signature", "The signatory also prepared the application.", false});
            }
            continue;
        }
        out.push_back({rule, "signature",
                       std::ranges::any_of(signatures, theirs)
                           ? fmt::format("The text has changed since it was signed for {}. It "
                                         "must be signed again by {}.",
                                         organisation, who->title)
                           : fmt::format("The application must be signed for {} by {}.",
                                         organisation, who->title)});
    }
    judge_reading(dossier, out);
}

}  // namespace assay::certify
