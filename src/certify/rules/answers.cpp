// the organisation, its registration, the infrastructure, and every question that the
// scheme asks.
#include <algorithm>
#include <cmath>

#include "certify/rules.hpp"
#include "codec/dns/name.hpp"

namespace assay::certify {

namespace {

constexpr std::size_t answer_octets_max = 20'000;  // ours: some 3,000 words
constexpr std::size_t answer_items_max = 1'000;    // ours: domains of a large department

std::string wrong_text(const json::value& value, bool one_line) {
    const auto* text = value.if_string();
    if (text == nullptr) return "Write a text.";
    if (base::trim(*text).empty()) return "This answer is empty.";
    if (text->size() > answer_octets_max)
        return "This answer is too long. Use 20,000 letters at most.";
    if (one_line && text->find('\n') != json::string::npos) return "Write this on one line.";
    return {};
}

std::string wrong_choice(const Question& question, const json::value& value) {
    const auto known = [&](const json::value& item) {
        const auto* text = item.if_string();
        return text != nullptr && std::ranges::any_of(question.choices, [&](const Choice& choice) {
                   return choice.id == std::string_view(*text);
               });
    };
    const auto* array = value.if_array();
    const bool right = question.type == AnswerType::choice
                           ? known(value)
                           : array != nullptr && (!array->empty() || !question.required) &&
                                 std::ranges::all_of(*array, known);
    if (right) return {};
    std::string ids;
    for (const auto& choice : question.choices)
        ids += (ids.empty() ? "" : ", ") + choice.id;
    return "Choose from: " + ids + ".";
}

std::string wrong_integer(const Question& question, const json::value& value) {
    boost::system::error_code failure;
    if (!value.is_int64() && !value.is_uint64()) return "Give a whole number, such as 250.";
    const auto number = value.to_number<std::int64_t>(failure);
    if (failure) return "This number is too large.";
    if (question.minimum && number < *question.minimum)
        return fmt::format("The smallest number that you can give is {}.", *question.minimum);
    if (question.maximum && number > *question.maximum)
        return fmt::format("The largest number that you can give is {}.", *question.maximum);
    return {};
}

std::string wrong_list(const Question& question, const json::value& value) {
    const auto* array = value.if_array();
    if (array == nullptr) return "Give a list.";
    if (array->empty() && question.required) return "This list is empty.";
    if (array->size() > answer_items_max) return "This list is too long. Use 1,000 lines at most.";
    for (const auto& item : *array) {
        if (auto wrong = wrong_text(item, true); !wrong.empty()) return wrong;
        if (question.type == AnswerType::domains && !codec::dns::parse_name(item.get_string())) {
            return fmt::format("'{}' is not a domain name. Write it as example.gov.uk.",
                               base::quote_for_display(item.get_string(), 80));
        }
    }
    return {};
}

// Good enough to reach somebody: one @ with something on both sides, no space.
bool resembles_email(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && text.find('@', at + 1) == text.npos &&
           text.find_first_of(" \t\r\n<>,;\"") == text.npos &&
           codec::dns::parse_name(text.substr(at + 1)).has_value();
}

}  // namespace

std::string wrong_answer(const Question& question, const json::value& value) {
    switch (question.type) {
        case AnswerType::text: return wrong_text(value, true);
        case AnswerType::long_text: return wrong_text(value, false);
        case AnswerType::choice:
        case AnswerType::choices: return wrong_choice(question, value);
        case AnswerType::yes_no: return value.is_bool() ? "" : "Answer true or false.";
        case AnswerType::integer: return wrong_integer(question, value);
        case AnswerType::domains:
        case AnswerType::list: return wrong_list(question, value);
        case AnswerType::date:
            return value.is_string() && parse_date(value.get_string())
                       ? ""
                       : "Write the date as 2026-11-24.";
        case AnswerType::email:
            return value.is_string() && resembles_email(value.get_string())
                       ? ""
                       : "Write an email address, such as security@example.gov.uk.";
        case AnswerType::telephone: {
            if (auto wrong = wrong_text(value, true); !wrong.empty()) return wrong;
            const std::string_view text = value.get_string();
            const auto digits = std::ranges::count_if(text, base::is_digit);
            return digits >= 3 && text.find_first_not_of("+0123456789 ()-.extEXT") == text.npos
                       ? ""
                       : "Write a telephone number, such as 020 7946 0000.";
        }
    }
    return {};
}

namespace {

void judge_question(const Dossier& dossier, const Question& question, Problems& out) {
    const auto& answers = dossier.application.answers;
    const auto found = answers.find(question.id);
    const std::string where = "question:" + question.id;
    if (found == answers.end() || found->second.value.is_null()) {
        if (question.required)
            out.push_back({question.rule, where, "Answer this question: " + question.ask});
        return;
    }
    if (auto wrong = wrong_answer(question, found->second.value); !wrong.empty()) {
        out.push_back({question.rule, where, question.ask + " " + wrong});
        return;
    }
    if (!found->second.confirmed) {
        out.push_back({question.rule, where,
                       "This answer comes from your last application. Say whether it is still "
                       "right: " +
                           question.ask});
    }
    const auto condition = dossier.application.conditions.find(question.supports);
    if (condition != dossier.application.conditions.end() &&
        condition->second.state == ConditionState::met && found->second.value == false) {
        out.push_back({question.rule, where,
                       fmt::format("You say no, and you say that you meet condition {}. Correct "
                                   "one of them, or declare a security gap: {}",
                                   question.supports, question.ask)});
    }
    const auto said = words_of(dossier, question.id);
    if (question.must_be && said != std::vector{*question.must_be}) {
        out.push_back({question.rule, where,
                       "You cannot send the application with this answer: " + question.ask});
    }
}

// sizes that moved much since the last time are shown to the assessor.
void compare_with_previous(const Dossier& dossier, Problems& out) {
    constexpr double difference_max = 0.25;
    if (dossier.previous == nullptr) return;
    for (const auto& question : dossier.scheme.questions) {
        if (question.type != AnswerType::integer) continue;
        const auto now = dossier.application.answers.find(question.id);
        const auto then = dossier.previous->answers.find(question.id);
        if (now == dossier.application.answers.end() || then == dossier.previous->answers.end())
            continue;
        if (!now->second.value.is_number() || !then->second.value.is_number()) continue;
        const double a = now->second.value.to_number<double>();
        const double b = then->second.value.to_number<double>();
        if (b == 0 ? a == 0 : std::abs(a - b) / b <= difference_max) continue;
        out.push_back({dossier.scheme.process.accuracy, "question:" + question.id,
                       fmt::format("This was {} in the last application and is {} now.", b, a),
                       false});
    }
}

}  // namespace

void judge_answers(const Dossier& dossier, Problems& out) {
    const auto& organisation = dossier.organisation;
    const auto& rules = dossier.scheme.process;
    if (organisation.names.empty() || base::trim(organisation.name()).empty())
        out.push_back({rules.organisation, "organisation", "Give the name of your organisation."});
    const auto type = std::ranges::find(dossier.scheme.organisation_types, organisation.type,
                                        &OrganisationType::id);
    if (type == dossier.scheme.organisation_types.end()) {
        out.push_back({rules.organisation, "organisation",
                       "Say what type of organisation you are. This scheme does not know '" +
                           organisation.type + "'."});
    }
    const auto scope = std::ranges::find(organisation.infrastructures,
                                         dossier.application.infrastructure, &Infrastructure::id);
    if (scope == organisation.infrastructures.end()) {
        out.push_back({rules.infrastructure, "infrastructure",
                       "Name the infrastructure that you apply for."});
    } else if (!scope->whole_organisation && !dossier.scheme.part_of_organisation) {
        out.push_back({rules.infrastructure, "infrastructure",
                       "This scheme certifies whole organisations, not a part of one."});
    }
    const auto extent = words_of(dossier, dossier.scheme.on_certificate.extent);
    if (scope != organisation.infrastructures.end() && !extent.empty() &&
        (extent.front() == "whole") != scope->whole_organisation) {
        out.push_back(
            {rules.infrastructure, "question:" + dossier.scheme.on_certificate.extent,
             fmt::format("The infrastructure is entered as {}. Correct it, or this answer.",
                         scope->whole_organisation ? "the whole organisation"
                                                   : "a part of the organisation")});
    }
    for (const auto& question : dossier.scheme.questions) {
        if (applies(dossier, question.when)) judge_question(dossier, question, out);
    }
    compare_with_previous(dossier, out);
}

}  // namespace assay::certify
