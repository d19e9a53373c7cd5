#include "certify/scheme_fields.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "base/text.hpp"

namespace assay::certify {

namespace {

constexpr unsigned period_months_max = 1'200;  // ours: a hundred years
constexpr unsigned period_days_max = 36'500;

bool is_id(std::string_view text) {
    return !text.empty() && text.size() <= scheme_id_octets_max &&
           std::ranges::all_of(text,
                               [](char c) { return base::is_alnum(c) || c == '_' || c == '-'; });
}

// The tag of a name that nothing defines.
std::string unknown_tag(Thing thing) {
    switch (thing) {
        case Thing::text: return "unknown-template";
        case Thing::organisation_type: return "unknown-choice";
        default: return "unknown-" + std::string(print(thing));
    }
}

}  // namespace

std::string_view print(Thing thing) {
    switch (thing) {
        case Thing::organisation_type: return "organisation type";
        case Thing::section: return "section";
        case Thing::question: return "question";
        case Thing::choice: return "choice";
        case Thing::group: return "group";
        case Thing::condition: return "condition";
        case Thing::document: return "document";
        case Thing::confirmation: return "confirmation";
        case Thing::commitment: return "commitment";
        case Thing::role: return "role";
        case Thing::reminder: return "reminder";
        case Thing::text: return "template";
        case Thing::rule: return "rule";
    }
    return "";
}

std::optional<Period> parse_period(std::string_view text) {
    std::vector<std::string_view> words;
    for (const auto word : base::split(base::trim(text), ' ')) {
        if (!word.empty()) words.push_back(word);
    }
    if (words.empty() || words.size() % 2 != 0) return std::nullopt;
    std::uint64_t months = 0;
    std::uint64_t days = 0;
    for (std::size_t i = 0; i < words.size(); i += 2) {
        const auto number = base::parse_decimal(words[i], period_days_max);
        auto unit = words[i + 1];
        if (unit.ends_with('s')) unit.remove_suffix(1);
        if (!number) return std::nullopt;
        if (unit == "year")
            months += *number * 12;
        else if (unit == "month")
            months += *number;
        else if (unit == "week")
            days += *number * 7;
        else if (unit == "day")
            days += *number;
        else
            return std::nullopt;
        if (months > period_months_max || days > period_days_max) return std::nullopt;
    }
    if (months + days == 0) return std::nullopt;
    return Period{static_cast<unsigned>(months), static_cast<unsigned>(days)};
}

void Names::define(Thing thing, std::string id, const Where& where, std::string_view scope) {
    const auto name = scope.empty() ? id : fmt::format("{} of {}", id, scope);
    if (!defined_.try_emplace({thing, name}, where).second) {
        faults_.add(where, "duplicate-id",
                    fmt::format("There are two of {} '{}'", print(thing), name));
    }
}

void Names::refer(Thing thing, std::string id, const Where& where) {
    referred_.emplace(thing, id);
    references_.push_back({thing, std::move(id), where});
}

void Names::report_unknown() const {
    for (const auto& [thing, id, where] : references_) {
        if (defined_.contains({thing, id})) continue;
        faults_.add(where, unknown_tag(thing),
                    fmt::format("There is no {} '{}'", print(thing), base::quote_for_display(id)));
    }
}

bool Names::is_referred(Thing thing, std::string_view id) const {
    return referred_.contains({thing, std::string(id)});
}

Where Names::where(Thing thing, std::string_view id) const {
    const auto at = defined_.find({thing, std::string(id)});
    return at == defined_.end() ? Where{} : at->second;
}

Fields::Fields(Names& names, const Yaml& map, std::string_view what)
    : names_(names), map_(map), what_(what) {
    if (map.kind != Yaml::Kind::map) {
        fault(map.where, "wrong-type", fmt::format("{} is a map of keys and values", what_));
    }
}

void Fields::fault(const Where& where, std::string_view rule, std::string detail) const {
    names_.faults().add(where, rule, std::move(detail));
}

const Yaml* Fields::take(std::string_view key, Need need) {
    known_.push_back(key);
    for (std::size_t i = 0; i < map_.keys.size(); ++i) {
        if (map_.keys[i].text != key) continue;
        if (map_.items[i].kind != Yaml::Kind::nothing) return &map_.items[i];
        if (need == Need::may) return nullptr;
    }
    if (need == Need::must && map_.kind == Yaml::Kind::map) {
        fault(map_.where, "missing-key", fmt::format("{} needs the key '{}'", what_, key));
    }
    return nullptr;
}

std::string Fields::scalar(const Yaml& value, std::string_view key, bool lines_allowed) const {
    if (value.kind != Yaml::Kind::scalar) {
        fault(value.where, "wrong-type", fmt::format("'{}' is text", key));
        return {};
    }
    const auto text = base::trim(value.text);
    for (const char c : text) {
        const bool line_end = c == '\n';
        if (line_end ? lines_allowed : static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) continue;
        fault(value.where, "wrong-type",
              line_end ? fmt::format("'{}' is one line", key)
                       : fmt::format("'{}' holds a control character", key));
        return {};
    }
    return std::string(text);
}

std::string Fields::line(std::string_view key, Need need) {
    const auto* value = take(key, need);
    return value == nullptr ? std::string() : scalar(*value, key, false);
}

std::string Fields::text(std::string_view key, Need need) {
    const auto* value = take(key, need);
    return value == nullptr ? std::string() : scalar(*value, key, true);
}

bool Fields::flag(std::string_view key, bool otherwise) {
    constexpr std::array words{std::pair<std::string_view, bool>{"true", true},
                               std::pair<std::string_view, bool>{"false", false}};
    return word(key, words, otherwise);
}

std::optional<std::int64_t> Fields::number(std::string_view key) {
    const auto* value = take(key);
    if (value == nullptr) return std::nullopt;
    std::string_view digits = value->text;
    const bool negative = digits.starts_with('-');
    if (negative) digits.remove_prefix(1);
    const auto number = base::parse_decimal(digits, INT64_MAX);
    if (value->kind != Yaml::Kind::scalar || !number) {
        fault(value->where, "wrong-type", fmt::format("'{}' is a whole number", key));
        return std::nullopt;
    }
    return negative ? -static_cast<std::int64_t>(*number) : static_cast<std::int64_t>(*number);
}

Period Fields::period(std::string_view key, Period otherwise) {
    const auto* value = take(key);
    if (value == nullptr) return otherwise;
    const auto read = value->kind == Yaml::Kind::scalar ? parse_period(value->text) : std::nullopt;
    if (!read) {
        fault(value->where, "bad-period",
              fmt::format("'{}' is a length of time such as 12 months, 90 days or 2 weeks, at most "
                          "100 years",
                          key));
    }
    return read.value_or(otherwise);
}

std::string Fields::id(Thing thing, std::string_view key, std::string_view scope) {
    const auto* value = take(key, Need::must);
    if (value == nullptr) return {};
    if (value->kind != Yaml::Kind::scalar || !is_id(value->text)) {
        fault(value->where, "bad-id",
              fmt::format("An id has letters, digits, '-' and '_', and at most {} of them",
                          scheme_id_octets_max));
        return {};
    }
    names_.define(thing, value->text, value->where, scope);
    return value->text;
}

std::string Fields::refer(std::string_view key, Thing thing, Need need) {
    auto name = line(key, need);
    if (!name.empty()) names_.refer(thing, name, take(key)->where);
    return name;
}

std::span<const Yaml> Fields::list(std::string_view key, Need need) {
    const auto* value = take(key, need);
    if (value == nullptr) return {};
    if (value->kind != Yaml::Kind::list) {
        fault(value->where, "wrong-type", fmt::format("'{}' is a list", key));
        return {};
    }
    if (value->items.empty() && need == Need::must) {
        fault(value->where, "missing-key", fmt::format("'{}' needs at least one item", key));
    }
    return value->items;
}

std::vector<std::string> Fields::lines(std::string_view key) {
    const auto* value = take(key);
    if (value == nullptr) return {};
    if (value->kind != Yaml::Kind::list) return {scalar(*value, key, false)};
    std::vector<std::string> out;
    for (const auto& item : value->items)
        out.push_back(scalar(item, key, false));
    return out;
}

std::vector<When> Fields::when() {
    const auto* value = take("when");
    if (value == nullptr) return {};
    if (value->kind != Yaml::Kind::map) {
        fault(value->where, "wrong-type",
              "'when' is a map: QUESTION: ANSWER, or a list of answers");
        return {};
    }
    Fields rows(names_, *value, "A 'when'");
    std::vector<When> out;
    for (const auto& key : value->keys) {
        out.push_back({key.text, rows.lines(key.text)});
        if (out.back().any_of.empty()) {
            fault(key.where, "missing-key",
                  fmt::format("'{}' needs the answers that count",
                              base::quote_for_display(key.text)));
        }
        names_.keep(out.back(), key.where);
    }
    rows.done();
    return out;
}

void Fields::unknown_word(const Yaml& value, std::string_view key,
                          std::span<const std::string_view> all) const {
    fault(value.where, value.kind == Yaml::Kind::scalar ? "unknown-choice" : "wrong-type",
          fmt::format("'{}' is one of: {}", key, fmt::join(all, ", ")));
}

void Fields::done() {
    std::set<std::string_view> seen;
    for (const auto& [text, where] : map_.keys) {
        if (!seen.insert(text).second) {
            fault(where, "duplicate-key",
                  fmt::format("{} has the key '{}' twice", what_, base::quote_for_display(text)));
        } else if (std::ranges::find(known_, text) == known_.end()) {
            std::ranges::sort(known_);
            const auto again = std::ranges::unique(known_);
            known_.erase(again.begin(), again.end());
            fault(where, "unknown-key",
                  fmt::format("{} has no key '{}'. It may have: {}", what_,
                              base::quote_for_display(text), fmt::join(known_, ", ")));
        }
    }
}

}  // namespace assay::certify
