#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "certify/scheme_parts.hpp"

namespace assay::certify {

namespace {

constexpr std::array reminder_events{
    std::pair<std::string_view, ReminderEvent>{"certificate_expiry",
                                               ReminderEvent::certificate_expiry},
    std::pair<std::string_view, ReminderEvent>{"plan_item_finish", ReminderEvent::plan_item_finish},
    std::pair<std::string_view, ReminderEvent>{"contacts_confirmation",
                                               ReminderEvent::contacts_confirmation},
};

// Days before or after an event.
std::vector<int> read_days(Fields& row, std::string_view key, unsigned least_negative) {
    constexpr std::uint64_t days_max = 3'650;  // ours: ten years
    std::vector<int> out;
    for (const auto& text : row.lines(key)) {
        std::string_view digits = text;
        const bool negative = digits.starts_with('-');
        if (negative) digits.remove_prefix(1);
        const auto days = base::parse_decimal(digits, negative ? least_negative : days_max);
        if (!days) {
            row.fault(row.take(key)->where, "wrong-type",
                      fmt::format("'{}' lists whole numbers of days", key));
            return out;
        }
        out.push_back(negative ? -static_cast<int>(*days) : static_cast<int>(*days));
    }
    return out;
}

void read_organisation(Fields& root, Scheme& scheme, Places& places) {
    for (const auto& item : root.list("organisation_types", Need::must)) {
        Fields row(root.names(), item, "An organisation type");
        OrganisationType type;
        type.id = row.id(Thing::organisation_type);
        type.title = row.line("title", Need::must);
        type.registered = row.flag("registered", false);
        row.done();
        scheme.organisation_types.push_back(std::move(type));
    }
    root.list("steps", Need::must);
    for (auto& title : root.lines("steps")) {
        scheme.steps.push_back({static_cast<unsigned>(scheme.steps.size() + 1), std::move(title)});
    }
    for (const auto& item : root.list("sections", Need::must)) {
        Fields row(root.names(), item, "A section");
        Section section;
        section.id = row.id(Thing::section);
        section.title = row.line("title", Need::must);
        const auto step = row.number("step").value_or(1);
        section.step = step < 1 || step > UINT32_MAX ? 0 : static_cast<unsigned>(step);
        places.steps_of_sections.emplace_back(section.step, row.where());
        row.done();
        scheme.sections.push_back(std::move(section));
    }
}

void read_validity(Fields& root, Scheme& scheme) {
    const auto* value = root.take("validity");
    if (value == nullptr) return;
    Fields fields(root.names(), *value, "The validity");
    auto& validity = scheme.validity;
    validity.normal = fields.period("normal", validity.normal);
    validity.renewal_opens = fields.period("renewal_opens", validity.renewal_opens);
    validity.interim_max = fields.period("interim_max", validity.interim_max);
    validity.technical_cure = fields.period("technical_cure", validity.technical_cure);
    validity.countersign = fields.period("countersign", validity.countersign);
    validity.rule = fields.refer("rule", Thing::rule);
    fields.done();
}

void read_service(Fields& root, Scheme& scheme) {
    const auto* value = root.take("service");
    if (value == nullptr) return;
    Fields fields(root.names(), *value, "The service levels");
    auto& service = scheme.service;
    service.decide = fields.period("decide", service.decide);
    service.answer_within = fields.period("answer_within", service.answer_within);
    for (const auto days : read_days(fields, "request_reminder_days", 0)) {
        service.request_reminder_days.push_back(static_cast<unsigned>(days));
    }
    service.lapse = fields.period("lapse", service.lapse);
    service.contacts_confirmed = fields.period("contacts_confirmed", service.contacts_confirmed);
    service.consider_withdrawal = fields.period("consider_withdrawal", service.consider_withdrawal);
    service.rule = fields.refer("rule", Thing::rule);
    fields.done();
}

void read_process(Fields& root, Scheme& scheme) {
    const auto* value = root.take("process", Need::must);
    if (value == nullptr) return;
    Fields fields(root.names(), *value, "The process");
    const auto rule = [&](std::string_view key) {
        return fields.refer(key, Thing::rule, Need::must);
    };
    scheme.process = {
        .organisation = rule("organisation"),
        .point_of_contact = rule("point_of_contact"),
        .infrastructure = rule("infrastructure"),
        .accuracy = rule("accuracy"),
        .reading = rule("reading"),
        .requests = rule("requests"),
        .renewal = rule("renewal"),
        .basis = fields.refer("basis", Thing::rule,
                              scheme.needs_certificate_of.empty() ? Need::may : Need::must)};
    fields.done();
}

void read_certificate(Fields& root, Scheme& scheme) {
    const auto* value = root.take("certificate", Need::must);
    if (value == nullptr) return;
    Fields fields(root.names(), *value, "The certificate");
    scheme.on_certificate.scope = fields.refer("scope", Thing::question, Need::must);
    scheme.on_certificate.users = fields.refer("users", Thing::question);
    scheme.on_certificate.sites = fields.refer("sites", Thing::question);
    scheme.on_certificate.extent = fields.refer("extent", Thing::question);
    fields.done();
}

void read_reminders(Fields& root, Scheme& scheme) {
    for (const std::string_view role :
         {"point_of_contact", "signatory", "contacts", "owner", "team"}) {
        root.names().define(Thing::role, std::string(role), {});
    }
    for (const auto& item : root.list("reminders")) {
        Fields row(root.names(), item, "A reminder");
        Reminder reminder;
        reminder.id = row.id(Thing::reminder);
        row.take("event", Need::must);
        reminder.event = row.word("event", reminder_events, ReminderEvent::certificate_expiry);
        row.take("days", Need::must);
        reminder.days = read_days(row, "days", 3'650);
        const auto* to = row.take("to", Need::must);
        reminder.to = row.lines("to");
        for (const auto& role : reminder.to)
            row.names().refer(Thing::role, role, to->where);
        reminder.text = row.refer("text", Thing::text, Need::must);
        row.done();
        scheme.reminders.push_back(std::move(reminder));
    }
}

// A letter with a {word} that nobody fills in would go out as it is.
void check_placeholders(const Fields& row, const Where& where, std::string_view text) {
    for (std::size_t at = text.find_first_of("{}"); at != std::string_view::npos;
         at = text.find_first_of("{}", at)) {
        const auto end = text.find_first_of("{}", at + 1);
        const bool closed = text[at] == '{' && end != std::string_view::npos && text[end] == '}';
        const auto name = closed ? text.substr(at + 1, end - at - 1) : text.substr(at, 1);
        if (!closed ||
            std::ranges::find(template_placeholders, name) == template_placeholders.end()) {
            row.fault(where, "bad-placeholder",
                      closed ? fmt::format("Nothing fills in {{{}}}", base::quote_for_display(name))
                             : fmt::format("A '{}' stands alone", name));
        }
        at = closed ? end + 1 : at + 1;
    }
}

}  // namespace

void read_head(Fields& root, Scheme& scheme, Places& places) {
    const auto* named = root.take("scheme", Need::must);
    if (named != nullptr && (named->kind != Yaml::Kind::scalar || named->text != scheme.id)) {
        root.fault(named->where, "wrong-id",
                   fmt::format("The scheme bears the name of its folder, '{}'", scheme.id));
    }
    scheme.title = root.line("title", Need::must);
    scheme.version = root.line("version", Need::must);
    scheme.vct = root.line("vct", Need::must);
    scheme.needs_certificate_of = root.lines("needs_certificate_of");
    if (std::ranges::find(scheme.needs_certificate_of, scheme.id) !=
        scheme.needs_certificate_of.end()) {
        root.fault(root.take("needs_certificate_of")->where, "cycle",
                   fmt::format("The scheme needs a certificate of itself: {0} -> {0}", scheme.id));
    }
    scheme.part_of_organisation = root.flag("part_of_organisation", true);
    scheme.profile = root.line("profile", Need::may);
    read_organisation(root, scheme, places);
    read_validity(root, scheme);
    read_service(root, scheme);
    read_process(root, scheme);
    read_certificate(root, scheme);
    read_reminders(root, scheme);
}

void read_people(Fields& root, Scheme& scheme, Places& places) {
    for (const auto& item : root.list("signatories", Need::must)) {
        Fields row(root.names(), item, "A signatory");
        Signatory signatory;
        signatory.when = row.when();
        signatory.basis = row.line("basis", Need::must);
        signatory.title = row.line("title", Need::must);
        signatory.needs_approval = row.flag("needs_approval", false);
        signatory.rule = row.refer("rule", Thing::rule);
        row.done();
        places.signatories.push_back(row.where());
        scheme.signatories.push_back(std::move(signatory));
    }
    scheme.signature_rule = root.refer("signature_rule", Thing::rule);
    scheme.declaration = root.text("declaration", Need::must);
    for (const auto& item : root.list("commitments")) {
        Fields row(root.names(), item, "A commitment");
        Commitment commitment;
        commitment.id = row.id(Thing::commitment);
        commitment.text = row.text("text", Need::must);
        row.done();
        scheme.commitments.push_back(std::move(commitment));
    }
    for (const auto& item : root.list("contact_roles")) {
        Fields row(root.names(), item, "A contact role");
        ContactRole role;
        role.id = row.id(Thing::role);
        role.title = row.line("title", Need::must);
        role.required = row.flag("required", true);
        role.connects = row.flag("connects", false);
        row.done();
        scheme.contact_roles.push_back(std::move(role));
    }
    scheme.contacts_rule = root.refer("contacts_rule", Thing::rule);
}

void read_texts(Fields& root, Scheme& scheme, Places& places) {
    if (const auto* value = root.take("templates", Need::must)) places.templates = value->where;
    for (const auto& item : root.list("templates")) {
        Fields row(root.names(), item, "A template");
        Template made;
        made.id = row.id(Thing::text);
        made.subject = row.line("subject", Need::must);
        made.body = row.text("body", Need::must);
        for (const std::string_view key : {"subject", "body"}) {
            const auto* value = row.take(key);
            if (value != nullptr) check_placeholders(row, value->where, value->text);
        }
        row.done();
        scheme.templates.push_back(std::move(made));
    }
}

void read_rules(Fields& root, Scheme& scheme, Places& places) {
    enum class Enforcer { nobody, engine, assessor, organisation };
    using Source = std::pair<std::string_view, std::string_view>;
    using By = std::pair<std::string_view, Enforcer>;
    constexpr std::array sources{Source{"stated", "stated"}, Source{"designed", "designed"}};
    constexpr std::array enforcers{By{"engine", Enforcer::engine},
                                   By{"assessor", Enforcer::assessor},
                                   By{"organisation", Enforcer::organisation}};
    for (const auto& item : root.list("rules", Need::must)) {
        Fields row(root.names(), item, "A rule");
        Rule rule;
        rule.id = row.id(Thing::rule);
        rule.sentence = row.text("sentence", Need::must);
        row.take("source", Need::must);
        rule.source = row.word("source", sources, std::string_view());
        if (row.word("enforced_by", enforcers, Enforcer::nobody) != Enforcer::nobody) {
            places.enforced.insert(rule.id);
        }
        row.done();
        scheme.rules.push_back(std::move(rule));
    }
}

}  // namespace assay::certify
