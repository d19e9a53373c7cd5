// an incident, with one clock for the NCSC and one for the scheme's team.
#include "certify/commands/desk.hpp"

namespace assay::certify {

namespace {

struct IncidentBody {
    std::string description, mitigation, prevention;
    std::optional<base::Moment> noticed_at, ncsc_informed_at;
    std::optional<bool> ncsc_interest, affects_network;
    std::vector<std::string> others_informed;
    bool close = false;
};
BOOST_DESCRIBE_STRUCT(IncidentBody, (),
                      (description, mitigation, prevention, noticed_at, ncsc_informed_at,
                       ncsc_interest, affects_network, others_informed, close))

base::Result<void> apply(const Desk& desk, const IncidentBody& body, Incident& incident) {
    for (const auto& moment : {body.noticed_at, body.ncsc_informed_at}) {
        if (moment && *moment > desk.at) return refuse("A time of the incident is in the future");
    }
    const auto put = [](const std::string& from, std::string& to) {
        if (!base::trim(from).empty()) to = from;
    };
    put(body.description, incident.description);
    put(body.mitigation, incident.mitigation);
    put(body.prevention, incident.prevention);
    if (body.noticed_at) incident.noticed_at = *body.noticed_at;
    if (body.ncsc_interest) incident.ncsc_interest = *body.ncsc_interest;
    if (body.affects_network) incident.affects_network = *body.affects_network;
    if (body.ncsc_informed_at) incident.ncsc_informed_at = body.ncsc_informed_at;
    for (const auto& other : body.others_informed)
        incident.others_informed.push_back(other);
    // Reporting it here is how the team is told.
    if (incident.affects_network && !incident.team_informed_at) incident.team_informed_at = desk.at;
    if (!body.close) return {};
    if (incident.ncsc_interest && !incident.ncsc_informed_at)
        return refuse("Tell the NCSC before you close the incident, and give the time (R-36)");
    if (incident.mitigation.empty() || incident.prevention.empty())
        return refuse("Say what limited the harm, and what keeps it from happening again (R-35)");
    incident.closed_at = desk.at;
    return {};
}

json::object clocks(const Incident& incident, base::Moment now) {
    const auto hours = [&](const std::optional<base::Moment>& told) {
        const auto until = told.value_or(now);
        return std::chrono::floor<std::chrono::hours>(until - incident.noticed_at).count();
    };
    json::object out;
    if (incident.ncsc_interest) {
        out["ncsc"] = {{"informed", incident.ncsc_informed_at.has_value()},
                       {"hours", hours(incident.ncsc_informed_at)}};
    }
    if (incident.affects_network) {
        out["team"] = {{"informed", incident.team_informed_at.has_value()},
                       {"hours", hours(incident.team_informed_at)}};
    }
    return out;
}

// Once for each incident, as soon as it is known to affect the network.
base::Result<void> tell_team(Desk& desk) {
    const auto& incident = desk.incident->value;
    if (!incident.affects_network || desk.schemes.empty()) return {};
    desk.scheme = &desk.schemes.front();
    return desk.notify_team(Role::operations, "incident-team", {{"reason", incident.description}},
                            incident.id);
}

base::Result<Reply> report(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<IncidentBody>(desk));
    if (base::trim(body.description).empty() || !body.noticed_at)
        return refuse("Say what happened, and when it was noticed");
    const int year = static_cast<int>(desk.today.year());
    ASSAY_TRY(const auto number, desk.store.next_number(fmt::format("incident-{}", year)));
    Incident made{.id = fmt::format("I-{}-{:05}", year, number),
                  .organisation = desk.organisation->value.id,
                  .reported_at = desk.at};
    if (auto ok = apply(desk, body, made); !ok) return std::unexpected(ok.error());
    desk.incident = Loaded<Incident>{made, 0, true};
    if (auto told = tell_team(desk); !told) return std::unexpected(told.error());
    return Reply{{{"incident", made.id}, {"clocks", clocks(made, desk.at)}}};
}

base::Result<Reply> update(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<IncidentBody>(desk));
    auto& incident = desk.incident->value;
    if (incident.closed_at) return refuse("This incident is closed");
    if (auto ok = apply(desk, body, incident); !ok) return std::unexpected(ok.error());
    desk.incident->changed = true;
    if (auto told = tell_team(desk); !told) return std::unexpected(told.error());
    return Reply{{{"clocks", clocks(incident, desk.at)}}};
}

base::Result<Reply> show(Desk& desk) {
    return Reply{{{"incident", to_json(desk.incident->value)},
                  {"clocks", clocks(desk.incident->value, desk.at)},
                  {"version", desk.incident->version}}};
}

}  // namespace

std::vector<Command> commands_of_incidents() {
    using enum Role;
    return {
        {{"incident", {point_of_contact, preparer}, "organisation", true, "Report an incident."},
         {},
         report},
        {{"incident-update",
          {point_of_contact, preparer, operations},
          "incident",
          true,
          "Add to an incident, or close it."},
         {},
         update},
        {{"incident-show",
          {point_of_contact, preparer, operations, assessor},
          "incident",
          false,
          "Show an incident."},
         {},
         show},
    };
}

}  // namespace assay::certify
