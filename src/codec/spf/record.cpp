#include "codec/spf/record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"
#include "codec/spf/terms.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::spf {

namespace {

constexpr std::string_view version = "v=spf1";

struct MechanismName {
    std::string_view name;
    Mechanism mechanism;
};

constexpr MechanismName mechanism_names[] = {
    {"all", Mechanism::all}, {"include", Mechanism::include}, {"a", Mechanism::a},
    {"mx", Mechanism::mx},   {"ptr", Mechanism::ptr},         {"ip4", Mechanism::ip4},
    {"ip6", Mechanism::ip6}, {"exists", Mechanism::exists},
};

std::string_view name_of(Mechanism mechanism) {
    return std::ranges::find(mechanism_names, mechanism, &MechanismName::mechanism)->name;
}

char sign_of(Qualifier qualifier) {
    switch (qualifier) {
        case Qualifier::pass: return '+';
        case Qualifier::fail: return '-';
        case Qualifier::softfail: return '~';
        case Qualifier::neutral: return '?';
    }
    return '+';
}

// Advice; everything else that lint reports makes a receiver return permerror.
constexpr std::string_view advice_rules[] = {
    "terms-after-all",
    "redirect-with-all",
    "ptr",
    "modifier-before-mechanism",
    "all-pass",
    "repeated-term",
    "extra-space",
    "network-bits",
    "private-address",
    "long-record",
    "unknown-modifier",
};

// Advice that needs the whole record.
void advise(const Record& record, std::string_view text, tags::FaultList& faults) {
    const auto add = [&](std::string_view rule, std::string_view cite, std::size_t offset,
                         std::string detail) { faults.add(rule, cite, offset, std::move(detail)); };
    const auto* all = record.all();
    std::unordered_set<std::string> seen;
    for (const auto& directive : record.directives) {
        const auto shown = base::quote_for_display(directive.text, 100);
        if (all != nullptr && directive.offset > all->offset) {
            add("terms-after-all", "RFC 7208 section 5.1", directive.offset,
                fmt::format("'{}' stands after 'all', so receivers never look at it", shown));
        }
        if (directive.mechanism == Mechanism::ptr) {
            add("ptr", "RFC 7208 section 5.5", directive.offset,
                fmt::format("'{}' is slow and unreliable; the standard says not to use it", shown));
        }
        if (directive.mechanism == Mechanism::all && directive.qualifier == Qualifier::pass) {
            add("all-pass", "RFC 7208 section 8.3", directive.offset,
                fmt::format("'{}' lets any server send mail for the domain", shown));
        }
        if (!seen.insert(base::lower(directive.text)).second) {
            add("repeated-term", "RFC 7208 section 4.6.2", directive.offset,
                fmt::format("'{}' stands twice", shown));
        }
    }
    if (all != nullptr && record.redirect) {
        add("redirect-with-all", "RFC 7208 section 6.1", record.redirect->offset,
            "redirect is ignored because the record has 'all'");
    }
    const auto last = record.directives.empty() ? 0 : record.directives.back().offset;
    for (const auto* modifier : {record.redirect ? &*record.redirect : nullptr,
                                 record.explanation ? &*record.explanation : nullptr}) {
        if (modifier != nullptr && modifier->offset < last) {
            add("modifier-before-mechanism", "RFC 7208 section 6", modifier->offset,
                fmt::format("'{}' is clearer at the end of the record",
                            base::quote_for_display(modifier->text, 100)));
        }
    }
    if (text.size() > record_octets_advised) {
        add("long-record", "RFC 7208 section 3.4", record_octets_advised,
            fmt::format(
                "The record has {} octets; with more than {} the answer may not fit one UDP packet",
                text.size(), record_octets_advised));
    }
}

}  // namespace

bool Directive::queries_dns() const {
    switch (mechanism) {
        case Mechanism::include:
        case Mechanism::a:
        case Mechanism::mx:
        case Mechanism::ptr:
        case Mechanism::exists: return true;
        case Mechanism::all:
        case Mechanism::ip4:
        case Mechanism::ip6: return false;
    }
    return false;
}

const Directive* Record::all() const {
    const auto at = std::ranges::find(directives, Mechanism::all, &Directive::mechanism);
    return at == directives.end() ? nullptr : &*at;
}

// RFC 7208 section 4.5
bool claims(std::string_view text) {
    return base::starts_with_ignoring_case(text, version) &&
           (text.size() == version.size() || text[version.size()] == ' ');
}

bool resembles(std::string_view text) {
    const auto skip = [&](std::string_view noise) {
        text.remove_prefix(std::min(text.find_first_not_of(noise), text.size()));
    };
    skip(" \t\"");
    if (base::starts_with_ignoring_case(text, "v")) text.remove_prefix(1);
    skip(" \t\"=:");
    constexpr std::string_view word = "spf1";
    return base::starts_with_ignoring_case(text, word) &&
           (text.size() == word.size() || !base::is_alnum(text[word.size()]));
}

base::Linted<Record> lint(std::string_view text) {
    base::Linted<Record> out;
    if (!claims(text)) return out;
    out.record.emplace();
    tags::FaultList faults;
    TermReader reader(*out.record, faults);
    std::size_t at = version.size();
    while (at < text.size()) {
        const auto start = text.find_first_not_of(' ', at);
        const auto spaces = (start == std::string_view::npos ? text.size() : start) - at;
        if (spaces > 1 || start == std::string_view::npos) {
            // RFC 7208 section 4.6.1 allows several spaces; some readers trip over them.
            faults.add("extra-space", "RFC 7208 section 12", at,
                       "There are more spaces than needed");
        }
        if (start == std::string_view::npos) break;
        const auto end = std::min(text.find(' ', start), text.size());
        reader.read(text.substr(start, end - start), start);
        at = end;
    }
    advise(*out.record, text, faults);
    out.faults = faults.take();
    return out;
}

bool is_permanent_error(const base::Fault& fault) {
    return std::ranges::find(advice_rules, fault.rule) == std::end(advice_rules);
}

std::expected<Record, base::Fault> parse(std::string_view text) {
    auto linted = lint(text);
    if (!linted.record) {
        return std::unexpected(base::Fault{"not-spf", "RFC 7208 section 4.5", 0,
                                           "The text does not begin with 'v=spf1' and a space"});
    }
    const auto stop = std::ranges::find_if(linted.faults, is_permanent_error);
    if (stop != linted.faults.end()) return std::unexpected(*stop);
    return *std::move(linted.record);
}

std::string print(const Directive& directive) {
    std::string out;
    if (directive.qualifier != Qualifier::pass) out += sign_of(directive.qualifier);
    out += name_of(directive.mechanism);
    if (directive.ip4) out += ":" + dns::print_address(*directive.ip4);
    if (directive.ip6) out += ":" + dns::print_address(*directive.ip6);
    if (!directive.domain_spec.empty()) out += ":" + directive.domain_spec;
    if (directive.prefix4) out += fmt::format("/{}", *directive.prefix4);
    if (directive.prefix6)
        out += fmt::format("{}{}", directive.mechanism == Mechanism::ip6 ? "/" : "//",
                           *directive.prefix6);
    return out;
}

std::string print(const Record& record) {
    std::string out(version);
    for (const auto& directive : record.directives)
        out += " " + print(directive);
    for (const auto* modifier : {record.redirect ? &*record.redirect : nullptr,
                                 record.explanation ? &*record.explanation : nullptr}) {
        if (modifier != nullptr) out += fmt::format(" {}={}", modifier->name, modifier->value);
    }
    for (const auto& modifier : record.unknown)
        out += fmt::format(" {}={}", modifier.name, modifier.value);
    return out;
}

bool is_mechanism_name(std::string_view name) {
    return std::ranges::any_of(mechanism_names, [&](const MechanismName& known) {
        return base::equals_ignoring_case(known.name, name);
    });
}

}  // namespace assay::codec::spf
