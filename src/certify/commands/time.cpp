// What time does: applications lapse, certificates end, people are reminded. Run as often as one
// likes: a message has a key and is posted once.
#include "certify/commands/issue.hpp"
#include "certify/commands/reminders.hpp"

namespace assay::certify {

namespace {

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

base::Result<std::optional<Loaded<Organisation>>> organisation_of(Desk& desk,
                                                                  const std::string& id) {
    ASSAY_TRY(const auto row, desk.store.find(Kind::organisation, id));
    if (!row) return std::nullopt;
    ASSAY_TRY(auto value, value_of<Organisation>(*row, "organisation"));
    return Loaded<Organisation>{std::move(value), row->version};
}

// A certificate that ends while its renewal is under review ends all the same, and the log says so.
base::Result<void> end(Desk& desk) {
    auto& certificate = desk.certificate->value;
    certificate.status = CertificateStatus::expired;
    certificate.status_changed_at = desk.at;
    desk.certificate->changed = true;
    ASSAY_TRY(const auto rows,
              desk.store.list(Kind::application,
                              {.organisation = certificate.organisation, .state = {}}));
    for (const auto& row : rows) {
        ASSAY_TRY(const auto one, value_of<Case>(row, "application"));
        if (one.previous_certificate != certificate.number || !is_open(one.state)) continue;
        if (auto logged = log_pending_renewal(desk, one); !logged) return logged;
    }
    return desk.save_and_clear();
}

base::Result<unsigned> pass_certificates(Desk& desk) {
    unsigned expired = 0;
    for (const auto* state : {"valid", "suspended"}) {
        ASSAY_TRY(const auto rows,
                  desk.store.list(Kind::certificate, {.organisation = {}, .state = state}));
        for (const auto& row : rows) {
            ASSAY_TRY(auto value, value_of<Certificate>(row, "certificate"));
            ASSAY_TRY(const auto* const scheme, desk.find_scheme(value.scheme));
            ASSAY_TRY(auto owner, organisation_of(desk, value.organisation));
            desk.organisation = std::move(owner);
            desk.scheme = scheme;
            desk.certificate = Loaded<Certificate>{std::move(value), row.version};
            const auto& certificate = desk.certificate->value;
            if (auto told = remind_of_expiry(desk, certificate); !told)
                return std::unexpected(told.error());
            if (auto told = remind_of_contacts(desk); !told) return std::unexpected(told.error());
            if (desk.today > certificate.last_day) {
                ++expired;
                if (auto ended = end(desk); !ended) return std::unexpected(ended.error());
            }
            desk.certificate.reset();
            desk.organisation.reset();
        }
    }
    return expired;
}

// A reminder after the end goes out unless another certificate has taken its place.
base::Result<void> remind_after_end(Desk& desk) {
    constexpr int days_max = 60;  // ours: nobody is reminded of what ended long ago
    ASSAY_TRY(const auto rows,
              desk.store.list(Kind::certificate, {.organisation = {}, .state = "expired"}));
    for (const auto& row : rows) {
        ASSAY_TRY(const auto one, value_of<Certificate>(row, "certificate"));
        if (days_between(one.last_day, desk.today) > days_max) continue;
        ASSAY_TRY(const auto alive,
                  alive_certificate(desk, one.scheme, one.organisation, one.infrastructure));
        if (alive) continue;
        ASSAY_TRY(const auto* const scheme, desk.find_scheme(one.scheme));
        ASSAY_TRY(auto owner, organisation_of(desk, one.organisation));
        desk.organisation = std::move(owner);
        desk.scheme = scheme;
        if (auto told = remind_of_expiry(desk, one); !told) return told;
    }
    desk.organisation.reset();
    return {};
}

// After the decision a plan counts for as long as the certificate that it belongs to.
base::Result<bool> plan_counts(Desk& desk, const Case& application) {
    if (is_open(application.state)) return true;
    if (!application.decision) return false;
    ASSAY_TRY(const auto found, desk.find_certificate(application.decision->certificate));
    return found && is_alive(*found);
}

base::Result<unsigned> pass_cases(Desk& desk) {
    unsigned lapsed = 0;
    ASSAY_TRY(const auto rows, desk.store.list(Kind::application, {}));
    for (const auto& row : rows) {
        ASSAY_TRY(auto value, value_of<Case>(row, "application"));
        if (!is_open(value.state) && value.state != CaseState::achieved) continue;
        ASSAY_TRY(const auto* const scheme, desk.find_scheme(value.scheme));
        ASSAY_TRY(auto owner, organisation_of(desk, value.organisation));
        desk.organisation = std::move(owner);
        desk.scheme = scheme;
        desk.application = Loaded<Case>{std::move(value), row.version};
        auto& application = desk.the_case();
        ASSAY_TRY(const bool counts, plan_counts(desk, application));
        for (auto& finding : application.findings) {
            if (!counts) break;
            if (auto told = remind_of_plan(desk, finding); !told)
                return std::unexpected(told.error());
        }
        if (auto told = remind_of_requests(desk); !told) return std::unexpected(told.error());
        const bool waits = is_with_applicant(application.state) ||
                           application.state == CaseState::information_requested;
        if (waits && plus(date_of(application.touched_at), scheme->service.lapse) < desk.today) {
            application.state = CaseState::lapsed;
            desk.application->changed = true;
            ++lapsed;
            auto told = desk.notify_contact("lapsed", {}, application.id);
            if (!told) return std::unexpected(told.error());
        }
        if (desk.application->changed) {
            if (auto saved = desk.save_and_clear(); !saved) return std::unexpected(saved.error());
        }
        desk.application.reset();
        desk.organisation.reset();
    }
    return lapsed;
}

base::Result<Reply> tick(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<Nothing>(desk));
    (void)body;
    ASSAY_TRY(const auto expired, pass_certificates(desk));
    if (auto told = remind_after_end(desk); !told) return std::unexpected(told.error());
    ASSAY_TRY(const auto lapsed, pass_cases(desk));
    return Reply{{{"expired", expired}, {"lapsed", lapsed}}};
}

}  // namespace

std::vector<Command> commands_of_time() {
    return {{{"tick",
              {Role::system, Role::operations},
              "",
              true,
              "Let time pass: reminders, lapses, certificates that end."},
             {},
             tick}};
}

}  // namespace assay::certify
