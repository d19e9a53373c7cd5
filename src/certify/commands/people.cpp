// Who is who: organisations, people, points of contact, role contacts.
#include <algorithm>

#include "certify/commands/desk.hpp"

namespace assay::certify {

namespace {

struct OrganisationBody {
    std::string id, name, type, registrar, registration;
    std::optional<bool> has_siro;
};
BOOST_DESCRIBE_STRUCT(OrganisationBody, (), (id, name, type, registrar, registration, has_siro))

bool is_id(std::string_view text) {
    // Ids stand in addresses, where ".." would be a way up.
    if (text.empty() || text.size() > 60 || text.front() == '.' || text.contains(".."))
        return false;
    return std::ranges::all_of(text, [](char c) {
        return base::is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.';
    });
}

// Names stand in the public log, on certificates and in letters.
base::Result<void> check_length(std::string_view what, std::string_view text) {
    constexpr std::size_t name_octets_max = 200;  // ours
    if (text.size() <= name_octets_max) return {};
    return refuse(fmt::format("The {} is longer than {} bytes", what, name_octets_max));
}

// Registering an organisation, and what changes about it later: its name is dated (a certificate
// stays with the organisation, not with a name), its type moves the signatory rule.
base::Result<Reply> organisation(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<OrganisationBody>(desk));
    if (!is_id(body.id))
        return refuse("Give the organisation an id of lower case letters, digits, '-' and '.'");
    for (const auto& [what, text] :
         {std::pair{"id", body.id}, {"name", body.name}, {"registration", body.registration}}) {
        if (auto ok = check_length(what, text); !ok) return std::unexpected(ok.error());
    }
    ASSAY_TRY(const auto row, desk.store.find(Kind::organisation, body.id));
    Loaded<Organisation> loaded;
    if (row) {
        ASSAY_TRY(auto value, value_of<Organisation>(*row, "organisation"));
        loaded = {std::move(value), row->version, true};
    } else {
        if (base::trim(body.name).empty() || body.type.empty())
            return refuse("Give the name and the type of the organisation (R-01)");
        loaded.value.id = body.id;
    }
    loaded.changed = true;
    auto& value = loaded.value;
    const bool renamed = !body.name.empty() && (value.names.empty() || value.name() != body.name);
    if (renamed) value.names.push_back({body.name, desk.at});
    if (!body.type.empty()) value.type = body.type;
    if (!body.registration.empty()) {
        value.registration = body.registration;
        value.registrar = body.registrar;
    }
    if (body.has_siro) value.has_siro = *body.has_siro;
    desk.organisation = std::move(loaded);
    if (renamed) {
        auto logged = desk.log({{"t", row ? "org.renamed" : "org.created"},
                                {"org", body.id},
                                {"name", body.name},
                                {"type", desk.organisation->value.type}});
        if (!logged) return std::unexpected(logged.error());
    }
    return Reply{{{"organisation", body.id}}};
}

// A signature stays valid when who signed leaves; the successor countersigns in time.
base::Result<void> ask_for_countersignatures(Desk& desk, const Person& left) {
    ASSAY_TRY(const auto rows, desk.store.list(Kind::application, {}));
    for (const auto& row : rows) {
        ASSAY_TRY(auto one, value_of<Case>(row, "application"));
        const bool under_way = is_open(one.state) && !is_with_applicant(one.state);
        if (!under_way ||
            std::ranges::find(one.signatures, left.id, &Signature::person) == one.signatures.end())
            continue;
        ASSAY_TRY(const auto* const scheme, desk.find_scheme(one.scheme));
        ASSAY_TRY(const auto owner, desk.store.find(Kind::organisation, left.organisation));
        if (!owner) continue;
        ASSAY_TRY(auto organisation, value_of<Organisation>(*owner, "organisation"));
        const Date due = plus(desk.today, scheme->validity.countersign);
        one.countersignatures.push_back({.organisation = left.organisation,
                                         .left = left.id,
                                         .by = {},
                                         .asked_at = desk.at,
                                         .due = due,
                                         .at = {}});
        desk.scheme = scheme;
        desk.organisation = Loaded<Organisation>{std::move(organisation), owner->version};
        desk.application = Loaded<Case>{std::move(one), row.version, true};
        auto told = desk.notify_contact("countersign", {{"due", print_long(due)}},
                                        desk.the_case().id + "/" + left.id);
        if (!told) return told;
        if (auto saved = desk.save_and_clear(); !saved) return saved;
    }
    return {};
}

base::Result<Reply> person(Desk& desk) {
    ASSAY_TRY(auto body, body_as<Person>(desk));
    if (!is_id(body.id))
        return refuse("Give the person an id of lower case letters, digits, '-' and '.'");
    if (base::trim(body.name).empty() || body.email.find('@') == std::string::npos)
        return refuse("Give the person's name and email address");
    const bool of_applicant = desk.role != Role::operations;
    if (of_applicant) body.organisation = desk.actor.organisation;
    constexpr std::array theirs{Role::preparer, Role::point_of_contact, Role::signatory,
                                Role::tester};
    for (const auto role : body.roles) {
        const bool applicant = std::ranges::find(theirs, role) != theirs.end();
        if (applicant == body.organisation.empty()) {
            return refuse(fmt::format("The role {} is for people of {}",
                                      boost::describe::enum_to_string(role, ""),
                                      applicant ? "an organisation" : "the scheme"));
        }
    }
    ASSAY_TRY(const auto row, desk.store.find(Kind::person, body.id));
    if (row && row->organisation != body.organisation) {
        return base::fail(base::ErrorKind::not_found,
                          "There is no person '" + body.id + "' of this organisation");
    }
    if (!body.organisation.empty()) {
        ASSAY_TRY(const auto theirs_row, desk.store.find(Kind::organisation, body.organisation));
        if (!theirs_row) return refuse("There is no organisation '" + body.organisation + "'");
    }
    auto saved = desk.store.save(Kind::person, {.id = body.id,
                                                .organisation = body.organisation,
                                                .state = body.active ? "active" : "left",
                                                .version = row ? row->version : 0,
                                                .json = json::serialize(to_json(body))});
    if (!saved) return std::unexpected(saved.error());
    if (row && row->state == "active" && !body.active) {
        if (auto asked = ask_for_countersignatures(desk, body); !asked)
            return std::unexpected(asked.error());
    }
    return Reply{{{"person", body.id}}};
}

struct PersonBody {
    std::string person;
};
BOOST_DESCRIBE_STRUCT(PersonBody, (), (person))

// A new point of contact: proposed, then verified by somebody other than the one who proposed it.
// Until then the old one stays.
base::Result<Reply> propose_contact(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<PersonBody>(desk));
    ASSAY_TRY(const auto who, desk.find_person(body.person));
    auto& organisation = desk.organisation->value;
    if (!who || who->organisation != organisation.id)
        return refuse("There is no person '" + body.person + "' in this organisation");
    const bool first = organisation.points_of_contact.empty();
    PointOfContact change{
        .person = body.person, .proposed_at = desk.at, .proposed_by = desk.actor.id};
    if (first) {
        change.state = ContactChangeState::effective;
        change.from = desk.at;
    }
    organisation.points_of_contact.push_back(change);
    desk.organisation->changed = true;
    return Reply{{{"person", body.person}, {"state", to_json(change.state)}}};
}

// Access follows the job: who is no longer the point of contact cannot act as one.
base::Result<void> move_role(Desk& desk, const std::string& id, bool gives) {
    ASSAY_TRY(const auto row, desk.store.find(Kind::person, id));
    if (!row) return {};
    ASSAY_TRY(auto person, value_of<Person>(*row, "person"));
    std::erase(person.roles, Role::point_of_contact);
    if (gives) person.roles.push_back(Role::point_of_contact);
    return desk.store.save(Kind::person, {.id = row->id,
                                          .organisation = row->organisation,
                                          .state = row->state,
                                          .version = row->version,
                                          .json = json::serialize(to_json(person))});
}

// The old person, the new one, and the scheme's team are told.
base::Result<void> tell_both(Desk& desk, const PointOfContact* before, const Person& now) {
    if (desk.schemes.empty()) return {};
    desk.scheme = &desk.schemes.front();
    const auto key = desk.organisation->value.id + base::print(desk.at);
    auto team =
        desk.notify_team(Role::operations, "contact-change-team", {{"owner", now.name}}, key);
    if (!team) return team;
    auto told = desk.notify("contact-change-new", now.email, {{"name", now.name}}, key);
    if (!told || before == nullptr) return told;
    ASSAY_TRY(const auto old, desk.find_person(before->person));
    if (!old) return {};
    return desk.notify("contact-change-old", old->email, {{"name", old->name}}, key);
}

base::Result<Reply> verify_contact(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<PersonBody>(desk));
    auto& all = desk.organisation->value.points_of_contact;
    const auto change = std::ranges::find_if(all, [&](const PointOfContact& one) {
        return one.person == body.person && one.state == ContactChangeState::proposed;
    });
    if (change == all.end()) return refuse("Nobody proposed '" + body.person + "'");
    if (change->proposed_by == desk.actor.id)
        return refuse("Somebody other than the person who proposed the change must verify it");
    ASSAY_TRY(const auto who, desk.find_person(body.person));
    if (!who) return refuse("There is no person '" + body.person + "'");
    const auto current = std::ranges::find_if(all, [](const PointOfContact& one) {
        return one.state == ContactChangeState::effective && !one.until;
    });
    const PointOfContact* before = current == all.end() ? nullptr : &*current;
    if (auto told = tell_both(desk, before, *who); !told) return std::unexpected(told.error());
    if (current != all.end()) {
        current->until = desk.at;
        if (auto moved = move_role(desk, current->person, false); !moved)
            return std::unexpected(moved.error());
    }
    if (auto moved = move_role(desk, body.person, true); !moved)
        return std::unexpected(moved.error());
    change->state = ContactChangeState::effective;
    change->verified_by = desk.actor.id;
    change->from = desk.at;
    desk.organisation->changed = true;
    return Reply{{{"person", body.person}, {"state", "effective"}}};
}

base::Result<Reply> set_contact(Desk& desk) {
    ASSAY_TRY(auto body, body_as<RoleContact>(desk));
    if (base::trim(body.role).empty() || base::trim(body.name).empty() ||
        body.email.find('@') == std::string::npos)
        return refuse("Give the role, the name and the email address of the contact (R-34)");
    body.confirmed_at = desk.at;
    auto& contacts = desk.organisation->value.contacts;
    std::erase_if(contacts, [&](const RoleContact& one) { return one.role == body.role; });
    contacts.push_back(body);
    desk.organisation->changed = true;
    return Reply{{{"role", body.role}}};
}

base::Result<Reply> confirm_contacts(Desk& desk) {
    for (auto& contact : desk.organisation->value.contacts)
        contact.confirmed_at = desk.at;
    desk.organisation->changed = true;
    return Reply{{{"confirmed", desk.organisation->value.contacts.size()}}};
}

// What was signed and sent must stay what it was until it is decided.
base::Result<bool> is_being_decided(Desk& desk, const std::string& infrastructure) {
    ASSAY_TRY(const auto rows,
              desk.store.list(Kind::application,
                              {.organisation = desk.organisation->value.id, .state = {}}));
    for (const auto& row : rows) {
        ASSAY_TRY(const auto one, value_of<Case>(row, "application"));
        if (one.infrastructure == infrastructure && is_open(one.state) &&
            !is_with_applicant(one.state))
            return true;
    }
    return false;
}

base::Result<Reply> set_infrastructure(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<Infrastructure>(desk));
    if (!is_id(body.id) || base::trim(body.name).empty())
        return refuse("Give the infrastructure an id and a name (R-04)");
    if (auto ok = check_length("name", body.name); !ok) return std::unexpected(ok.error());
    ASSAY_TRY(const bool in_use, is_being_decided(desk, body.id));
    if (in_use)
        return refuse(
            "An application for this infrastructure is with the team. It can be changed "
            "when the application is back, or decided");
    auto& all = desk.organisation->value.infrastructures;
    const auto found = std::ranges::find(all, body.id, &Infrastructure::id);
    if (found == all.end()) {
        all.push_back(body);
    } else {
        *found = body;
    }
    desk.organisation->changed = true;
    return Reply{{{"infrastructure", body.id}}};
}

base::Result<Reply> show_organisation(Desk& desk) {
    return Reply{{{"organisation", to_json(desk.organisation->value)},
                  {"version", desk.organisation->version}}};
}

}  // namespace

std::vector<Command> commands_of_people() {
    using enum Role;
    return {
        {{"organisation", {operations}, "", true, "Register an organisation, or change it."},
         {},
         organisation},
        {{"person", {operations, point_of_contact}, "", true, "Add a person, or change one."},
         {},
         person},
        {{"point-of-contact",
          {operations, point_of_contact, preparer, signatory},
          "organisation",
          true,
          "Propose a new point of contact."},
         {},
         propose_contact},
        {{"point-of-contact-verify",
          {operations, point_of_contact, signatory},
          "organisation",
          true,
          "Verify a proposed point of contact."},
         {},
         verify_contact},
        {{"contact",
          {point_of_contact, preparer},
          "organisation",
          true,
          "Give the contact details of a role."},
         {},
         set_contact},
        {{"contacts-confirm",
          {point_of_contact, preparer},
          "organisation",
          true,
          "Confirm that all contact details are right."},
         {},
         confirm_contacts},
        {{"infrastructure",
          {point_of_contact, preparer},
          "organisation",
          true,
          "Define an infrastructure, whole or part."},
         {},
         set_infrastructure},
        {{"organisation-show",
          {operations, validator, assessor, decision_maker, point_of_contact, preparer, signatory},
          "organisation",
          false,
          "Show an organisation."},
         {},
         show_organisation},
    };
}

}  // namespace assay::certify
