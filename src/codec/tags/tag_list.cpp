#include "codec/tags/tag_list.hpp"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.hpp"

namespace assay::codec::tags {

std::string_view trim_blanks(std::string_view text) {
    while (!text.empty() && base::is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && base::is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

namespace {

std::size_t offset_in(std::string_view whole, std::string_view view) {
    return static_cast<std::size_t>(view.data() - whole.data());
}

Part read_part(std::string_view whole, std::string_view piece, bool terminated) {
    Part part;
    part.terminated = terminated;
    part.text = trim_blanks(piece);
    part.offset = offset_in(whole, part.text);
    const auto equals = part.text.find('=');
    part.has_value = equals != std::string_view::npos;
    const auto before = part.text.substr(0, equals);
    const auto after = part.has_value ? part.text.substr(equals + 1) : part.text.substr(0, 0);
    part.name = trim_blanks(before);
    part.value = trim_blanks(after);
    part.value_offset = offset_in(whole, part.value);
    part.blank_before_equals = part.has_value && part.name.size() != before.size();
    part.blank_after_equals = !after.empty() && base::is_blank(after.front());
    return part;
}

}  // namespace

std::vector<Part> split(std::string_view text) {
    std::vector<Part> parts;
    std::size_t start = 0;
    while (start <= text.size()) {
        const auto end = std::min(text.find(';', start), text.size());
        parts.push_back(read_part(text, text.substr(start, end - start), end < text.size()));
        start = end + 1;
    }
    if (!parts.empty() && parts.back().text.empty()) parts.pop_back();
    return parts;
}

namespace {

bool is_control(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

bool is_non_ascii(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

struct Lookalike {
    std::string_view octets, sentence;
};

// What word processors and web pages put into a record that is copied out of them.
constexpr Lookalike lookalikes[] = {
    {"\xe2\x80\x9c", "Curly quote marks were copied into the record. Remove them."},
    {"\xe2\x80\x9d", "Curly quote marks were copied into the record. Remove them."},
    {"\xe2\x80\x98", "Curly quote marks were copied into the record. Remove them."},
    {"\xe2\x80\x99", "Curly quote marks were copied into the record. Remove them."},
    {"\xc2\xa0", "There is a non-breaking space. Replace it with an ordinary space."},
    {"\xe2\x80\x8b", "There is an invisible character (zero width space). Remove it."},
    {"\xef\xbb\xbf", "There is an invisible character (byte order mark). Remove it."},
    {"\xe2\x80\x93", "There is a long dash. Replace it with a hyphen."},
    {"\xe2\x80\x94", "There is a long dash. Replace it with a hyphen."},
    {"\xef\xbc\x9b", "There is a wide semicolon. Replace it with an ordinary semicolon."},
    {"\xef\xbc\x9d", "There is a wide equals sign. Replace it with an ordinary one."},
};

std::string describe_non_ascii(std::string_view at) {
    for (const auto& [octets, sentence] : lookalikes) {
        if (at.starts_with(octets)) return std::string(sentence);
    }
    const auto end = std::ranges::find_if_not(at, is_non_ascii);
    return "The record may only contain ASCII characters, but it has " +
           quoted(at.substr(0, static_cast<std::size_t>(end - at.begin()))) + ".";
}

std::string describe_control(char c) {
    if (c == '\t') return "There is a tab inside a value. Remove it.";
    if (c == '\r' || c == '\n') return "There is a line break. Put the record on one line.";
    return "There is a control character, " + quoted(std::string_view(&c, 1)) + ". Remove it.";
}

// The length of the known name that a tag at the start of `text` has, or 0.
std::size_t known_name_length(std::string_view text, const Language& language) {
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) return 0;
    const auto name = trim_blanks(text.substr(0, equals));
    const bool known = std::ranges::any_of(language.names, [&](std::string_view candidate) {
        return base::equals_ignoring_case(candidate, name);
    });
    return known && text.starts_with(name) ? name.size() : 0;
}

base::Fault joined(std::size_t offset, const Language& language) {
    return {"joined-records", std::string(language.cite), offset,
            "The version appears again, so this looks like two records joined together. Publish "
            "one record only."};
}

// `at`: where the hidden tag starts in the value.
base::Fault missing_separator(const Part& part, std::size_t at, std::string_view name,
                              const Language& language) {
    std::size_t wrong = at - 1;
    while (wrong > 0 && base::is_blank(part.value[wrong]))
        --wrong;
    // "p=reject, rua=" has a comma to replace, "p=reject rua=" only the space.
    if (!std::string_view(",:|").contains(part.value[wrong])) wrong = at - 1;
    const auto found = part.value.substr(wrong, 1);
    return {"missing-separator", std::string(language.cite), part.value_offset + wrong,
            "There is " + (base::is_blank(found[0]) ? "a space" : quoted(found)) + " before " +
                quoted(std::string(name) + "=") + " where a semicolon is needed."};
}

}  // namespace

std::vector<HiddenTag> hidden_tags(const Part& part, const Language& language) {
    std::vector<HiddenTag> out;
    for (std::size_t i = 1; i < part.value.size() && out.size() < parts_max; ++i) {
        const auto here = part.value.substr(i);
        if (base::starts_with_ignoring_case(here, language.version)) {
            out.push_back({"v", joined(part.value_offset + i, language)});
            continue;
        }
        const char before = part.value[i - 1];
        if (!base::is_blank(before) && before != ',' && before != '|') continue;
        const std::size_t length = known_name_length(here.substr(0, word_octets_max), language);
        if (length == 0) continue;
        auto name = base::lower(here.substr(0, length));
        auto fault = name == "v" ? joined(part.value_offset + i, language)
                                 : missing_separator(part, i, name, language);
        out.push_back({std::move(name), std::move(fault)});
    }
    return out;
}

bool resembles(std::string_view text, const Language& language) {
    return base::lower(text.substr(0, text_octets_max)).contains(language.keyword);
}

std::vector<base::Fault> inspect(const Part& part, const Language& language) {
    FaultList out;
    const auto add_at = [&](std::string_view rule, std::size_t at, std::string detail) {
        out.add(rule, language.cite, part.offset + at, std::move(detail));
    };
    const auto control = std::ranges::find_if(part.text, is_control);
    if (control != part.text.end()) {
        const auto at = static_cast<std::size_t>(control - part.text.begin());
        add_at("control-byte", at, describe_control(*control));
    }
    const auto other = std::ranges::find_if(part.text, is_non_ascii);
    if (other != part.text.end()) {
        const auto at = static_cast<std::size_t>(other - part.text.begin());
        add_at("non-ascii", at, describe_non_ascii(part.text.substr(at)));
    }
    for (auto& hidden : hidden_tags(part, language))
        out.add(std::move(hidden.fault));
    if (part.value.starts_with('"') || (part.value.ends_with('"') && part.value.size() > 1)) {
        const std::size_t at = part.value.starts_with('"') ? 0 : part.value.size() - 1;
        out.add("quote-mark", language.cite, part.value_offset + at,
                "There is a quote mark around a value. Remove the quote marks.");
    }
    if (part.text.ends_with('\\')) {
        add_at("escaped-separator", part.text.size() - 1,
               part.terminated ? "There is a backslash before the semicolon. It belongs in some "
                                 "zone files only, so remove it from the record itself."
                               : "There is a backslash at the end of the record. Remove it.");
    }
    return out.take();
}

base::Fault explain_version(std::string_view text, const Language& language) {
    base::Fault fault{"bad-version", std::string(language.cite), 0, {}};
    const auto equals = language.version.find('=');
    const auto number = language.version.substr(equals + 1);
    const auto wanted = quoted(language.version);
    const auto parts = split(text);
    const bool has_parts = !parts.empty() && !parts.front().text.empty();
    if (!has_parts) {
        fault.detail = "The record does not start with " + wanted + ".";
        if (trim_blanks(text).empty()) fault.detail = "The record is empty.";
        return fault;
    }
    const Part& first = parts.front();
    fault.offset = first.offset;
    if (base::is_blank(text.front()) && first.text.starts_with(language.version)) {
        fault.offset = 0;
        fault.detail = "There is a space before " + wanted + ". Remove it.";
    } else if (text.front() == '"' || text.front() == '\'') {
        fault.detail = "The record starts with a quote mark. Remove the quote marks.";
    } else if (base::equals_ignoring_case(first.name, "v") && first.has_value) {
        fault.offset = first.value_offset;
        fault.detail = base::equals_ignoring_case(first.value, number)
                           ? "Write the version exactly as " + wanted + ". This record says " +
                                 quoted(first.text) + "."
                           : "The version must be " + quoted(number) + ", but the record says " +
                                 quoted(first.value) + ".";
    } else if (base::equals_ignoring_case(first.text, number)) {
        fault.detail = "Write " + wanted + ", not only " + quoted(number) + ".";
    } else if (std::ranges::any_of(parts, [&](const Part& part) {
                   return part.text.starts_with(language.version);
               })) {
        fault.detail = "The version must come first. Move " + wanted + " to the start.";
    } else {
        fault.detail = "The record does not start with " + wanted + ".";
    }
    return fault;
}

namespace {

// Restricted Damerau-Levenshtein: insert, delete, replace, swap two neighbours. Both words are
// within word_octets_max.
std::size_t slips(std::string_view a, std::string_view b) {
    using Row = std::array<std::size_t, word_octets_max + 1>;
    Row before_last{}, last{}, row{};
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const bool same = base::to_lower(a[i - 1]) == base::to_lower(b[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0U : 1U)});
            const bool swapped = i > 1 && j > 1 &&
                                 base::to_lower(a[i - 1]) == base::to_lower(b[j - 2]) &&
                                 base::to_lower(a[i - 2]) == base::to_lower(b[j - 1]);
            if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
        }
        before_last = last;
        last = row;
    }
    return last[b.size()];
}

}  // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> known) {
    if (word.empty() || word.size() > word_octets_max) return {};
    std::string_view best;
    std::size_t best_slips = word.size() > 5 ? 3 : 2;
    for (const auto candidate : known) {
        if (candidate == word) return {};
        // One letter is a slip away from every other letter, and from every pair with it.
        if (candidate.size() > word_octets_max) continue;
        const bool short_word = candidate.size() < 3 || word.size() < 3;
        if (short_word && !base::equals_ignoring_case(candidate, word)) continue;
        const std::size_t distance = slips(word, candidate);
        if (distance < best_slips) {
            best = candidate;
            best_slips = distance;
        }
    }
    return best;
}

namespace {

constexpr std::size_t extension_name_max = 32;  // RFC 8461 section 3.1

}  // namespace

bool is_extension_name(std::string_view name) {
    return !name.empty() && name.size() <= extension_name_max && base::is_alnum(name.front()) &&
           std::ranges::all_of(
               name, [](char c) { return base::is_alnum(c) || c == '_' || c == '-' || c == '.'; });
}

bool is_extension_value(std::string_view value) {
    return !value.empty() && std::ranges::all_of(value, [](char c) {
        return c > 0x20 && c < 0x7f && c != ';' && c != '=';
    });
}

std::string quoted(std::string_view text) {
    constexpr std::size_t shown_max = 80;  // ours: a line
    return '"' + base::quote_for_display(text, shown_max) + '"';
}

void limit_parts(std::vector<Part>& parts, const Language& language, FaultList& faults) {
    if (parts.size() <= parts_max) return;
    faults.add(
        "too-many-tags", language.cite, parts[parts_max].offset,
        "The record has more than " + std::to_string(parts_max) + " tags. We read no further.");
    parts.resize(parts_max);
}

void FaultList::add(base::Fault fault) {
    const auto same = std::ranges::count(faults_, fault.rule, &base::Fault::rule);
    if (static_cast<std::size_t>(same) >= faults_per_rule_max) return;
    const auto at = std::ranges::upper_bound(faults_, fault.offset, {}, &base::Fault::offset);
    faults_.insert(at, std::move(fault));
}

void FaultList::add(std::string_view rule, std::string_view cite, std::size_t offset,
                    std::string detail) {
    add(base::Fault{std::string(rule), std::string(cite), offset, std::move(detail)});
}

}  // namespace assay::codec::tags
