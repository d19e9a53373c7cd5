#include "certify/office.hpp"

#include <algorithm>

#include "certify/commands/desk.hpp"

namespace assay::certify {

namespace {

constexpr std::size_t body_octets_max = 4u << 20;  // ours: findings of a large report

bool works_for_scheme(const Person& person) {
    return person.organisation.empty();
}

std::unexpected<base::Error> unseen(std::string_view what, std::string_view id) {
    return base::fail(base::ErrorKind::not_found,
                      fmt::format("There is no {} '{}', or it is not yours to see", what,
                                  base::quote_for_display(id, 60)));
}

base::Result<std::string> named(const json::object& body, std::string_view what) {
    const auto* value = body.if_contains(what);
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    if (text == nullptr || text->empty())
        return refuse(fmt::format("Say which {}: \"{}\": \"...\"", what, what));
    return std::string(*text);
}

template <class T>
base::Result<std::optional<Loaded<T>>> load(Transaction& store, Kind kind, std::string_view id,
                                            std::string_view what) {
    ASSAY_TRY(const auto row, store.find(kind, id));
    if (!row) return std::nullopt;
    ASSAY_TRY(auto value, value_of<T>(*row, what));
    return Loaded<T>{std::move(value), row->version};
}

// What the scheme's people see of a case: all of it once it was sent, and before that only where
// the applicant has declared a gap, which is how it asks for help.
bool team_sees(const Case& application) {
    return !application.submissions.empty() || !application.gaps.empty();
}

// Those of a shared infrastructure read and sign too.
bool takes_part(const Organisation& lead, const Case& application, std::string_view organisation) {
    return std::ranges::any_of(lead.infrastructures, [&](const Infrastructure& one) {
        return one.id == application.infrastructure &&
               std::ranges::find(one.participants, organisation) != one.participants.end();
    });
}

bool is_for_participants(std::string_view command) {
    constexpr std::array<std::string_view, 5> shared{"read", "text", "sign", "decline",
                                                     "countersign"};
    return std::ranges::find(shared, command) != shared.end();
}

base::Result<void> load_organisation(Desk& desk, const std::string& id) {
    ASSAY_TRY(auto found, load<Organisation>(desk.store, Kind::organisation, id, "organisation"));
    if (!found) return unseen("organisation", id);
    desk.organisation = std::move(found);
    return {};
}

base::Result<void> load_case(Desk& desk, std::string_view command) {
    ASSAY_TRY(const auto id, named(desk.request.body, "case"));
    ASSAY_TRY(auto found, load<Case>(desk.store, Kind::application, id, "case"));
    if (!found) return unseen("case", id);
    ASSAY_TRY(auto lead, load<Organisation>(desk.store, Kind::organisation,
                                            found->value.organisation, "organisation"));
    if (!lead) return unseen("case", id);
    const bool own = desk.actor.organisation == found->value.organisation;
    const bool shared = is_for_participants(command) &&
                        takes_part(lead->value, found->value, desk.actor.organisation);
    const bool visible = works_for_scheme(desk.actor)
                             ? team_sees(found->value) || desk.role == Role::system
                             : own || shared;
    if (!visible) return unseen("case", id);
    desk.application = std::move(found);
    desk.organisation = std::move(lead);
    if (auto ready = desk.prepare_dossier(); !ready) return ready;
    // Follows from what was given, and from the day: a document may have become too old.
    if (is_with_applicant(desk.the_case().state))
        desk.the_case().state = state_before_submission(desk.dossier());
    return {};
}

base::Result<void> load_certificate(Desk& desk) {
    ASSAY_TRY(const auto number, named(desk.request.body, "certificate"));
    ASSAY_TRY(auto found, load<Certificate>(desk.store, Kind::certificate, number, "certificate"));
    if (!found) return unseen("certificate", number);
    if (!works_for_scheme(desk.actor) && desk.actor.organisation != found->value.organisation)
        return unseen("certificate", number);
    ASSAY_TRY(const auto* const scheme, desk.find_scheme(found->value.scheme));
    desk.scheme = scheme;
    desk.certificate = std::move(found);
    return load_organisation(desk, desk.certificate->value.organisation);
}

base::Result<void> load_incident(Desk& desk) {
    ASSAY_TRY(const auto id, named(desk.request.body, "incident"));
    ASSAY_TRY(auto found, load<Incident>(desk.store, Kind::incident, id, "incident"));
    if (!found) return unseen("incident", id);
    if (!works_for_scheme(desk.actor) && desk.actor.organisation != found->value.organisation)
        return unseen("incident", id);
    desk.incident = std::move(found);
    return load_organisation(desk, desk.incident->value.organisation);
}

base::Result<void> load_target(Desk& desk, const CommandInfo& info) {
    if (info.target == "case") return load_case(desk, info.name);
    if (info.target == "certificate") return load_certificate(desk);
    if (info.target == "incident") return load_incident(desk);
    if (info.target != "organisation") return {};
    const auto* named_one = desk.request.body.if_contains("organisation");
    if (!works_for_scheme(desk.actor)) {
        if (named_one != nullptr && *named_one != json::value(desk.actor.organisation))
            return unseen("organisation", json::serialize(*named_one));
        return load_organisation(desk, desk.actor.organisation);
    }
    ASSAY_TRY(const auto id, named(desk.request.body, "organisation"));
    return load_organisation(desk, id);
}

base::Result<void> check_version(const Desk& desk) {
    const auto& seen = desk.request.version;
    if (!seen) return {};
    const std::uint64_t now = desk.application    ? desk.application->version
                              : desk.certificate  ? desk.certificate->version
                              : desk.incident     ? desk.incident->version
                              : desk.organisation ? desk.organisation->version
                                                  : *seen;
    if (now == *seen) return {};
    return base::fail(base::ErrorKind::conflict,
                      fmt::format("Somebody changed this while you worked on it: you saw version "
                                  "{}, now it is {}. Read it again, then decide",
                                  *seen, now));
}

base::Result<void> check_state(const Desk& desk, const Command& command) {
    if (command.states.empty() || !desk.application) return {};
    const auto state = desk.application->value.state;
    if (std::ranges::find(command.states, state) != command.states.end()) return {};
    std::string when;
    for (const auto one : command.states)
        when += (when.empty() ? "" : ", ") + std::string(print(one));
    return refuse(
        fmt::format("'{}' is not possible now: the case is {}. It is possible when the "
                    "case is: {}",
                    command.info.name, print(state), when));
}

// The first of the command's roles that the person has.
std::optional<Role> role_for(const Person& person, const CommandInfo& info) {
    for (const auto role : info.roles) {
        if (std::ranges::find(person.roles, role) != person.roles.end()) return role;
    }
    return std::nullopt;
}

base::Result<void> seat_actor(Desk& desk, const CommandInfo& info) {
    ASSAY_TRY(const auto actor, desk.find_person(desk.request.actor));
    if (!actor || !actor->active) {
        return base::fail(base::ErrorKind::not_found,
                          fmt::format("There is no active person '{}'",
                                      base::quote_for_display(desk.request.actor, 60)));
    }
    const auto role = role_for(*actor, info);
    if (!role) {
        std::string roles;
        for (const auto one : info.roles)
            roles +=
                (roles.empty() ? "" : ", ") + std::string(boost::describe::enum_to_string(one, ""));
        return refuse(fmt::format("'{}' is not for you. It is for: {}", info.name, roles));
    }
    desk.actor = *actor;
    desk.role = *role;
    desk.at = desk.request.at;
    desk.today = date_of(desk.request.at);
    return {};
}

void recompute_state(Desk& desk) {
    if (!desk.application || !is_with_applicant(desk.the_case().state)) return;
    const auto state = state_before_submission(desk.dossier());
    if (state == desk.the_case().state) return;
    desk.the_case().state = state;
    desk.application->changed = true;
}

std::uint64_t version_after(const Desk& desk) {
    const auto of = [](const auto& loaded) { return loaded->version + (loaded->changed ? 1 : 0); };
    if (desk.application) return of(desk.application);
    if (desk.certificate) return of(desk.certificate);
    if (desk.incident) return of(desk.incident);
    if (desk.organisation) return of(desk.organisation);
    return 0;
}

}  // namespace

std::string_view target_of(const Desk& desk) {
    for (const auto& command : all_commands()) {
        if (command.info.name == desk.request.command) return command.info.target;
    }
    return {};
}

const std::vector<Command>& all_commands() {
    static const std::vector<Command> all = [] {
        std::vector<Command> out;
        for (const auto& part :
             {commands_of_people(), commands_of_applicants(), commands_of_evidence(),
              commands_of_signing(), commands_of_assessors(), commands_of_decisions(),
              commands_of_certificates(), commands_of_scope(), commands_of_oversight(),
              commands_of_incidents(), commands_of_time()}) {
            out.insert(out.end(), part.begin(), part.end());
        }
        return out;
    }();
    return all;
}

Office::Office(Store& store, std::span<const Scheme> schemes, const Issuing& issuing,
               std::function<std::uint32_t()> random)
    : store_(&store), schemes_(schemes), issuing_(&issuing), random_(std::move(random)) {}

std::vector<CommandInfo> Office::commands() {
    std::vector<CommandInfo> out;
    for (const auto& command : all_commands())
        out.push_back(command.info);
    return out;
}

base::Result<void> Office::found(const Person& operations, base::Moment at) {
    ASSAY_TRY(const auto transaction, store_->write());
    ASSAY_TRY(const auto people, transaction->list(Kind::person, {}));
    if (!people.empty()) return refuse("There are people already; ask one of operations");
    auto saved = transaction->save(Kind::person, {.id = operations.id,
                                                  .organisation = operations.organisation,
                                                  .state = "active",
                                                  .version = 0,
                                                  .json = json::serialize(to_json(operations))});
    if (!saved) return saved;
    Event event{.stream = "office",
                .number = 1,
                .at = at,
                .actor = operations.id,
                .role = "operations",
                .command = "found",
                .data = {},
                .previous = {},
                .hash = {}};
    event.hash = hash_of(event);
    if (auto appended = transaction->append(event); !appended) return appended;
    return transaction->commit();
}

base::Result<Reply> Office::run(const Request& request) {
    const auto& all = all_commands();
    const auto found = std::ranges::find_if(
        all, [&](const Command& one) { return one.info.name == request.command; });
    if (found == all.end()) {
        return refuse(
            fmt::format("There is no command '{}'", base::quote_for_display(request.command, 60)));
    }
    if (json::serialize(request.body).size() > body_octets_max)
        return base::fail(base::ErrorKind::limit, "The body is larger than 4 MB. Send it in parts");
    ASSAY_TRY(const auto transaction, found->info.writes ? store_->write() : store_->read());
    Desk desk(*transaction, schemes_, *issuing_, random_, request);
    if (auto ok = seat_actor(desk, found->info); !ok) return std::unexpected(ok.error());
    if (auto ok = load_target(desk, found->info); !ok) return std::unexpected(ok.error());
    if (auto ok = check_version(desk); !ok) return std::unexpected(ok.error());
    if (auto ok = check_state(desk, *found); !ok) return std::unexpected(ok.error());
    ASSAY_TRY(auto reply, found->handler(desk));
    if (!found->info.writes || !reply.done) return reply;
    recompute_state(desk);
    if (auto ok = desk.save_all(); !ok) return std::unexpected(ok.error());
    if (auto ok = transaction->commit(); !ok) return std::unexpected(ok.error());
    if (desk.application) reply.body["state"] = to_json(desk.the_case().state);
    if (const auto version = version_after(desk); version > 0) reply.body["version"] = version;
    return reply;
}

}  // namespace assay::certify
