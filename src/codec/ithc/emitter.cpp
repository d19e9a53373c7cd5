#include "codec/ithc/emitter.hpp"

#include "base/text.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

namespace {

bool is_generic(Format format) {
    return format == Format::generic_csv || format == Format::generic_json;
}

// Anyone's prose may speak of "<script>" without being HTML; paragraphs and lists give HTML away.
bool looks_like_html(std::string_view text) {
    for (const auto* mark : {"<p>", "<p ", "<br", "<ul", "<ol", "<li>", "<div"}) {
        if (text.contains(mark)) return true;
    }
    return false;
}

}  // namespace

void Emitter::tidy(std::string& text, std::size_t length_max) {
    const auto trimmed = base::trim(text);
    if (trimmed.size() != text.size()) text = std::string(trimmed);
    if (cut(text, length_max)) ++summary_.cut_texts;
}

void Emitter::tidy(std::vector<std::string>& list) {
    if (list.size() > list_length_max) {
        list.resize(list_length_max);
        ++summary_.cut_lists;
    }
    for (auto& entry : list)
        tidy(entry, title_length_max);
}

base::Result<void> Emitter::emit(Finding finding, bool html) {
    if (finding.tool.empty()) finding.tool = tool_name(summary_.format);
    if (html) {
        for (auto* text :
             {&finding.title, &finding.description, &finding.impact, &finding.recommendation}) {
            if (!is_generic(summary_.format) || looks_like_html(*text)) *text = html_to_text(*text);
        }
    }
    for (auto* text : {&finding.description, &finding.impact, &finding.recommendation})
        tidy(*text, text_length_max);
    tidy(finding.evidence, evidence_length_max);
    auto& asset = finding.asset;
    for (auto* text : {&finding.tool,
                       &finding.tool_id,
                       &finding.sub_check,
                       &finding.title,
                       &asset.ip,
                       &asset.hostname,
                       &asset.fqdn,
                       &asset.os,
                       &asset.port,
                       &asset.protocol,
                       &asset.service,
                       &asset.url,
                       &finding.first_seen,
                       &finding.last_seen,
                       &finding.confidence,
                       &finding.cvss2.vector,
                       &finding.cvss2.score,
                       &finding.cvss3.vector,
                       &finding.cvss3.score,
                       &finding.cvss4.vector,
                       &finding.cvss4.score,
                       &finding.reported.text,
                       &finding.reported.number,
                       &finding.reported.risk_factor})
        tidy(*text, title_length_max);
    for (auto* list : {&finding.references, &finding.cve, &finding.cwe})
        tidy(*list);
    if (finding.tool_id.empty() && finding.title.empty()) {
        ++summary_.skipped_records;
        return {};
    }
    if (asset.port == "0") asset.port.clear();  // Nessus: the host as a whole
    rate(finding, summary_.format, options_.qualys_scale);
    if (++summary_.findings > findings_max)
        return base::fail(base::ErrorKind::limit,
                          "there are more than " + std::to_string(findings_max) + " findings");
    ++summary_.severities[static_cast<std::size_t>(finding.severity)];
    summary_.disagreements += finding.disagreement ? 1 : 0;
    return sink_(std::move(finding));
}

}  // namespace assay::codec::ithc
