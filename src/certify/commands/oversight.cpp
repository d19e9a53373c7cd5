// What the scheme's people see of many cases at once: what waits for them, how long things took,
// how commitments were kept, and what changed between two attempts. Nothing here writes.
#include <algorithm>

#include "certify/clock.hpp"
#include "certify/commands/issue.hpp"
#include "certify/commands/reminders.hpp"

namespace assay::certify {

namespace {

constexpr std::size_t differences_max = 2'000;  // ours: more than a page can show

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

template <class T>
base::Result<std::vector<T>> all_of(Desk& desk, Kind kind, const Filter& filter,
                                    std::string_view what) {
    ASSAY_TRY(const auto rows, desk.store.list(kind, filter));
    std::vector<T> out;
    for (const auto& row : rows) {
        ASSAY_TRY(auto one, value_of<T>(row, what));
        out.push_back(std::move(one));
    }
    return out;
}

bool is_with_team(const Case& application) {
    return is_open(application.state) && !is_with_applicant(application.state);
}

bool is_decision_late(const Scheme& scheme, const Case& application, base::Moment now) {
    const auto days = days_on_clock(application, now);
    return days && *days > days_between(date_of(now), plus(date_of(now), scheme.service.decide));
}

json::object task(std::string_view what, std::string_view about, Date since) {
    return {{"task", what}, {"about", about}, {"since", print(since)}};
}

// A plan item that is late for long is a reason to consider a withdrawal, and no more than that.
void tasks_of_case(const Desk& desk, const Scheme& scheme, const Case& one, bool certified,
                   json::array& out) {
    if (is_with_team(one) && is_decision_late(scheme, one, desk.at))
        out.push_back(task("decision-late", one.id, date_of(*one.clock_started)));
    for (const auto& asked : one.countersignatures) {
        if (!asked.at && asked.due < desk.today)
            out.push_back(task("countersignature-late", one.id, asked.due));
    }
    for (const auto& finding : one.findings) {
        if (!certified || !is_late(finding, desk.today)) continue;
        if (plus(*finding.plan->finish, scheme.service.consider_withdrawal) <= desk.today) {
            out.push_back(
                task("consider-withdrawal", one.id + "/" + finding.id, *finding.plan->finish));
        }
    }
}

base::Result<Reply> tasks(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<Nothing>(desk));
    (void)body;
    json::array out;
    ASSAY_TRY(const auto certificates,
              all_of<Certificate>(desk, Kind::certificate, {}, "certificate"));
    for (const auto& one : certificates) {
        if (!is_alive(one)) continue;
        if (one.withdrawal_proposal)
            out.push_back(
                task("withdrawal-proposed", one.number, date_of(one.withdrawal_proposal->at)));
        for (const auto& change : one.scope_changes) {
            if (change.outcome == ScopeOutcome::undecided)
                out.push_back(task("scope-change", one.number, date_of(change.at)));
        }
    }
    ASSAY_TRY(const auto cases, all_of<Case>(desk, Kind::application, {}, "application"));
    for (const auto& one : cases) {
        ASSAY_TRY(const auto* const scheme, desk.find_scheme(one.scheme));
        const bool certified = std::ranges::any_of(certificates, [&](const Certificate& each) {
            return each.case_id == one.id && is_alive(each);
        });
        tasks_of_case(desk, *scheme, one, certified, out);
    }
    return Reply{{{"tasks", std::move(out)}}};
}

// ----

struct SchemeBody {
    std::string scheme;
};
BOOST_DESCRIBE_STRUCT(SchemeBody, (), (scheme))

// The smallest value that so many per cent of all do not exceed (nearest rank).
json::value percentile(const std::vector<int>& sorted, std::size_t percent) {
    if (sorted.empty()) return nullptr;
    return sorted[(sorted.size() * percent + 99) / 100 - 1];
}

base::Result<Reply> service_levels(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<SchemeBody>(desk));
    ASSAY_TRY(const auto* const scheme, desk.find_scheme(body.scheme));
    ASSAY_TRY(const auto cases, all_of<Case>(desk, Kind::application, {}, "application"));
    std::vector<int> days;
    std::size_t open = 0, late = 0, within = 0;
    for (const auto& one : cases) {
        if (one.scheme != scheme->id || !one.clock_started) continue;
        const bool is_late_now = is_decision_late(*scheme, one, desk.at);
        if (one.decision) {
            days.push_back(*days_on_clock(one, desk.at));
            within += is_late_now ? 0 : 1;
        } else if (is_with_team(one)) {
            ++open;
            late += is_late_now ? 1 : 0;
        }
    }
    std::ranges::sort(days);
    return Reply{{{"scheme", scheme->id},
                  {"decided", days.size()},
                  {"within_target", within},
                  {"median_days", percentile(days, 50)},
                  {"percentile_90_days", percentile(days, 90)},
                  {"open", open},
                  {"late", late}}};
}

// ----

struct Record {
    json::array out;

    void add(std::string_view what, std::string_view about, std::string_view when) {
        out.push_back({{"what", what}, {"about", about}, {"when", when}});
    }
};

void record_case(const Desk& desk, const Case& one, Record& record) {
    for (const auto& request : one.requests) {
        const Date answered = request.answered_at ? date_of(*request.answered_at) : desk.today;
        if (request.due && *request.due < answered)
            record.add("answer-late", one.id + "/" + request.id, print(*request.due));
    }
    for (const auto& finding : one.findings) {
        const auto& plan = finding.plan;
        if (!plan || !plan->finish) continue;
        const bool done_late = plan->actual_finish && *plan->actual_finish > *plan->finish;
        if (done_late || is_late(finding, desk.today))
            record.add("plan-late", one.id + "/" + finding.id, print(*plan->finish));
    }
    for (const auto& gap : one.gaps) {
        if (gap.state == GapState::plan_agreed && gap.agreed_date && *gap.agreed_date < desk.today)
            record.add("gap-late", one.id + "/" + gap.id, print(*gap.agreed_date));
    }
    for (const auto& asked : one.countersignatures) {
        const Date by = asked.at ? date_of(*asked.at) : desk.today;
        if (asked.due < by) record.add("countersignature-late", one.id, print(asked.due));
    }
}

void record_certificate(const Desk& desk, const Certificate& one, Record& record) {
    if (one.status == CertificateStatus::withdrawn && one.status_changed_at)
        record.add("certificate-withdrawn", one.number, print(date_of(*one.status_changed_at)));
    for (const auto& notice : one.notices) {
        const Date cured = notice.cured_at ? date_of(*notice.cured_at) : desk.today;
        if (notice.cure_by && *notice.cure_by < cured)
            record.add("repair-late", one.number + "/" + notice.check, print(*notice.cure_by));
    }
}

// The commitments are no contract; how they were kept is looked at in later reviews.
base::Result<Reply> commitment_record(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<Nothing>(desk));
    (void)body;
    const Filter theirs{.organisation = desk.organisation->value.id, .state = {}};
    Record record;
    ASSAY_TRY(const auto cases, all_of<Case>(desk, Kind::application, theirs, "application"));
    for (const auto& one : cases) {
        if (!one.submissions.empty()) record_case(desk, one, record);
    }
    ASSAY_TRY(const auto certificates,
              all_of<Certificate>(desk, Kind::certificate, theirs, "certificate"));
    for (const auto& one : certificates)
        record_certificate(desk, one, record);
    return Reply{{{"record", std::move(record.out)}}};
}

// ---- what changed between two attempts

void compare(const json::value& before, const json::value& after, const std::string& at,
             json::array& out) {
    if (before == after || out.size() >= differences_max) return;
    const auto *old_one = before.if_object(), *new_one = after.if_object();
    if (old_one == nullptr || new_one == nullptr) {
        out.push_back({{"at", at}, {"before", before}, {"after", after}});
        return;
    }
    for (const auto& [name, value] : *old_one) {
        const auto* other = new_one->if_contains(name);
        compare(value, other != nullptr ? *other : json::value(), at + "/" + std::string(name),
                out);
    }
    for (const auto& [name, value] : *new_one) {
        if (!old_one->contains(name))
            compare(json::value(), value, at + "/" + std::string(name), out);
    }
}

base::Result<json::value> frozen(Desk& desk, const Submission& submission) {
    ASSAY_TRY(const auto text, desk.store.kept(submission.sha256));
    boost::system::error_code failure;
    auto value = text ? json::parse(*text, failure) : json::value();
    if (!text || failure)
        return base::fail(base::ErrorKind::internal,
                          "a submission is not kept: " + submission.sha256);
    return value;
}

base::Result<Reply> compare_attempts(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<Nothing>(desk));
    (void)body;
    const auto& all = desk.the_case().submissions;
    if (all.size() < 2) return refuse("There is only one attempt, or none; nothing to compare");
    ASSAY_TRY(const auto before, frozen(desk, all[all.size() - 2]));
    ASSAY_TRY(const auto after, frozen(desk, all.back()));
    json::array out;
    compare(before, after, "", out);
    return Reply{{{"differences", std::move(out)}}};
}

}  // namespace

std::vector<Command> commands_of_oversight() {
    using enum Role;
    const std::vector team{validator, assessor, decision_maker};
    return {
        {{"tasks",
          {validator, assessor, decision_maker, operations},
          "",
          false,
          "List what waits for the scheme's people."},
         {},
         tasks},
        {{"service-levels",
          {validator, assessor, decision_maker, operations},
          "",
          false,
          "Show how long decisions take."},
         {},
         service_levels},
        {{"commitment-record", team, "organisation", false,
          "Show how an organisation has kept its commitments."},
         {},
         commitment_record},
        {{"compare", team, "case", false, "Show what changed since the attempt before."},
         {},
         compare_attempts},
    };
}

}  // namespace assay::certify
