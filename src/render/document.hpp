// The result document (schema assay.assessment/1) and the pieces that other formats share.
#pragma once

#include <string>

#include "check/judgement.hpp"

namespace assay::render {

inline constexpr std::string_view assessment_schema = "assay.assessment/1";

std::string to_json(const check::Assessment& assessment);  // one line

// Any text as valid UTF-8, other bytes as U+FFFD: what came from outside must not break a document.
std::string to_utf8(std::string_view text);
// For XML and HTML text and attributes: & < > " ' escaped, bytes that XML forbids as U+FFFD.
std::string escape_markup(std::string_view text);

std::string_view source_name(fact::Source source);  // "live", "zones"

}  // namespace assay::render
