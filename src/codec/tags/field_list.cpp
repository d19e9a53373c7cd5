#include "codec/tags/field_list.hpp"

#include <algorithm>
#include <ranges>

#include "base/text.hpp"

namespace assay::codec::tags {

const Field* FieldList::find(std::string_view name) const {
    const auto at =
        std::ranges::find_if(known, [&](const Field& field) { return field.part.name == name; });
    return at == known.end() ? nullptr : &*at;
}

const base::Fault* FieldList::find_attempt(std::string_view name) const {
    const auto at = std::ranges::find(attempts, name, &HiddenTag::name);
    return at == attempts.end() ? nullptr : &at->fault;
}

namespace {

// What follows the version and blanks; nothing when the text does not begin with the version.
std::optional<std::string_view> behind_version(std::string_view text, const Language& language) {
    if (!text.starts_with(language.version)) return std::nullopt;
    return trim_blanks(text.substr(language.version.size()));
}

}  // namespace

bool claims(std::string_view text, const Language& language) {
    const auto rest = behind_version(text, language);
    return rest && rest->starts_with(';');
}

bool is_field_error(const base::Fault& fault) {
    return fault.rule != "space-before-separator";
}

namespace {

class FieldReader {
  public:
    FieldReader(const Language& language, FaultList& faults)
        : language_(language), faults_(faults) {}

    FieldList read(std::string_view text);

  private:
    void read_version(std::string_view text, const Part& part);
    void read_bad_version(std::string_view text, const Part& part);
    void read_field(const Part& part);
    void read_extension(const Part& part, bool explained);
    std::optional<base::Fault> inspect_part(const Part& part);
    std::optional<base::Fault> check_shape(const Part& part) const;
    void add_syntax_fault(base::Fault fault);
    bool is_known(std::string_view name) const {
        return std::ranges::find(language_.names, name) != language_.names.end();
    }

    const Language& language_;
    FaultList& faults_;
    FieldList out_;
    std::vector<std::string_view> seen_;
    bool claimed_ = false, joined_ = false;
};

FieldList FieldReader::read(std::string_view text) {
    if (text.size() > text_octets_max) {
        out_.version_fault = base::Fault{"too-long", "RFC 1035 section 3.2.1", text_octets_max,
                                         "The record is longer than the DNS can carry."};
        faults_.add(*out_.version_fault);
        return std::move(out_);
    }
    auto parts = split(text);
    limit_parts(parts, language_, faults_);
    // The version alone is explained as a record that lacks everything else.
    const auto rest = behind_version(text, language_);
    claimed_ = rest && (rest->empty() || rest->front() == ';');
    if (parts.empty() || (!claimed_ && !resembles(text, language_))) {
        out_.version_fault = explain_version(text, language_);
        faults_.add(*out_.version_fault);
        return std::move(out_);
    }
    const auto& first = parts.front();
    if (claimed_) {
        read_version(text, first);
    } else {
        read_bad_version(text, first);
        if (first.name != "v" && is_known(first.name)) read_field(first);
    }
    for (const auto& part : parts | std::views::drop(1))
        read_field(part);
    const auto end = parts.back().offset + parts.back().text.size();
    if (!parts.back().terminated && end < text.size()) {
        add_syntax_fault({"bad-syntax", std::string(language_.cite), end,
                          "There is a space at the end of the record. Remove it."});
    }
    return std::move(out_);
}

void FieldReader::read_version(std::string_view text, const Part& part) {
    const auto end = part.offset + part.text.size();
    const auto semicolon = text.find(';', end);
    if (semicolon == std::string_view::npos || semicolon == end) return;
    // The grammar allows the blank, the sentence that says what is discarded does not.
    faults_.add("space-before-separator", language_.cite, end,
                "There is a space after " + quoted(language_.version) +
                    ". Remove it, because some senders look for " +
                    quoted(std::string(language_.version) + ";") + ".");
}

void FieldReader::read_bad_version(std::string_view text, const Part& part) {
    // What inspect() says about the version needs no second fault.
    const bool is_version = part.text.contains(language_.version);
    if (is_version) out_.version_fault = inspect_part(part);
    if (out_.version_fault) return;
    out_.version_fault = explain_version(text, language_);
    if (base::starts_with_ignoring_case(part.text, "v") &&
        (part.blank_before_equals || part.blank_after_equals)) {
        out_.version_fault->offset = part.offset;
        out_.version_fault->detail = "Write " + quoted(language_.version) + " without spaces.";
    }
    faults_.add(*out_.version_fault);
}

std::optional<base::Fault> FieldReader::inspect_part(const Part& part) {
    std::optional<base::Fault> first;
    for (auto& hidden : hidden_tags(part, language_))
        out_.attempts.push_back(std::move(hidden));
    for (auto& fault : inspect(part, language_)) {
        if (fault.rule == "joined-records") joined_ = true;
        if (!first) first = fault;
        add_syntax_fault(std::move(fault));
    }
    return first;
}

void FieldReader::add_syntax_fault(base::Fault fault) {
    if (!out_.syntax_fault) out_.syntax_fault = fault;
    faults_.add(std::move(fault));
}

void FieldReader::read_field(const Part& part) {
    if (part.text.empty()) {
        add_syntax_fault({"empty-tag", std::string(language_.cite), part.offset,
                          "There is nothing between two semicolons. Remove one of them."});
        return;
    }
    auto explained = inspect_part(part);
    if (auto fault = check_shape(part); fault && !explained) {
        explained = fault;
        const auto name = part.name.substr(0, part.name.find(':'));
        if (!part.has_value && is_known(name)) out_.attempts.push_back({std::string(name), *fault});
        add_syntax_fault(*std::move(fault));
    }
    if (!part.has_value || part.name.empty()) return;
    if (part.name == "v") {
        if (!claimed_) return;
        joined_ = true;
        add_syntax_fault({"joined-records", std::string(language_.cite), part.offset,
                          "The version appears again, so this looks like two records joined "
                          "together. Publish one record only."});
        return;
    }
    if (std::ranges::find(seen_, part.name) != seen_.end()) {
        // The second half of two joined records repeats everything.
        if (joined_) return;
        faults_.add(
            "duplicate-tag", language_.cite, part.offset,
            "The tag " + quoted(part.name) + " appears more than once. Only the first one counts.");
        return;
    }
    seen_.push_back(part.name);
    if (is_known(part.name)) {
        out_.known.push_back({part, std::move(explained)});
    } else {
        read_extension(part, explained.has_value());
    }
}

std::optional<base::Fault> FieldReader::check_shape(const Part& part) const {
    const auto fault = [&](std::size_t offset, std::string detail) {
        return base::Fault{"bad-syntax", std::string(language_.cite), offset, std::move(detail)};
    };
    if (!part.has_value) {
        std::string help = " Write it as a name, an equals sign and a value.";
        const auto before = part.text.substr(0, part.text.find(':'));
        if (before.size() < part.text.size() && is_known(before)) {
            help = " Use an equals sign instead of the colon.";
        } else if (base::equals_ignoring_case(before, "mailto") ||
                   base::equals_ignoring_case(before, "https")) {
            help = " Separate addresses with commas, not semicolons.";
        }
        return fault(part.offset, quoted(part.text) + " is not a tag." + help);
    }
    if (part.name.empty()) {
        return fault(part.offset, "There is no tag name before the equals sign.");
    }
    if (part.blank_before_equals || part.blank_after_equals) {
        return fault(
            part.offset + part.name.size(),
            "There is a space beside the equals sign after " + quoted(part.name) + ". Remove it.");
    }
    return std::nullopt;
}

void FieldReader::read_extension(const Part& part, bool explained) {
    const auto meant = nearest(part.name, language_.names);
    if (!meant.empty()) {
        faults_.add("misspelt-tag", language_.cite, part.offset,
                    "Senders ignore the tag " + quoted(part.name) + ". Did you mean " +
                        quoted(meant) + "?");
    }
    const bool good_name = is_extension_name(part.name);
    if (good_name && is_extension_value(part.value)) {
        out_.extensions.emplace_back(part.name, part.value);
        return;
    }
    if (explained) return;
    const std::string detail =
        good_name ? "The value of " + quoted(part.name) + ", " + quoted(part.value) +
                        ", must not be empty and must not have spaces or equals signs."
                  : quoted(part.name) +
                        " is not a tag name. A name has up to 32 letters, digits, dots, hyphens "
                        "and underscores, and starts with a letter or digit.";
    add_syntax_fault({"bad-extension", std::string(language_.cite),
                      good_name ? part.value_offset : part.offset, detail});
}

}  // namespace

FieldList read_fields(std::string_view text, const Language& language, FaultList& faults) {
    return FieldReader(language, faults).read(text);
}

}  // namespace assay::codec::tags
