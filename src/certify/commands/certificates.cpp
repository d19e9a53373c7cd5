// What happens to a certificate after it was issued. Withdrawing takes two people and
// is final; when in doubt, suspend. Measuring again never withdraws anything.
#include <algorithm>

#include "certify/commands/issue.hpp"

namespace assay::certify {

namespace {

struct WithdrawBody {
    WithdrawalReason reason = WithdrawalReason::no_longer_meets_standard;
    std::string detail;
    bool disconnect = false;
};
BOOST_DESCRIBE_STRUCT(WithdrawBody, (), (reason, detail, disconnect))

struct ReasonBody {
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReasonBody, (), (reason))

base::Result<void> set_status(Desk& desk, CertificateStatus status, std::string_view entry,
                              json::object more) {
    auto& certificate = desk.certificate->value;
    certificate.status = status;
    certificate.status_changed_at = desk.at;
    desk.certificate->changed = true;
    json::object whole{
        {"t", entry}, {"cert", certificate.number}, {"org", certificate.organisation}};
    for (const auto& [name, value] : more)
        whole[name] = value;
    return desk.log(whole);
}

base::Result<void> tell_everybody(Desk& desk, std::string_view text, const std::string& reason) {
    const auto& certificate = desk.certificate->value;
    const auto key = certificate.number + base::print(desk.at);
    const std::map<std::string, std::string> values{{"certificate", certificate.number},
                                                    {"reason", reason}};
    auto told = desk.notify_contact(text, values, key);
    if (!told) return told;
    for (const auto& contact : desk.organisation->value.contacts) {
        auto sent = desk.notify(text, contact.email, values, key);
        if (!sent) return sent;
    }
    ASSAY_TRY(const auto row, desk.store.find(Kind::application, certificate.case_id));
    if (!row) return {};
    ASSAY_TRY(const auto application, value_of<Case>(*row, "application"));
    return desk.notify_signatories(application, text, values, key);
}

// Who sells the connection is told that it must end.
base::Result<void> tell_supplier(Desk& desk) {
    const auto& certificate = desk.certificate->value;
    for (const auto& contact : desk.organisation->value.contacts) {
        const auto& roles = desk.scheme->contact_roles;
        const auto role = std::ranges::find(roles, contact.role, &ContactRole::id);
        if (role == roles.end() || !role->connects) continue;
        auto told = desk.notify("disconnect", contact.email, {{"certificate", certificate.number}},
                                certificate.number);
        if (!told) return told;
    }
    return {};
}

base::Result<void> check_alive(const Certificate& certificate) {
    if (is_alive(certificate)) return {};
    return refuse(fmt::format("Certificate {} is {} already", certificate.number,
                              boost::describe::enum_to_string(certificate.status, "")));
}

std::string_view words(WithdrawalReason reason) {
    return reason == WithdrawalReason::no_longer_meets_standard
               ? "the organisation no longer meets the agreed standard"
               : "the commitments were not kept, which puts others at risk";
}

base::Result<Reply> withdraw(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<WithdrawBody>(desk));
    auto& certificate = desk.certificate->value;
    if (auto ok = check_alive(certificate); !ok) return std::unexpected(ok.error());
    desk.certificate->changed = true;
    if (!certificate.withdrawal_proposal) {
        if (base::trim(body.detail).empty()) return refuse("Say why, for the record");
        certificate.withdrawal_proposal = WithdrawalProposal{.reason = body.reason,
                                                             .detail = body.detail,
                                                             .disconnect = body.disconnect,
                                                             .by = desk.actor.id,
                                                             .at = desk.at};
        return Reply{{{"withdrawal", "proposed"}}};
    }
    const auto& proposal = *certificate.withdrawal_proposal;
    if (proposal.by == desk.actor.id)
        return refuse("You proposed this. A second person must confirm it");
    if (proposal.reason != body.reason || (body.disconnect && !proposal.disconnect))
        return refuse("Another reason, or no disconnection, was proposed. Agree on one first");
    certificate.withdrawal_confirmed_by = desk.actor.id;
    auto ok = set_status(desk, CertificateStatus::withdrawn, "cert.withdrawn",
                         {{"reason", to_json(proposal.reason)},
                          {"disconnect", proposal.disconnect},
                          {"by", "decision_maker"}});
    if (!ok) return std::unexpected(ok.error());
    if (proposal.disconnect) {
        if (auto told = tell_supplier(desk); !told) return std::unexpected(told.error());
    }
    auto told = tell_everybody(desk, "withdrawn", std::string(words(proposal.reason)));
    if (!told) return std::unexpected(told.error());
    return Reply{{{"withdrawal", "confirmed"}}};
}

base::Result<Reply> suspend(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ReasonBody>(desk));
    if (desk.certificate->value.status != CertificateStatus::valid)
        return refuse("Only a valid certificate can be suspended");
    if (base::trim(body.reason).empty()) return refuse("Give the reason");
    auto ok =
        set_status(desk, CertificateStatus::suspended, "cert.suspended", {{"by", "assessor"}});
    if (!ok) return std::unexpected(ok.error());
    auto told = tell_everybody(desk, "suspended", body.reason);
    if (!told) return std::unexpected(told.error());
    return Reply{{{"status", "suspended"}}};
}

base::Result<Reply> resume(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ReasonBody>(desk));
    if (desk.certificate->value.status != CertificateStatus::suspended)
        return refuse("Only a suspended certificate can be resumed");
    if (base::trim(body.reason).empty()) return refuse("Give the reason");
    desk.certificate->value.withdrawal_proposal.reset();
    auto ok = set_status(desk, CertificateStatus::valid, "cert.resumed", {{"by", "assessor"}});
    if (!ok) return std::unexpected(ok.error());
    auto told = tell_everybody(desk, "resumed", body.reason);
    if (!told) return std::unexpected(told.error());
    return Reply{{{"status", "valid"}}};
}

struct RemeasuredBody {
    MeasuredEvidence measured;
    std::vector<std::string> cannot_tell_checks;  // neither a failure nor a cure
};
BOOST_DESCRIBE_STRUCT(RemeasuredBody, (), (measured, cannot_tell_checks))

// A claim that fails after issue asks the point of contact for a cure; one that holds again is
// cured. The certificate stays as it is: withdrawing is for two people.
base::Result<Reply> remeasured(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<RemeasuredBody>(desk));
    auto& certificate = desk.certificate->value;
    const auto& measured = body.measured;
    if (std::ranges::find(certificate.domains, measured.domain) == certificate.domains.end())
        return refuse(measured.domain + " is not in the scope of this certificate");
    if (measured.measured_at > desk.at) return refuse("This was measured in the future");
    certificate.measured_at = measured.measured_at;
    desk.certificate->changed = true;
    const auto& failing = measured.not_met_checks;
    for (auto& notice : certificate.notices) {
        const auto names = [&](const auto& checks) {
            return std::ranges::find(checks, notice.check) != checks.end();
        };
        const bool holds = !names(failing) && !names(body.cannot_tell_checks);
        if (notice.domain == measured.domain && !notice.cured_at && holds)
            notice.cured_at = measured.measured_at;
    }
    const Date cure_by = plus(desk.today, desk.scheme->validity.technical_cure);
    json::array raised;
    for (const auto& check : failing) {
        const bool known = std::ranges::any_of(certificate.notices, [&](const auto& notice) {
            return notice.domain == measured.domain && notice.check == check && !notice.cured_at;
        });
        if (known) continue;
        certificate.notices.push_back({.domain = measured.domain,
                                       .check = check,
                                       .facts_sha256 = measured.facts_sha256,
                                       .at = desk.at,
                                       .cure_by = cure_by});
        raised.push_back(json::string(check));
        auto told = desk.notify_contact("technical-claim",
                                        {{"certificate", certificate.number},
                                         {"action", check + " of " + measured.domain},
                                         {"due", print_long(cure_by)}},
                                        fmt::format("{}/{}/{}/{}", certificate.number,
                                                    measured.domain, check, base::print(desk.at)));
        if (!told) return std::unexpected(told.error());
    }
    return Reply{{{"raised", std::move(raised)}, {"cure_by", print(cure_by)}}};
}

base::Result<Reply> show(Desk& desk) {
    auto whole = to_json(desk.certificate->value).get_object();
    if (!desk.actor.organisation.empty()) {
        // What the team weighs, and its details, are its own.
        whole.erase("withdrawal_proposal");
        whole.erase("reissue_proposal");
    }
    return Reply{{{"certificate", std::move(whole)}, {"version", desk.certificate->version}}};
}

}  // namespace

std::vector<Command> commands_of_certificates() {
    using enum Role;
    return {
        {{"withdraw",
          {assessor, decision_maker},
          "certificate",
          true,
          "Propose to withdraw a certificate, or confirm it."},
         {},
         withdraw},
        {{"suspend", {assessor, decision_maker}, "certificate", true, "Suspend a certificate."},
         {},
         suspend},
        {{"resume", {assessor, decision_maker}, "certificate", true, "Resume a certificate."},
         {},
         resume},
        {{"remeasured",
          {operations, system},
          "certificate",
          true,
          "Note what measuring a domain in scope has shown."},
         {},
         remeasured},
        {{"certificate-show",
          {validator, assessor, decision_maker, operations, point_of_contact, preparer, signatory},
          "certificate",
          false,
          "Show a certificate."},
         {},
         show},
    };
}

}  // namespace assay::certify
