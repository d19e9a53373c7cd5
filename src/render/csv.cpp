#include "render/csv.hpp"

#include "base/text.hpp"
#include "render/document.hpp"

namespace assay::render {

namespace {

// RFC 4180 section 2. A leading = + - @ or tab would be run as a formula by a spreadsheet: an
// apostrophe stops that.
std::string cell(std::string_view text) {
    std::string clean = to_utf8(text);
    if (!clean.empty() &&
        std::string_view("=+-@\t\r").find(clean.front()) != std::string_view::npos) {
        clean.insert(clean.begin(), '\'');
    }
    if (clean.find_first_of(",\"\r\n") == std::string::npos) return clean;
    std::string out = "\"";
    for (const char c : clean) {
        if (c == '"') out += '"';
        out += c;
    }
    return out + '"';
}

}  // namespace

void CsvReport::begin() {
    out_ << "domain,profile,source,measured_at,check,outcome,level,status,severity,owner,title,fix,"
            "records,next_step\r\n";
}

void CsvReport::add(const check::Assessment& assessment) {
    for (const auto& judgement : assessment.judgements) {
        const auto& grade = judgement.grade;
        const std::string cells[] = {assessment.domain.text(),
                                     assessment.profile,
                                     std::string(source_name(assessment.source)),
                                     base::print(assessment.measured_at),
                                     std::string(judgement.check->id),
                                     std::string(judgement.outcome.tag),
                                     std::string(check::print(grade.level)),
                                     std::string(check::print(grade.status)),
                                     std::string(check::print(grade.severity)),
                                     std::string(check::print(grade.owner)),
                                     judgement.title,
                                     judgement.fix,
                                     base::join(judgement.outcome.fix_records, "\n"),
                                     judgement.next_step_only ? "true" : "false"};
        for (const auto& text : cells) {
            if (&text != cells) out_ << ',';
            out_ << cell(text);
        }
        out_ << "\r\n";
    }
}

void CsvReport::end() {}

}  // namespace assay::render
