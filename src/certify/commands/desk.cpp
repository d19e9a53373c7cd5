#include "certify/commands/desk.hpp"

#include <algorithm>

#include "certify/fill.hpp"
#include "certify/register.hpp"
#include "crypto/sha256.hpp"

namespace assay::certify {

namespace {

template <class T>
base::Result<void> save(Transaction& store, Kind kind, Loaded<T>& loaded, std::string id,
                        std::string organisation, std::string state) {
    if (!loaded.changed) return {};
    constexpr std::size_t stored_octets_max = 32u << 20;  // ours: thousands of findings
    auto text = json::serialize(to_json(loaded.value));
    if (text.size() > stored_octets_max) {
        return base::fail(base::ErrorKind::limit,
                          fmt::format("{} would have more than 32 MB. Shorten what you give", id));
    }
    return store.save(kind, {.id = std::move(id),
                             .organisation = std::move(organisation),
                             .state = std::move(state),
                             .version = loaded.version,
                             .json = std::move(text)});
}

// What stands in the trail for ever is what was done, not a copy of every document's text.
json::object without_long_texts(const json::object& body) {
    constexpr std::size_t text_max = 2'000;  // ours
    json::object out;
    for (const auto& [name, value] : body) {
        const auto text = json::serialize(value);
        if (text.size() <= text_max) {
            out[name] = value;
        } else {
            out[name] = {{"sha256", crypto::sha256_hex(text)}};
        }
    }
    return out;
}

}  // namespace

std::unexpected<base::Error> refuse(std::string what) {
    return base::fail(base::ErrorKind::usage, std::move(what));
}

base::Result<void> Desk::prepare_dossier() {
    ASSAY_TRY(const auto* const found_scheme, find_scheme(application->value.scheme));
    scheme = found_scheme;
    const auto& number = application->value.previous_certificate;
    if (!number.empty()) {
        ASSAY_TRY(const auto before, find_certificate(number));
        if (before && before->organisation == application->value.organisation) {
            previous_ends_ = before->last_day;
            if (!before->scope_changes.empty())
                scope_change_ = before->scope_changes.back().outcome;
            ASSAY_TRY(const auto row, store.find(Kind::application, before->case_id));
            if (row) {
                ASSAY_TRY(auto before_case, value_of<Case>(*row, "application"));
                previous_ = std::move(before_case);
            }
        }
    }
    decided_before_.clear();
    for (const auto* state : {"achieved", "not_achieved"}) {
        ASSAY_TRY(const auto rows,
                  store.list(Kind::application,
                             {.organisation = application->value.organisation, .state = state}));
        for (const auto& row : rows) {
            ASSAY_TRY(auto one, value_of<Case>(row, "application"));
            if (one.id != application->value.id && one.scheme == application->value.scheme &&
                one.infrastructure == application->value.infrastructure &&
                one.created_at <= application->value.created_at)
                decided_before_.push_back(std::move(one));
        }
    }
    const auto& basis = application->value.supporting_certificate;
    if (!basis.empty()) {
        ASSAY_TRY(const auto found, find_certificate(basis));
        supporting_valid_ = found && found->status == CertificateStatus::valid &&
                            found->last_day >= today &&
                            std::ranges::find(scheme->needs_certificate_of, found->scheme) !=
                                scheme->needs_certificate_of.end();
    }
    return {};
}

Dossier Desk::dossier() const {
    return {.scheme = *scheme,
            .application = application->value,
            .organisation = organisation->value,
            .previous = previous_ ? &*previous_ : nullptr,
            .decided_before = decided_before_,
            .previous_ends = previous_ends_,
            .scope_change = scope_change_,
            .supporting_certificate_valid = supporting_valid_,
            .today = today};
}

base::Result<const Scheme*> Desk::find_scheme(std::string_view id) const {
    const auto found = std::ranges::find(schemes, id, &Scheme::id);
    if (found != schemes.end()) return &*found;
    std::string known;
    for (const auto& one : schemes)
        known += (known.empty() ? "" : ", ") + one.id;
    return refuse(fmt::format("There is no scheme '{}'. The schemes are: {}",
                              base::quote_for_display(id, 60), known));
}

base::Result<std::optional<Person>> Desk::find_person(std::string_view id) {
    ASSAY_TRY(const auto row, store.find(Kind::person, id));
    if (!row) return std::nullopt;
    ASSAY_TRY(auto person, value_of<Person>(*row, "person"));
    return person;
}

base::Result<std::optional<Certificate>> Desk::find_certificate(std::string_view number) {
    ASSAY_TRY(const auto row, store.find(Kind::certificate, number));
    if (!row) return std::nullopt;
    ASSAY_TRY(auto found, value_of<Certificate>(*row, "certificate"));
    return found;
}

base::Result<Person> Desk::point_of_contact(const Organisation& body) {
    for (const auto& one : body.points_of_contact) {
        if (one.state != ContactChangeState::effective || one.until) continue;
        ASSAY_TRY(const auto person, find_person(one.person));
        if (person) return *person;
    }
    return base::fail(base::ErrorKind::not_found,
                      fmt::format("{} has no point of contact", body.name()));
}

base::Result<void> Desk::append_event(const std::string& stream) {
    ASSAY_TRY(const auto last, store.last_event(stream));
    Event event{.stream = stream,
                .number = last ? last->number + 1 : 1,
                .at = at,
                .actor = actor.id,
                .role = boost::describe::enum_to_string(role, ""),
                .command = request.command,
                .data = without_long_texts(request.body),
                .previous = last ? last->hash : std::string(),
                .hash = {}};
    for (const auto& [name, value] : event_data)
        event.data[name] = value;
    event.hash = hash_of(event);
    return store.append(event);
}

base::Result<void> Desk::save_all() {
    std::vector<std::string> streams;
    if (organisation && organisation->changed) {
        const auto& value = organisation->value;
        auto saved = save(store, Kind::organisation, *organisation, value.id, value.id, value.type);
        if (!saved) return saved;
        streams.push_back("organisation/" + value.id);
    }
    if (application && application->changed) {
        auto& value = application->value;
        value.touched_at = at;
        auto saved = save(store, Kind::application, *application, value.id, value.organisation,
                          std::string(print(value.state)));
        if (!saved) return saved;
        streams.push_back("case/" + value.id);
    }
    if (certificate && certificate->changed) {
        const auto& value = certificate->value;
        auto saved = save(store, Kind::certificate, *certificate, value.number, value.organisation,
                          boost::describe::enum_to_string(value.status, ""));
        if (!saved) return saved;
        streams.push_back("certificate/" + value.number);
    }
    if (incident && incident->changed) {
        const auto& value = incident->value;
        auto saved = save(store, Kind::incident, *incident, value.id, value.organisation,
                          value.closed_at ? "closed" : "open");
        if (!saved) return saved;
        streams.push_back("incident/" + value.id);
    }
    if (streams.empty()) streams.push_back("office");
    for (const auto& stream : streams) {
        if (auto appended = append_event(stream); !appended) return appended;
    }
    return {};
}

base::Result<void> Desk::save_and_clear() {
    auto saved = save_all();
    application.reset();
    certificate.reset();
    organisation.reset();
    scheme = nullptr;
    return saved;
}

base::Result<void> Desk::log(const json::object& entry) {
    const auto index = store.append_entry(print_entry(entry, at));
    if (!index) return std::unexpected(index.error());
    return {};
}

base::Result<void> Desk::notify(std::string_view text, std::string_view to_email,
                                std::map<std::string, std::string> values, std::string key) {
    if (scheme == nullptr || to_email.empty()) return {};
    const auto* words = scheme->text(text);
    if (words == nullptr) return {};
    if (organisation) values.try_emplace("organisation", organisation->value.name());
    if (application) values.try_emplace("number", application->value.id);
    values.try_emplace("scheme", scheme->title);
    values.try_emplace("date", print_long(today));
    return store.post({.key = fmt::format("{}/{}/{}", text, key, to_email),
                       .to = std::string(to_email),
                       .subject = fill(words->subject, values),
                       .body = fill(words->body, values),
                       .not_before = at});
}

base::Result<void> Desk::notify_contact(std::string_view text,
                                        std::map<std::string, std::string> values,
                                        std::string key) {
    if (!organisation) return {};
    const auto contact = point_of_contact(organisation->value);
    if (!contact) return {};
    values.try_emplace("name", contact->name);
    return notify(text, contact->email, std::move(values), std::move(key));
}

base::Result<void> Desk::notify_team(Role wanted, std::string_view text,
                                     std::map<std::string, std::string> values, std::string key) {
    ASSAY_TRY(const auto rows, store.list(Kind::person, {.organisation = {}, .state = "active"}));
    for (const auto& row : rows) {
        ASSAY_TRY(const auto person, value_of<Person>(row, "person"));
        const bool meant = person.organisation.empty() &&
                           std::ranges::find(person.roles, wanted) != person.roles.end();
        if (!meant) continue;
        if (auto sent = notify(text, person.email, values, key); !sent) return sent;
    }
    return {};
}

base::Result<void> Desk::notify_signatories(const Case& one, std::string_view text,
                                            std::map<std::string, std::string> values,
                                            std::string key) {
    for (const auto& signature : one.signatures) {
        ASSAY_TRY(const auto person, find_person(signature.person));
        if (!person || !person->active) continue;
        if (auto sent = notify(text, person->email, values, key); !sent) return sent;
    }
    return {};
}

}  // namespace assay::certify
