#include "render/document.hpp"

#include <boost/json.hpp>

#include "base/text.hpp"

namespace assay::render {

namespace json = boost::json;

namespace {

inline constexpr std::size_t document_octets = 64 * 1024;  // ours: most documents take less

// Everything is made in the memory of the document, or it would be copied into it.
json::string utf8(std::string_view text, const json::storage_ptr& memory) {
    return base::is_utf8(text) ? json::string(text, memory) : json::string(to_utf8(text), memory);
}

template <class Texts>
json::array to_array(const Texts& texts, const json::storage_ptr& memory) {
    json::array out(memory);
    out.reserve(texts.size());
    for (const auto& text : texts)
        out.emplace_back(utf8(text, memory));
    return out;
}

json::value to_value(const check::Value& value, const json::storage_ptr& memory) {
    if (const auto* text = std::get_if<std::string>(&value)) return utf8(*text, memory);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return json::value(*number, memory);
    return to_array(std::get<std::vector<std::string>>(value), memory);
}

json::object to_object(const check::Judgement& judgement, const json::storage_ptr& memory) {
    json::object evidence(memory);
    for (const auto& argument : judgement.outcome.arguments)
        evidence.insert_or_assign(argument.name, to_value(argument.value, memory));
    json::object out({{"check", judgement.check->id},
                      {"outcome", judgement.outcome.tag},
                      {"level", check::print(judgement.grade.level)},
                      {"status", check::print(judgement.grade.status)},
                      {"severity", check::print(judgement.grade.severity)},
                      {"owner", check::print(judgement.grade.owner)},
                      {"title", utf8(judgement.title, memory)},
                      {"evidence", std::move(evidence)}},
                     memory);
    if (!judgement.fix.empty() || !judgement.outcome.fix_records.empty()) {
        out["fix"] = {{"text", utf8(judgement.fix, memory)},
                      {"records", to_array(judgement.outcome.fix_records, memory)},
                      {"next_step", judgement.next_step_only}};
    }
    out["references"] = to_array(judgement.check->references, memory);
    out["guidance"] = to_array(judgement.check->guidance, memory);
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
    json::monotonic_resource block(document_octets);
    const json::storage_ptr memory(&block);
    json::array results(memory);
    results.reserve(assessment.judgements.size());
    for (const auto& judgement : assessment.judgements)
        results.emplace_back(to_object(judgement, memory));
    const auto& summary = assessment.summary;
    const json::object out({{"schema", assessment_schema},
                            {"domain", assessment.domain.text()},
                            {"profile", assessment.profile},
                            {"source", source_name(assessment.source)},
                            {"measured_at", base::print(assessment.measured_at)},
                            {"summary",
                             {{"met", summary.met},
                              {"not_met", summary.not_met},
                              {"cannot_tell", summary.cannot_tell},
                              {"not_applicable", summary.not_applicable},
                              {"accepted", summary.accepted}}},
                            {"results", std::move(results)}},
                           memory);
    return json::serialize(out);
}

}  // namespace assay::render
