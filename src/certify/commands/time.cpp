// What time does: applications lapse, certificates end, people are reminded. Run as often as one
// likes: a message has a key and is posted once.
#include <algorithm>

#include "certify/commands/desk.hpp"

namespace assay::certify {

namespace {

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

// A reminder falls on the working day on or before its date.
bool is_due(Date today, Date event, int days_before) {
    const Date day = working_day_on_or_before(
        Date(std::chrono::sys_days(event) - std::chrono::days(days_before)));
    return day <= today;
}

// The last of the reminders that is due; older ones that were missed are not sent late.
std::optional<int> due_reminder(const Reminder& reminder, Date today, Date event) {
    std::optional<int> out;
    for (const int days : reminder.days) {
        if (is_due(today, event, days) && (!out || days < *out)) out = days;
    }
    return out;
}

base::Result<void> remind_of_expiry(Desk& desk, const Certificate& certificate) {
    for (const auto& reminder : desk.scheme->reminders) {
        if (reminder.event != ReminderEvent::certificate_expiry) continue;
        const auto days = due_reminder(reminder, desk.today, certificate.last_day);
        if (!days) continue;
        const auto key = fmt::format("{}/{}", certificate.number, *days);
        const std::map<std::string, std::string> values{
            {"certificate", certificate.number}, {"expires", print_long(certificate.last_day)}};
        auto told = desk.notify_contact(reminder.text, values, key);
        if (!told) return told;
        if (std::ranges::find(reminder.to, "contacts") == reminder.to.end()) continue;
        for (const auto& contact : desk.organisation->value.contacts) {
            auto sent = desk.notify(reminder.text, contact.email, values, key);
            if (!sent) return sent;
        }
    }
    return {};
}

base::Result<std::optional<Loaded<Organisation>>> organisation_of(Desk& desk,
                                                                  const std::string& id) {
    ASSAY_TRY(const auto row, desk.store.find(Kind::organisation, id));
    if (!row) return std::nullopt;
    ASSAY_TRY(auto value, value_of<Organisation>(*row, "organisation"));
    return Loaded<Organisation>{std::move(value), row->version};
}

base::Result<void> save_one(Desk& desk) {
    auto saved = desk.save_all();
    desk.application.reset();
    desk.certificate.reset();
    desk.organisation.reset();
    desk.scheme = nullptr;
    return saved;
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
            auto& certificate = desk.certificate->value;
            if (auto told = remind_of_expiry(desk, certificate); !told)
                return std::unexpected(told.error());
            if (desk.today > certificate.last_day) {
                certificate.status = CertificateStatus::expired;
                certificate.status_changed_at = desk.at;
                desk.certificate->changed = true;
                ++expired;
                if (auto saved = save_one(desk); !saved) return std::unexpected(saved.error());
            }
            desk.certificate.reset();
            desk.organisation.reset();
        }
    }
    return expired;
}

base::Result<void> remind_of_plan(Desk& desk, Finding& finding) {
    if (!finding.plan || !finding.plan->finish || finding.plan->state == PlanState::done_claimed ||
        finding.plan->state == PlanState::done_accepted)
        return {};
    if (desk.today > *finding.plan->finish && finding.state != FindingState::overdue) {
        finding.state = FindingState::overdue;
        desk.application->changed = true;
    }
    for (const auto& reminder : desk.scheme->reminders) {
        if (reminder.event != ReminderEvent::plan_item_finish) continue;
        const auto days = due_reminder(reminder, desk.today, *finding.plan->finish);
        if (!days) continue;
        auto told =
            desk.notify_contact(reminder.text,
                                {{"owner", finding.plan->owner},
                                 {"action", finding.plan->actions},
                                 {"finish", print_long(*finding.plan->finish)}},
                                fmt::format("{}/{}/{}", desk.the_case().id, finding.id, *days));
        if (!told) return told;
    }
    return {};
}

base::Result<void> remind_of_requests(Desk& desk) {
    const auto& application = desk.the_case();
    for (const auto& request : application.requests) {
        if (request.answered_at || !is_open(application.state)) continue;
        std::optional<unsigned> last;
        for (const auto days : desk.scheme->service.request_reminder_days) {
            if (plus(date_of(request.asked_at), {.days = days}) <= desk.today) last = days;
        }
        if (!last) continue;
        auto told = desk.notify_contact(
            "question-reminder",
            {{"question", request.text}, {"due", request.due ? print_long(*request.due) : ""}},
            fmt::format("{}/{}/{}", application.id, request.id, *last));
        if (!told) return told;
    }
    return {};
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
        for (auto& finding : application.findings) {
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
            if (auto saved = save_one(desk); !saved) return std::unexpected(saved.error());
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
