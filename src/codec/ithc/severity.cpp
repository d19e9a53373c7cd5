#include "codec/ithc/severity.hpp"

#include <string>
#include <vector>

#include "base/text.hpp"

namespace assay::codec::ithc {

namespace {

Severity by_word(std::span<const WordRow> table, std::string_view word) {
    const auto lower = base::lower(base::trim(word));
    for (const auto& row : table) {
        if (row.word == lower) return row.severity;
    }
    return Severity::unknown;
}

struct Opinion {
    std::string words;
    Severity severity;
    bool capped;  // its scale ends at high
};

bool agree(const Opinion& a, const Opinion& b) {
    if (a.severity == b.severity) return true;
    const auto below = [](const Opinion& low, const Opinion& top) {
        return low.capped && low.severity == Severity::high && top.severity == Severity::critical;
    };
    return below(a, b) || below(b, a);
}

std::string quoted(std::string_view text) {
    return "\"" + base::quote_for_display(text, 40) + "\"";
}

std::vector<Opinion> opinions_of(const Finding& finding, Format format, QualysScale scale) {
    std::vector<Opinion> out;
    const auto add = [&](std::string name, std::string_view text, Severity severity, bool capped) {
        if (severity == Severity::unknown) return;
        out.push_back(
            {std::move(name) + " " + quoted(text) + " means " + std::string(print(severity)),
             severity, capped});
    };
    const auto& reported = finding.reported;
    const bool capped = !has_critical(format);
    add("the reported severity", reported.text, severity_of(format, reported.text, scale), capped);
    add("the risk factor", reported.risk_factor, by_word(words, reported.risk_factor), false);
    if (format == Format::sarif) {
        if (const auto score = parse_score(reported.number))
            add("the security severity", reported.number, cvss_band(*score, 3), false);
    }
    if (const auto score = parse_score(finding.cvss4.score)) {
        add("CVSS 4", finding.cvss4.score, cvss_band(*score, 4), false);
    } else if (const auto three = parse_score(finding.cvss3.score)) {
        add("CVSS 3", finding.cvss3.score, cvss_band(*three, 3), false);
    } else if (const auto two = parse_score(finding.cvss2.score)) {
        add("CVSS 2", finding.cvss2.score, cvss_band(*two, 2), true);
    }
    return out;
}

}  // namespace

std::span<const NumberRow> number_table(Format format, QualysScale scale) {
    switch (format) {
        case Format::nessus_xml:
        case Format::nessus_csv: return nessus_levels;
        case Format::qualys_xml:
        case Format::qualys_csv:
            if (scale == QualysScale::legacy) return qualys_legacy_levels;
            return qualys_high_levels;
        case Format::nexpose_xml: return nexpose_levels;
        case Format::zap_xml: return zap_levels;
        case Format::ptart_json: return ptart_levels;
        case Format::pingcastle_xml: return pingcastle_levels;
        default: return {};
    }
}

bool has_critical(Format format) {
    return format != Format::burp_xml && format != Format::openvas_xml &&
           format != Format::openvas_csv && format != Format::zap_xml && format != Format::sarif;
}

Severity severity_of(Format format, std::string_view reported, QualysScale scale) {
    reported = base::trim(reported);
    if (const auto number = base::parse_decimal(reported, 1000)) {
        for (const auto& row : number_table(format, scale)) {
            if (*number >= row.low && *number <= row.high) return row.severity;
        }
        return Severity::unknown;
    }
    if (format == Format::sarif) return by_word(sarif_words, reported);
    return by_word(words, reported);
}

std::optional<unsigned> parse_score(std::string_view text) {
    text = base::trim(text);
    const auto point = text.find('.');
    const auto whole = base::parse_decimal(text.substr(0, point), 10);
    if (!whole) return std::nullopt;
    auto tenths = static_cast<unsigned>(*whole) * 10;
    if (point != std::string_view::npos) {
        auto fraction = text.substr(point + 1);
        while (fraction.size() > 1 && fraction.ends_with('0'))
            fraction.remove_suffix(1);
        const auto digit = base::parse_decimal(fraction, 9);
        if (!digit || fraction.size() != 1) return std::nullopt;
        tenths += static_cast<unsigned>(*digit);
    }
    if (tenths > 100) return std::nullopt;
    return tenths;
}

Severity cvss_band(unsigned tenths, unsigned version) {
    if (tenths == 0) return Severity::informational;
    if (tenths < 40) return Severity::low;
    if (tenths < 70) return Severity::medium;
    if (tenths < 90 || version == 2) return Severity::high;
    return Severity::critical;
}

void rate(Finding& finding, Format format, QualysScale scale) {
    const auto opinions = opinions_of(finding, format, scale);
    finding.severity = opinions.empty() ? Severity::unknown : opinions.front().severity;
    finding.disagreement = false;
    finding.disagreement_detail.clear();
    // OpenVAS counts every score from 7 as high, and SARIF has three levels: a score says more.
    const bool score_first =
        format == Format::openvas_xml || format == Format::openvas_csv || format == Format::sarif;
    if (score_first && opinions.size() > 1) finding.severity = opinions[1].severity;
    for (std::size_t i = 0; i < opinions.size(); ++i) {
        for (std::size_t k = i + 1; k < opinions.size(); ++k)
            finding.disagreement = finding.disagreement || !agree(opinions[i], opinions[k]);
    }
    if (!finding.disagreement) return;
    std::vector<std::string> sentences;
    for (const auto& opinion : opinions)
        sentences.push_back(opinion.words);
    finding.disagreement_detail =
        "The tool does not agree with itself: " + base::join(sentences, "; ") + ".";
}

}  // namespace assay::codec::ithc
