// What only the whole scheme can show: names without an owner, circles, people who never sign.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"
#include "certify/scheme_parts.hpp"

namespace assay::certify {

namespace {

constexpr std::string_view type_name = "organisation.type";
constexpr std::string_view kind_name = "application.kind";

bool holds_word(const std::vector<std::string>& words, std::string_view word) {
    return std::ranges::find(words, word) != words.end();
}

// The answers that a question can have; empty where it is free.
std::vector<std::string> answers_of(const Scheme& scheme, std::string_view name) {
    std::vector<std::string> out;
    if (name == type_name) {
        for (const auto& type : scheme.organisation_types)
            out.push_back(type.id);
    } else if (name == kind_name) {
        out = {"first", "renewal", "amendment"};
    } else if (const auto* question = scheme.question(name)) {
        if (question->type == AnswerType::yes_no) out = {"true", "false"};
        for (const auto& choice : question->choices)
            out.push_back(choice.id);
    }
    return out;
}

// Also the `must_be` of a question.
void check_whens(const Scheme& scheme, const Names& names) {
    for (const auto& [when, where] : names.whens()) {
        const auto shown = base::quote_for_display(when.question);
        const bool known = when.question == type_name || when.question == kind_name;
        if (!known && scheme.question(when.question) == nullptr) {
            names.faults().add(where, "unknown-question",
                               fmt::format("There is no question '{}'", shown));
            continue;
        }
        const auto answers = answers_of(scheme, when.question);
        if (answers.empty()) {
            names.faults().add(
                where, "wrong-type",
                fmt::format("The answer to {} is free; only a choice or yes_no decides", shown));
            continue;
        }
        for (const auto& answer : when.any_of) {
            if (holds_word(answers, answer)) continue;
            names.faults().add(
                where, "unknown-choice",
                fmt::format("'{}' is no answer to {}. There are: {}",
                            base::quote_for_display(answer), shown, fmt::join(answers, ", ")));
        }
    }
}

// A depth-first walk from every question along its `when`s; a way back to an open question is a
// circle. Without recursion: a scheme may have long chains.
class Circles {
  public:
    Circles(const Scheme& scheme, const Names& names) : scheme_(scheme), names_(names) {}

    void report() {
        for (const auto& question : scheme_.questions)
            walk(question.id);
    }

  private:
    struct Step {
        const Question* question;
        std::size_t next = 0;  // index of a When
    };

    void walk(const std::string& start) {
        std::vector<Step> way;
        enter(start, way);
        while (!way.empty()) {
            auto& [question, next] = way.back();
            if (next == question->when.size()) {
                open_.erase(question->id);
                way.pop_back();
                continue;
            }
            const auto& name = question->when[next++].question;
            if (open_.contains(name)) {
                tell(way, name);
            } else {
                enter(name, way);
            }
        }
    }

    void enter(const std::string& id, std::vector<Step>& way) {
        const auto* question = scheme_.question(id);
        if (question == nullptr || !seen_.insert(id).second) return;
        open_.insert(id);
        way.push_back({question});
    }

    void tell(const std::vector<Step>& way, const std::string& back_to) const {
        auto at = std::ranges::find(
            way, back_to, [](const Step& step) -> const std::string& { return step.question->id; });
        std::string circle;
        for (; at != way.end(); ++at)
            circle += at->question->id + " -> ";
        names_.faults().add(names_.where(Thing::question, back_to), "cycle",
                            fmt::format("Questions wait for each other: {}{}", circle, back_to));
    }

    const Scheme& scheme_;
    const Names& names_;
    std::set<std::string> seen_;
    std::set<std::string> open_;
};

// Does this one sign for the type, whatever the other answers are?
bool always_signs(const Signatory& signatory, std::string_view type) {
    return std::ranges::all_of(signatory.when, [&](const When& when) {
        return when.question == type_name && holds_word(when.any_of, type);
    });
}

bool may_sign(const Signatory& signatory, std::string_view type) {
    return std::ranges::all_of(signatory.when, [&](const When& when) {
        return when.question != type_name || holds_word(when.any_of, type);
    });
}

void check_signatories(const Scheme& scheme, const Names& names, const Places& places) {
    if (scheme.signatories.empty() || scheme.organisation_types.empty()) return;  // told already
    std::vector<bool> reached(scheme.signatories.size());
    for (const auto& type : scheme.organisation_types) {
        std::size_t i = 0;
        for (; i < scheme.signatories.size(); ++i) {
            if (may_sign(scheme.signatories[i], type.id)) reached[i] = true;
            if (always_signs(scheme.signatories[i], type.id)) break;
        }
        if (i < scheme.signatories.size()) continue;
        names.faults().add(names.where(Thing::organisation_type, type.id), "unreachable-signatory",
                           fmt::format("Nobody signs for every '{}'. Let the last signatory for it "
                                       "ask for nothing but the organisation type",
                                       type.id));
    }
    for (std::size_t i = 0; i < reached.size(); ++i) {
        if (reached[i]) continue;
        names.faults().add(
            places.signatories[i], "unreachable-signatory",
            fmt::format("'{}' never signs: others come first", scheme.signatories[i].basis));
    }
}

void check_rules(const Scheme& scheme, const Names& names, const Places& places) {
    for (const auto& rule : scheme.rules) {
        if (rule.id.empty() || names.is_referred(Thing::rule, rule.id) ||
            places.enforced.contains(rule.id)) {
            continue;
        }
        names.faults().add(
            names.where(Thing::rule, rule.id), "rule-unused",
            fmt::format("Nothing names {}. Name it, or say who enforces it: enforced_by: engine, "
                        "assessor or organisation",
                        rule.id));
    }
}

// What stands on a certificate is a text or a number, and nothing about a person.
void check_certificate(const Scheme& scheme, const Names& names) {
    const auto check = [&](const std::string& id, std::span<const AnswerType> types) {
        const auto* question = scheme.question(id);
        if (question == nullptr) return;  // told already
        const bool fits = std::ranges::find(types, question->type) != types.end();
        if (fits && !question->personal) return;
        names.faults().add(names.where(Thing::question, id), "wrong-type",
                           fmt::format("{} cannot stand on a certificate: it is {}", id,
                                       fits ? "personal" : "of another type"));
    };
    constexpr std::array texts{AnswerType::text, AnswerType::long_text};
    constexpr std::array numbers{AnswerType::integer};
    check(scheme.on_certificate.scope, texts);
    check(scheme.on_certificate.users, numbers);
    check(scheme.on_certificate.sites, numbers);
    constexpr std::array choices{AnswerType::choice};
    check(scheme.on_certificate.extent, choices);
    const auto* extent = scheme.question(scheme.on_certificate.extent);
    if (extent == nullptr ||
        answers_of(scheme, extent->id) == std::vector<std::string>{"whole", "part"})
        return;
    names.faults().add(names.where(Thing::question, extent->id), "unknown-choice",
                       fmt::format("{} has the choices whole and part, in this order", extent->id));
}

// The letters that the process sends by name.
void check_letters(const Scheme& scheme, const Names& names, const Places& places) {
    for (const auto letter : letters) {
        if (scheme.text(letter) != nullptr) continue;
        names.faults().add(places.templates, "missing-template",
                           fmt::format("The scheme needs the template '{}'", letter));
    }
}

void check_steps(const Scheme& scheme, const Names& names, const Places& places) {
    for (const auto& [step, where] : places.steps_of_sections) {
        if (step >= 1 && step <= scheme.steps.size()) continue;
        names.faults().add(
            where, "unknown-step",
            fmt::format("A section belongs to a step from 1 to {}", scheme.steps.size()));
    }
}

}  // namespace

void check_whole(const Scheme& scheme, const Names& names, const Places& places) {
    names.report_unknown();
    check_whens(scheme, names);
    Circles(scheme, names).report();
    check_signatories(scheme, names, places);
    check_rules(scheme, names, places);
    check_steps(scheme, names, places);
    check_certificate(scheme, names);
    check_letters(scheme, names, places);
}

}  // namespace assay::certify
