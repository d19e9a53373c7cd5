#include "certify/commands/reminders.hpp"

#include <algorithm>

namespace assay::certify {

namespace {

using Values = std::map<std::string, std::string>;

Date working_day_on_or_after(Date date) {
    while (!is_working_day(date))
        date = plus(date, {.days = 1});
    return date;
}

// Before and on the event's day: the working day on or before. After it: the one on or after, as
// nobody is told that something is late while it is not.
bool is_due(Date today, Date event, int days_before) {
    const auto days = static_cast<unsigned>(std::abs(days_before));
    if (days_before < 0) return working_day_on_or_after(plus(event, {.days = days})) <= today;
    return working_day_on_or_before(minus(event, {.days = days})) <= today;
}

// The last of the reminders that is due; older ones that were missed are not sent late.
std::optional<int> due_reminder(const Reminder& reminder, Date today, Date event) {
    std::optional<int> out;
    for (const int days : reminder.days) {
        if (is_due(today, event, days) && (!out || days < *out)) out = days;
    }
    return out;
}

bool goes_to(const Reminder& reminder, std::string_view who) {
    return std::ranges::find(reminder.to, who) != reminder.to.end();
}

// `signed_case` has the signatories; `owner_email` is of a plan item.
base::Result<void> send(Desk& desk, const Reminder& reminder, const Values& values,
                        const std::string& key, const Case* signed_case,
                        const std::string& owner_email) {
    if (goes_to(reminder, "point_of_contact")) {
        if (auto told = desk.notify_contact(reminder.text, values, key); !told) return told;
    }
    if (goes_to(reminder, "owner")) {
        if (auto told = desk.notify(reminder.text, owner_email, values, key); !told) return told;
    }
    if (goes_to(reminder, "signatory") && signed_case != nullptr) {
        auto told = desk.notify_signatories(*signed_case, reminder.text, values, key);
        if (!told) return told;
    }
    if (goes_to(reminder, "team")) {
        auto told = desk.notify_team(Role::assessor, reminder.text, values, key);
        if (!told) return told;
    }
    if (!goes_to(reminder, "contacts")) return {};
    for (const auto& contact : desk.organisation->value.contacts) {
        if (auto told = desk.notify(reminder.text, contact.email, values, key); !told) return told;
    }
    return {};
}

}  // namespace

bool is_late(const Finding& finding, Date today) {
    return finding.plan && finding.plan->finish && *finding.plan->finish < today &&
           finding.plan->state != PlanState::done_claimed &&
           finding.plan->state != PlanState::done_accepted;
}

base::Result<void> remind_of_expiry(Desk& desk, const Certificate& certificate) {
    ASSAY_TRY(const auto row, desk.store.find(Kind::application, certificate.case_id));
    std::optional<Case> application;
    if (row) {
        ASSAY_TRY(auto value, value_of<Case>(*row, "application"));
        application = std::move(value);
    }
    for (const auto& reminder : desk.scheme->reminders) {
        if (reminder.event != ReminderEvent::certificate_expiry) continue;
        const auto days = due_reminder(reminder, desk.today, certificate.last_day);
        if (!days) continue;
        auto told = send(
            desk, reminder,
            {{"certificate", certificate.number}, {"expires", print_long(certificate.last_day)}},
            fmt::format("{}/{}", certificate.number, *days), application ? &*application : nullptr,
            "");
        if (!told) return told;
    }
    return {};
}

base::Result<void> remind_of_contacts(Desk& desk) {
    const auto& organisation = desk.organisation->value;
    if (organisation.contacts.empty()) return {};
    const auto oldest =
        std::ranges::min(organisation.contacts, {}, &RoleContact::confirmed_at).confirmed_at;
    const Date event = plus(date_of(oldest), desk.scheme->service.contacts_confirmed);
    for (const auto& reminder : desk.scheme->reminders) {
        if (reminder.event != ReminderEvent::contacts_confirmation) continue;
        const auto days = due_reminder(reminder, desk.today, event);
        if (!days) continue;
        auto told =
            send(desk, reminder, {}, fmt::format("{}/{}/{}", organisation.id, print(event), *days),
                 nullptr, "");
        if (!told) return told;
    }
    return {};
}

base::Result<void> remind_of_plan(Desk& desk, Finding& finding) {
    const auto& plan = finding.plan;
    if (!plan || !plan->finish || plan->state == PlanState::done_claimed ||
        plan->state == PlanState::done_accepted)
        return {};
    if (is_late(finding, desk.today) && finding.state != FindingState::overdue) {
        finding.state = FindingState::overdue;
        desk.application->changed = true;
    }
    for (const auto& reminder : desk.scheme->reminders) {
        if (reminder.event != ReminderEvent::plan_item_finish) continue;
        const auto days = due_reminder(reminder, desk.today, *plan->finish);
        if (!days) continue;
        auto told = send(
            desk, reminder,
            {{"owner", plan->owner},
             {"action", plan->actions},
             {"finish", print_long(*plan->finish)}},
            fmt::format("{}/{}/{}/{}", desk.the_case().id, finding.id, print(*plan->finish), *days),
            &desk.the_case(), plan->owner_email);
        if (!told) return told;
    }
    return {};
}

base::Result<void> remind_of_requests(Desk& desk) {
    const auto& application = desk.the_case();
    for (const auto& request : application.requests) {
        if (request.answered_at || !is_open(application.state)) continue;
        const Date asked = date_of(request.asked_at);
        std::optional<unsigned> last;
        for (const auto days : desk.scheme->service.request_reminder_days) {
            if (working_day_on_or_before(plus(asked, {.days = days})) <= desk.today) last = days;
        }
        if (!last || desk.today <= asked) continue;
        auto told = desk.notify_contact(
            "question-reminder",
            {{"question", request.text}, {"due", request.due ? print_long(*request.due) : ""}},
            fmt::format("{}/{}/{}", application.id, request.id, *last));
        if (!told) return told;
    }
    return {};
}

}  // namespace assay::certify
