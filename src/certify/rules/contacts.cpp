// who is asked, and who is told. R-25: what the team asked for is put right. Also
// the basis on which an application stands: a certificate to renew or amend, or one that
// opens the way to this scheme.
#include <algorithm>

#include "certify/rules.hpp"

namespace assay::certify {

void judge_contacts(const Dossier& dossier, Problems& out) {
    const auto& organisation = dossier.organisation;
    const bool has_contact =
        std::ranges::any_of(organisation.points_of_contact, [](const PointOfContact& one) {
            return one.state == ContactChangeState::effective && !one.until;
        });
    if (!has_contact) {
        out.push_back({dossier.scheme.process.point_of_contact, "point_of_contact",
                       "Name a point of contact."});
    }
    for (const auto& role : dossier.scheme.contact_roles) {
        const std::string where = "contact:" + role.id;
        const auto found = std::ranges::find(organisation.contacts, role.id, &RoleContact::role);
        if (found == organisation.contacts.end()) {
            if (role.required) {
                out.push_back({dossier.scheme.contacts_rule, where,
                               "Give the contact details of: " + role.title});
            }
            continue;
        }
        if (plus(date_of(found->confirmed_at), dossier.scheme.service.contacts_confirmed) <
            dossier.today) {
            out.push_back({dossier.scheme.contacts_rule, where,
                           fmt::format("The details of the {} were last confirmed on {}. Confirm "
                                       "them again.",
                                       role.title, print_long(date_of(found->confirmed_at)))});
        }
    }
}

void judge_requests(const Dossier& dossier, Problems& out) {
    for (const auto& request : dossier.application.requests) {
        if (request.answered_at || request.reason == RequestReason::confirm_detail) continue;
        out.push_back({dossier.scheme.process.requests, "request:" + request.id,
                       "Say what you did about this: " + request.text});
    }
}

void judge_basis(const Dossier& dossier, Problems& out) {
    const auto& rules = dossier.scheme.process;
    if (!dossier.scheme.needs_certificate_of.empty() && !dossier.supporting_certificate_valid) {
        out.push_back({rules.basis, "supporting_certificate",
                       "Name a valid certificate of the infrastructure that this service runs "
                       "from."});
    }
    if (dossier.application.kind == CaseKind::first) return;
    if (dossier.application.kind == CaseKind::amendment) {
        if (dossier.scope_change == ScopeOutcome::re_sign) return;
        out.push_back({rules.infrastructure, "previous_certificate",
                       "The assessors have not agreed that this certificate is amended."});
    } else if (dossier.previous == nullptr) {
        out.push_back(
            {rules.renewal, "previous_certificate", "Name the certificate that you renew."});
    } else if (dossier.previous_ends && dossier.scope_change != ScopeOutcome::new_application) {
        const Date opens = minus(*dossier.previous_ends, dossier.scheme.validity.renewal_opens);
        if (dossier.today < opens) {
            out.push_back({rules.renewal, "previous_certificate",
                           fmt::format("You can send a renewal from {}.", print_long(opens))});
        }
    }
}

Problems problems(const Dossier& dossier) {
    Problems out;
    judge_requests(dossier, out);
    judge_declined(dossier, out);
    judge_basis(dossier, out);
    judge_answers(dossier, out);
    judge_conditions(dossier, out);
    judge_documents(dossier, out);
    judge_findings(dossier, out);
    judge_contacts(dossier, out);
    judge_signature(dossier, out);
    return out;
}

bool any_blocks(const Problems& problems) {
    return std::ranges::any_of(problems, &Problem::blocks);
}

}  // namespace assay::certify
