#include "render/document.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"

namespace assay::render {

namespace json = boost::json;

namespace {

json::string utf8(std::string_view text) {
    return json::string(to_utf8(text));
}

json::value to_value(const check::Value& value) {
    if (const auto* text = std::get_if<std::string>(&value)) return utf8(*text);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    json::array out;
    for (const auto& text : std::get<std::vector<std::string>>(value))
        out.push_back(utf8(text));
    return out;
}

template <class Texts>
json::array to_array(const Texts& texts) {
    json::array out;
    for (const auto& text : texts)
        out.push_back(utf8(text));
    return out;
}

json::object to_object(const check::Judgement& judgement) {
    json::object evidence;
    for (const auto& argument : judgement.outcome.arguments)
        evidence[argument.name] = to_value(argument.value);
    json::object out{
        {"check", json::string(judgement.check->id)},
        {"outcome", json::string(judgement.outcome.tag)},
        {"level", json::string(check::print(judgement.grade.level))},
        {"status", json::string(check::print(judgement.grade.status))},
        {"severity", json::string(check::print(judgement.grade.severity))},
        {"owner", json::string(check::print(judgement.grade.owner))},
        {"title", utf8(judgement.title)},
        {"evidence", std::move(evidence)},
    };
    if (!judgement.fix.empty() || !judgement.outcome.fix_records.empty()) {
        out["fix"] = {{"text", utf8(judgement.fix)},
                      {"records", to_array(judgement.outcome.fix_records)},
                      {"next_step", judgement.next_step_only}};
    }
    out["references"] = to_array(judgement.check->references);
    out["guidance"] = to_array(judgement.check->guidance);
    return out;
}

}  // namespace

std::string_view source_name(fact::Source source) {
    return source == fact::Source::live ? "live" : "zones";
}

std::string to_utf8(std::string_view text) {
    if (base::is_utf8(text)) return std::string(text);
    std::string out;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x80) {
            out += c;
        } else {
            out += "\xef\xbf\xbd";
        }
    }
    return out;
}

std::string escape_markup(std::string_view text) {
    std::string out;
    for (const char c : to_utf8(text)) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: {
                const auto byte = static_cast<unsigned char>(c);
                const bool forbidden = (byte < 0x20 && c != '\t' && c != '\n') || byte == 0x7f;
                if (forbidden) {
                    out += "\xef\xbf\xbd";
                } else {
                    out += c;
                }
            }
        }
    }
    return out;
}

std::string to_json(const check::Assessment& assessment) {
    json::array results;
    results.reserve(assessment.judgements.size());
    for (const auto& judgement : assessment.judgements)
        results.push_back(to_object(judgement));
    const auto& summary = assessment.summary;
    const json::object out{
        {"schema", json::string(assessment_schema)},
        {"domain", json::string(assessment.domain.text())},
        {"profile", json::string(assessment.profile)},
        {"source", json::string(source_name(assessment.source))},
        {"measured_at", json::string(base::print(assessment.measured_at))},
        {"summary",
         {{"met", summary.met},
          {"not_met", summary.not_met},
          {"cannot_tell", summary.cannot_tell},
          {"not_applicable", summary.not_applicable},
          {"accepted", summary.accepted}}},
        {"results", std::move(results)},
    };
    return json::serialize(out);
}

}  // namespace assay::render
