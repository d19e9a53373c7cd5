// The stricter kind of tag list, of RFC 8461 section 3.1 (MTA-STS) and RFC 8460 section 3
// (TLS-RPT): the version first, no blanks around "=", names with regard to case, extensions with a
// grammar of their own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/fault.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::tags {

struct Field {
    Part part;
    std::optional<base::Fault> explained;  // its shape is wrong; no second fault for the value then
};

struct FieldList {
    std::vector<Field> known;  // the first of each known name, without "v"; views into the text
    std::vector<std::pair<std::string, std::string>> extensions;
    std::optional<base::Fault> version_fault;  // the text does not claim
    std::optional<base::Fault> syntax_fault;   // the first place where the grammar is broken

    // Tags that were meant to be there: inside another one, or not in the shape of a tag.
    std::vector<HiddenTag> attempts;

    const Field* find(std::string_view name) const;
    const base::Fault* find_attempt(std::string_view name) const;
};

// The version, then blanks, then ";". A text that is the version alone is discarded, as RFC 8461
// section 3.1 and RFC 8460 section 3 say of all that do not begin with it and ";".
bool claims(std::string_view text, const Language& language);

// A text that does not resemble the language gets one fault only. Rules: too-long, too-many-tags,
// bad-version, bad-syntax, bad-extension, those of inspect(), empty-tag, duplicate-tag (the first
// counts), misspelt-tag; and space-before-separator, which is advice.
FieldList read_fields(std::string_view text, const Language& language, FaultList& faults);

// Of the rules above, all but space-before-separator.
bool is_field_error(const base::Fault& fault);

}  // namespace assay::codec::tags
