#include "check/check.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace assay::check {

Outcome& Outcome::with(std::string_view name, Value value) & {
    // docs/interface.md: "record" is the text of the record, and a list only where there are
    // several.
    const auto* texts = std::get_if<std::vector<std::string>>(&value);
    if (name == "record" && texts != nullptr && texts->size() == 1)
        value = std::string(texts->front());
    arguments.push_back({std::string(name), std::move(value)});
    return *this;
}

Outcome&& Outcome::with(std::string_view name, Value value) && {
    return std::move(with(name, std::move(value)));
}

Outcome& Outcome::publish(std::string record) & {
    fix_records.push_back(std::move(record));
    return *this;
}

Outcome&& Outcome::publish(std::string record) && {
    return std::move(publish(std::move(record)));
}

const Value* Outcome::find(std::string_view name) const {
    const auto at = std::ranges::find(arguments, name, &Argument::name);
    return at == arguments.end() ? nullptr : &at->value;
}

Outcome cannot_tell(const base::Error& error) {
    if (error.kind == base::ErrorKind::not_covered) {
        auto outcome = cannot_tell(error.detail);
        outcome.next_step =
            "Give the files of that zone too, or ask the live DNS for it with --zones-then-live.";
        return outcome;
    }
    auto outcome = cannot_tell(fmt::format("{} ({})", error.detail, base::print(error.kind)));
    outcome.next_step = error.kind == base::ErrorKind::bogus
                            ? "Fix the DNSSEC signatures first; dns.dnssec-valid says how."
                            : "Try again later.";
    return outcome;
}

Outcome cannot_tell(std::string_view reason) {
    return Outcome(cannot_tell_tag).with("reason", std::string(reason));
}

Outcome not_validated(std::string_view reason) {
    auto outcome = cannot_tell(reason);
    outcome.next_step =
        "Ask the live DNS with --recurse, or with --resolver and a --trust-anchor for it.";
    return outcome;
}

Outcome not_collected() {
    auto outcome = cannot_tell("these facts were not collected");
    outcome.next_step = "Measure the domain again, with this check among those selected.";
    return outcome;
}

Outcome not_applicable(std::string_view reason) {
    return Outcome(not_applicable_tag).with("reason", std::string(reason));
}

const OutcomeText* Check::find(std::string_view tag) const {
    const auto at = std::ranges::find(outcomes, tag, &OutcomeText::tag);
    return at == outcomes.end() ? nullptr : &*at;
}

std::string fill(std::string_view text, const Outcome& outcome) {
    std::string out;
    while (!text.empty()) {
        const auto open = text.find('{');
        out += text.substr(0, open);
        if (open == std::string_view::npos) break;
        const auto close = text.find('}', open);
        const auto* value = close == std::string_view::npos
                                ? nullptr
                                : outcome.find(text.substr(open + 1, close - open - 1));
        if (value == nullptr) {
            out += '{';
            text.remove_prefix(open + 1);
        } else {
            out += print(*value);
            text.remove_prefix(close + 1);
        }
    }
    return out;
}

std::string print(const Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    return base::join(std::get<std::vector<std::string>>(value), ", ");
}

std::string txt_record(std::string_view name, std::string_view text) {
    dns::Txt txt;
    do {
        txt.strings.emplace_back(text.substr(0, 255));
        text.remove_prefix(std::min<std::size_t>(text.size(), 255));
    } while (!text.empty());
    return fmt::format("{}. IN TXT {}", name, dns::print_rdata(txt));
}

}  // namespace assay::check
