// What a command has on its desk while it runs: who asks, what is asked about, the transaction.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "certify/office.hpp"

namespace assay::certify {

template <class T>
struct Loaded {
    T value;
    std::uint64_t version = 0;
    bool changed = false;
};

class Desk {
  public:
    Desk(Transaction& store, std::span<const Scheme> schemes, const Issuing& issuing,
         const std::function<std::uint32_t()>& random, const Request& request)
        : store(store), schemes(schemes), issuing(issuing), random(random), request(request) {}

    Transaction& store;
    std::span<const Scheme> schemes;
    const Issuing& issuing;
    const std::function<std::uint32_t()>& random;
    const Request& request;
    Person actor;
    Role role = Role::relying_party;  // the one by which the actor may use the command
    base::Moment at{};
    Date today{};

    std::optional<Loaded<Case>> application;
    std::optional<Loaded<Organisation>> organisation;
    std::optional<Loaded<Certificate>> certificate;
    std::optional<Loaded<Incident>> incident;
    const Scheme* scheme = nullptr;

    // For rules: the case with its organisation and the case before it.
    base::Result<void> prepare_dossier();
    Dossier dossier() const;

    base::Result<const Scheme*> find_scheme(std::string_view id) const;
    base::Result<std::optional<Person>> find_person(std::string_view id);
    base::Result<std::optional<Certificate>> find_certificate(std::string_view number);
    base::Result<Person> point_of_contact(const Organisation& organisation);

    // Saves what changed, with one event in each stream that was touched.
    base::Result<void> save_all();
    // The same in the middle of a command that goes over many; leaves the desk empty.
    base::Result<void> save_and_clear();
    base::Result<void> log(const json::object& entry);

    // A message by a template of the scheme. `key` is made unique by what it is about.
    base::Result<void> notify(std::string_view text, std::string_view to_email,
                              std::map<std::string, std::string> values, std::string key);
    base::Result<void> notify_contact(std::string_view text,
                                      std::map<std::string, std::string> values, std::string key);

    // Every active person of the scheme with this role.
    base::Result<void> notify_team(Role role, std::string_view text,
                                   std::map<std::string, std::string> values, std::string key);
    // Who has signed the case.
    base::Result<void> notify_signatories(const Case& application, std::string_view text,
                                          std::map<std::string, std::string> values,
                                          std::string key);

    Case& the_case() { return application->value; }
    json::object event_data;  // what the audit event says besides the command's body

  private:
    base::Result<void> append_event(const std::string& stream);
    std::optional<Case> previous_;
    std::vector<Case> decided_before_;
    std::optional<Date> previous_ends_;
    ScopeOutcome scope_change_ = ScopeOutcome::undecided;
    bool supporting_valid_ = false;
};

using Handler = base::Result<Reply> (*)(Desk&);

struct Command {
    CommandInfo info;
    std::vector<CaseState> states;  // of the case; empty: any
    Handler handler;
};

// The table, one function a file of this folder.
std::vector<Command> commands_of_people();
std::vector<Command> commands_of_applicants();
std::vector<Command> commands_of_evidence();
std::vector<Command> commands_of_signing();
std::vector<Command> commands_of_assessors();
std::vector<Command> commands_of_decisions();
std::vector<Command> commands_of_scope();
std::vector<Command> commands_of_oversight();
std::vector<Command> commands_of_certificates();
std::vector<Command> commands_of_incidents();
std::vector<Command> commands_of_time();
const std::vector<Command>& all_commands();

// The member of the body that names what the command is about.
std::string_view target_of(const Desk& desk);

// The body as a value; members that a command does not know are an error. `case`, `organisation`,
// `certificate` and `incident`, which name the target, are left out before.
template <class T>
base::Result<T> body_as(const Desk& desk) {
    json::object body = desk.request.body;
    for (const auto* name : {"case", "organisation", "certificate", "incident"}) {
        if (desk.request.body.contains(name) && std::string_view(name) == target_of(desk))
            body.erase(name);
    }
    return from_json<T>(body, desk.request.command);
}
std::unexpected<base::Error> refuse(std::string what);  // usage: it cannot be done now, and why

}  // namespace assay::certify
