#include "process_scheme.hpp"

namespace assay::test {

using namespace certify;

namespace {

std::vector<Question> questions() {
    return {
        {.id = "A3",
         .section = "A",
         .ask = "Who are you registered with?",
         .type = AnswerType::choice,
         .choices = {{"companies_house", "Companies House"}, {"charity_commission", "Charities"}},
         .when = {{"organisation.type", {"supplier", "other_public_sector"}}},
         .rule = "R-02"},
        {.id = "A4",
         .section = "A",
         .ask = "What is your registration number?",
         .when = {{"A3", {"companies_house", "charity_commission"}}},
         .rule = "R-02"},
        {.id = "C3",
         .section = "C",
         .ask = "What does the infrastructure cover?",
         .type = AnswerType::long_text,
         .rule = "R-04"},
        {.id = "C6",
         .section = "C",
         .ask = "How many users are there?",
         .type = AnswerType::integer,
         .minimum = 0,
         .rule = "R-05"},
        {.id = "C7",
         .section = "C",
         .ask = "How many sites are there?",
         .type = AnswerType::integer,
         .minimum = 0,
         .rule = "R-05"},
        {.id = "C10",
         .section = "C",
         .ask = "Which domains are in scope?",
         .type = AnswerType::domains,
         .rule = "R-04"},
        {.id = "J1",
         .section = "J",
         .ask = "Do you have an incident policy?",
         .type = AnswerType::yes_no,
         .must_be = "true",
         .rule = "R-35"},
    };
}

std::vector<Document> documents() {
    return {
        {.id = "network-diagram",
         .title = "Network diagram",
         .kind = DocumentKind::diagram,
         .format_rule = "R-11",
         .age = AgeRule{.period = {.months = 6}, .strictly_less = true, .rule = "R-10"},
         .contents = {{"name", "the name of the organisation"}, {"date", "the date it was made"}},
         .contents_abbreviated = {{"services", "which services are used"}},
         .contents_rule = "R-12",
         .abbreviated_rule = "R-13"},
        {.id = "health-check",
         .title = "Health check report",
         .kind = DocumentKind::health_check,
         .format_rule = "R-21",
         .age = AgeRule{.period = {.months = 12}, .strictly_less = false, .rule = "R-14"},
         .not_reused_rule = "R-15",
         .most_recent_rule = "R-16",
         .test_schemes = {{"check", "CHECK"}, {"crest", "CREST"}},
         .test_scheme_rule = "R-20"},
    };
}

std::vector<Template> templates() {
    std::vector<Template> out;
    for (const auto* id : {"received", "incomplete", "question", "question-reminder", "issues",
                           "achieved", "not-achieved", "plan-agreed", "expiry", "withdrawn",
                           "suspended", "resumed", "contact-change-old", "contact-change-new",
                           "contacts-confirm", "plan-overdue", "technical-claim", "lapsed"}) {
        out.push_back({.id = id,
                       .subject = "{scheme}: " + std::string(id),
                       .body = "Dear {name},\n{organisation} {certificate} {reason}\n"});
    }
    return out;
}

}  // namespace

Scheme process_scheme() {
    return {
        .id = "psn-connection",
        .title = "Connection compliance",
        .version = "1",
        .vct = "connection-compliance/1",
        .sha256 = std::string(64, '1'),
        .organisation_types = {{"central_government", "Central government", false},
                               {"local_authority", "Local authority", false},
                               {"other_public_sector", "Other public sector", true},
                               {"supplier", "Supplier", true}},
        .questions = questions(),
        .conditions_rule = "R-06",
        .gap_rule = "R-07",
        .alternative_rule = "R-08",
        .groups = {{"1", "Operational security", ""}, {"4", "Data", ""}},
        .conditions = {{.id = "1a", .title = "Patching", .group = "1", .rule = "R-37"},
                       {.id = "4",
                        .title = "Data in transit",
                        .group = "4",
                        .measured_by = {"dmarc.*"},
                        .rule = "R-43"}},
        .documents = documents(),
        .remediation = Remediation{.gate = {"critical", "high"},
                                   .gate_rule = "R-17",
                                   .plan_rule = "R-18",
                                   .layout_rule = "R-19"},
        .signatories = {{.when = {{"organisation.type", {"central_government"}}},
                         .basis = "siro",
                         .title = "the SIRO",
                         .rule = "R-31"},
                        {.when = {{"organisation.type", {"supplier"}}},
                         .basis = "board",
                         .title = "a member of the board",
                         .rule = "R-33"},
                        {.basis = "chief_executive",
                         .title = "the chief executive",
                         .rule = "R-32"}},
        .signature_rule = "R-22",
        .declaration = "We meet the conditions.",
        .commitments = {{"c1", "We tell the team about incidents."}},
        .contact_roles = {{"security", "security manager", true}},
        .contacts_rule = "R-34",
        .service = {.request_reminder_days = {3, 7, 14}},
        .reminders = {{.id = "expiry",
                       .event = ReminderEvent::certificate_expiry,
                       .days = {90, 60, 30, 7, -7},
                       .to = {"point_of_contact", "contacts"},
                       .text = "expiry"},
                      {.id = "plan",
                       .event = ReminderEvent::plan_item_finish,
                       .days = {7, 0},
                       .to = {"owner"},
                       .text = "plan-overdue"}},
        .templates = templates(),
    };
}

}  // namespace assay::test
