#include "certify/scheme_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace assay::certify {

namespace {

template <class Word>
using Pair = std::pair<std::string_view, Word>;

constexpr std::array answer_types{
    Pair<AnswerType>{"text", AnswerType::text},
    Pair<AnswerType>{"long_text", AnswerType::long_text},
    Pair<AnswerType>{"choice", AnswerType::choice},
    Pair<AnswerType>{"choices", AnswerType::choices},
    Pair<AnswerType>{"yes_no", AnswerType::yes_no},
    Pair<AnswerType>{"integer", AnswerType::integer},
    Pair<AnswerType>{"date", AnswerType::date},
    Pair<AnswerType>{"email", AnswerType::email},
    Pair<AnswerType>{"telephone", AnswerType::telephone},
    Pair<AnswerType>{"domains", AnswerType::domains},
    Pair<AnswerType>{"list", AnswerType::list},
};

constexpr std::array document_kinds{
    Pair<DocumentKind>{"diagram", DocumentKind::diagram},
    Pair<DocumentKind>{"health_check", DocumentKind::health_check},
    Pair<DocumentKind>{"evidence", DocumentKind::evidence},
    Pair<DocumentKind>{"other", DocumentKind::other},
};

// "dmarc.*", "dmarc.policy": a room of checks, and one of them or all.
bool is_check_glob(std::string_view text) {
    const auto parts = base::split(text, '.');
    const auto is_word = [](std::string_view part) {
        return !part.empty() && std::ranges::all_of(part, [](char c) {
            return base::is_digit(c) || (c >= 'a' && c <= 'z') || c == '-';
        });
    };
    return parts.size() == 2 && is_word(parts[0]) && (parts[1] == "*" || is_word(parts[1]));
}

std::vector<Choice> read_choices(Fields& fields, std::string_view key, std::string_view scope) {
    std::vector<Choice> out;
    for (const auto& item : fields.list(key)) {
        Fields row(fields.names(), item, "A choice");
        Choice choice;
        choice.id = row.id(Thing::choice, "id", scope);
        choice.label = row.line("label", Need::must);
        row.done();
        out.push_back(std::move(choice));
    }
    return out;
}

std::vector<Confirmation> read_confirmations(Fields& fields, std::string_view key,
                                             std::string_view scope) {
    std::vector<Confirmation> out;
    for (const auto& item : fields.list(key)) {
        Fields row(fields.names(), item, "A confirmation");
        Confirmation confirmation;
        confirmation.id = row.id(Thing::confirmation, "id", scope);
        confirmation.text = row.line("text", Need::must);
        row.done();
        out.push_back(std::move(confirmation));
    }
    return out;
}

void check_question(const Fields& row, const Question& question) {
    const bool chooses =
        question.type == AnswerType::choice || question.type == AnswerType::choices;
    if (chooses && question.choices.empty()) {
        row.fault(row.where(), "missing-key",
                  fmt::format("The question {} needs choices", question.id));
    }
    if (!chooses && !question.choices.empty()) {
        row.fault(row.where(), "wrong-type",
                  fmt::format("The question {} has choices, but its type is not choice or choices",
                              question.id));
    }
    if ((question.minimum || question.maximum) && question.type != AnswerType::integer) {
        row.fault(
            row.where(), "wrong-type",
            fmt::format("Only an integer has a minimum and a maximum; {} is none", question.id));
    }
    if (!question.supports.empty() && question.type != AnswerType::yes_no) {
        row.fault(row.where(), "wrong-type",
                  fmt::format("Only a yes_no supports a condition; {} is none", question.id));
    }
    if (question.minimum && question.maximum && *question.minimum > *question.maximum) {
        row.fault(row.where(), "bad-range",
                  fmt::format("No number fits {}: its minimum is above its maximum", question.id));
    }
}

void read_question(Fields& row, Scheme& scheme) {
    Question question;
    question.id = row.id(Thing::question);
    question.section = row.refer("section", Thing::section, Need::must);
    question.ask = row.line("ask", Need::must);
    question.hint = row.text("hint", Need::may);
    question.type = row.word("type", answer_types, AnswerType::text);
    question.choices = read_choices(row, "choices", question.id);
    question.when = row.when();
    question.required = row.flag("required", true);
    if (const auto must = row.line("must_be", Need::may); !must.empty()) question.must_be = must;
    question.minimum = row.number("minimum");
    question.maximum = row.number("maximum");
    question.in_signed_text = row.flag("in_signed_text", true);
    question.personal = row.flag("personal", false);
    question.supports = row.refer("supports", Thing::condition);
    question.rule = row.refer("rule", Thing::rule, Need::must);
    row.done();
    if (question.must_be) row.names().keep({question.id, {*question.must_be}}, row.where());
    check_question(row, question);
    scheme.questions.push_back(std::move(question));
}

void read_condition(Fields& row, Scheme& scheme) {
    Condition condition;
    condition.id = row.id(Thing::condition);
    condition.title = row.line("title", Need::must);
    condition.text = row.text("text", Need::must);
    condition.group = row.refer("group", Thing::group, Need::must);
    condition.own_judgement = row.flag("own_judgement", false);
    condition.measured_by = row.lines("measured_by");
    for (const auto& glob : condition.measured_by) {
        if (is_check_glob(glob)) continue;
        row.fault(row.take("measured_by")->where, "wrong-type",
                  fmt::format("'{}' names no checks. Write dmarc.* or dmarc.policy",
                              base::quote_for_display(glob)));
    }
    condition.rule = row.refer("rule", Thing::rule);
    row.done();
    scheme.conditions.push_back(std::move(condition));
}

void read_age(Fields& row, Document& document) {
    const auto* value = row.take("age");
    if (value == nullptr) return;
    Fields fields(row.names(), *value, "The age of a document");
    AgeRule age;
    fields.take("period", Need::must);
    age.period = fields.period("period", {});
    age.strictly_less = fields.flag("strictly_less", false);
    age.rule = fields.refer("rule", Thing::rule);
    fields.done();
    document.age = std::move(age);
}

void read_document(Fields& row, Scheme& scheme) {
    constexpr std::int64_t octets_most = 1LL << 32;  // ours: 4 GiB
    Document document;
    document.id = row.id(Thing::document);
    document.title = row.line("title", Need::must);
    document.kind = row.word("kind", document_kinds, DocumentKind::other);
    document.when = row.when();
    document.required = row.flag("required", true);
    if (const auto octets = row.number("octets_max")) {
        if (*octets < 1 || *octets > octets_most) {
            row.fault(row.take("octets_max")->where, "bad-range",
                      fmt::format("'octets_max' is from 1 to {}", octets_most));
        } else {
            document.octets_max = static_cast<std::uint64_t>(*octets);
        }
    }
    document.format_rule = row.refer("format_rule", Thing::rule);
    read_age(row, document);
    document.not_reused_rule = row.refer("not_reused_rule", Thing::rule);
    document.most_recent_rule = row.refer("most_recent_rule", Thing::rule);
    document.contents = read_confirmations(row, "contents", document.id);
    document.contents_abbreviated = read_confirmations(row, "contents_abbreviated", document.id);
    document.contents_rule = row.refer("contents_rule", Thing::rule);
    document.abbreviated_rule = row.refer("abbreviated_rule", Thing::rule);
    document.test_schemes = read_choices(row, "test_schemes", document.id);
    document.test_scheme_rule = row.refer("test_scheme_rule", Thing::rule);
    row.done();
    scheme.documents.push_back(std::move(document));
}

void read_remediation(Fields& root, Scheme& scheme) {
    constexpr std::array<std::string_view, 5> severities{"critical", "high", "medium", "low",
                                                         "informational"};
    const auto* value = root.take("remediation");
    if (value == nullptr) return;
    Fields fields(root.names(), *value, "The remediation");
    Remediation remediation;
    fields.take("gate", Need::must);
    remediation.gate = fields.lines("gate");
    for (const auto& severity : remediation.gate) {
        if (std::ranges::find(severities, severity) != severities.end()) continue;
        fields.fault(fields.take("gate")->where, "unknown-choice",
                     fmt::format("'gate' lists severities: critical, high, medium, low, "
                                 "informational; not '{}'",
                                 base::quote_for_display(severity)));
    }
    remediation.gate_rule = fields.refer("gate_rule", Thing::rule);
    remediation.plan_rule = fields.refer("plan_rule", Thing::rule);
    remediation.layout_rule = fields.refer("layout_rule", Thing::rule);
    remediation.lessons_learnt = fields.flag("lessons_learnt", true);
    fields.done();
    scheme.remediation = std::move(remediation);
}

}  // namespace

void read_questions(Fields& root, Scheme& scheme) {
    for (const auto& item : root.list("questions", Need::must)) {
        Fields row(root.names(), item, "A question");
        read_question(row, scheme);
    }
}

void read_conditions(Fields& root, Scheme& scheme) {
    scheme.conditions_rule = root.refer("conditions_rule", Thing::rule);
    scheme.gap_rule = root.refer("gap_rule", Thing::rule);
    scheme.alternative_rule = root.refer("alternative_rule", Thing::rule);
    for (const auto& item : root.list("groups")) {
        Fields row(root.names(), item, "A group");
        ConditionGroup group;
        group.id = row.id(Thing::group);
        group.title = row.line("title", Need::must);
        group.text = row.text("text", Need::may);
        row.done();
        scheme.groups.push_back(std::move(group));
    }
    for (const auto& item : root.list("conditions")) {
        Fields row(root.names(), item, "A condition");
        read_condition(row, scheme);
    }
}

void read_documents(Fields& root, Scheme& scheme) {
    for (const auto& item : root.list("documents")) {
        Fields row(root.names(), item, "A document");
        read_document(row, scheme);
    }
    read_remediation(root, scheme);
}

}  // namespace assay::certify
