#include "render/sarif.hpp"

#include <boost/json.hpp>

#include "check/catalogue.hpp"
#include "render/document.hpp"
#include "render/words.hpp"

namespace assay::render {

namespace json = boost::json;

namespace {

json::string text(std::string_view value) {
    return json::string(to_utf8(value));
}

// SARIF 2.1.0 section 3.27.10: "error", "warning", "note", "none".
std::string_view level_of(const check::Judgement& judgement) {
    if (judgement.grade.status != check::Status::not_met) return "none";
    switch (judgement.grade.severity) {
        case check::Severity::urgent: return "error";
        case check::Severity::advisory: return "warning";
        default: return "note";
    }
}

// Section 3.27.9: what is met or could not be checked is said too, so that silence is not taken for
// a pass.
std::string_view kind_of(check::Status status) {
    switch (status) {
        case check::Status::not_met: return "fail";
        case check::Status::met: return "pass";
        case check::Status::not_applicable: return "notApplicable";
        case check::Status::cannot_tell: return "open";
        case check::Status::accepted: return "review";
    }
    return "open";
}

json::array rules() {
    json::array out;
    for (const auto* check : check::catalogue()) {
        out.push_back(
            {{"id", text(check->id)}, {"shortDescription", {{"text", text(check->question)}}}});
    }
    return out;
}

json::object result(const check::Assessment& assessment, const check::Judgement& judgement) {
    std::string message = judgement.title;
    if (const auto what = advice(judgement); !what.empty()) message += ". " + what;
    for (const auto& record : judgement.outcome.fix_records)
        message += "\n" + record;
    const auto* name = judgement.outcome.find("name");
    const auto where = name != nullptr ? check::print(*name) : assessment.domain.text();
    return {
        {"ruleId", text(judgement.check->id)},
        {"kind", text(kind_of(judgement.grade.status))},
        {"level", text(level_of(judgement))},
        {"message", {{"text", text(message)}}},
        {"locations",
         json::array{json::object{
             {"logicalLocations", json::array{json::object{{"fullyQualifiedName", text(where)},
                                                           {"kind", "resource"}}}}}}},
        {"partialFingerprints",
         {{"domainCheckOutcome",
           text(assessment.domain.text() + " " + std::string(judgement.check->id) + " " +
                std::string(judgement.outcome.tag))}}},
    };
}

}  // namespace

void SarifReport::begin() {
    out_ << R"({"version":"2.1.0","$schema":"https://json.schemastore.org/sarif-2.1.0.json",)"
         << R"("runs":[{"tool":{"driver":{"name":"assay","version":)"
         << json::serialize(text(version_)) << R"(,"rules":)" << json::serialize(rules())
         << "}},\"results\":[";
}

void SarifReport::add(const check::Assessment& assessment) {
    for (const auto& judgement : assessment.judgements) {
        out_ << (first_ ? "\n" : ",\n") << json::serialize(result(assessment, judgement));
        first_ = false;
    }
}

void SarifReport::end() {
    out_ << "\n]}]}\n";
}

}  // namespace assay::render
