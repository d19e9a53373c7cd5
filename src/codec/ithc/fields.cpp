#include "codec/ithc/fields.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/ithc/options.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

namespace {

// "6.7 (AV:L/...)": both; "AV:L/...": the vector; else the score as written.
void set_score_and_vector(Cvss& cvss, std::string_view text) {
    text = base::trim(text);
    const auto open = text.find('(');
    if (open != std::string_view::npos && open > 0) {
        auto vector = text.substr(open + 1);
        if (vector.ends_with(')')) vector.remove_suffix(1);
        if (cvss.vector.empty()) cvss.vector = vector;
        if (cvss.score.empty()) cvss.score = base::trim(text.substr(0, open));
        return;
    }
    auto& part = text.contains(':') ? cvss.vector : cvss.score;
    if (part.empty()) part = text;
}

}  // namespace

FieldTable::FieldTable(std::span<const FieldRule> rules) {
    for (const auto& rule : rules) {
        for (const auto name : base::split(rule.names, ' '))
            rules_.emplace(name, rule.set);
    }
}

void FieldTable::apply(Finding& finding, const Node& record) const {
    std::string name;
    for (const auto& child : record.children) {
        name = normalised(child.name);
        if (const auto rule = rules_.find(name); rule != rules_.end()) rule->second(finding, child);
    }
}

std::size_t FieldTable::matches(std::span<const std::string> names) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        names, [&](const auto& name) { return rules_.contains(normalised(name)); }));
}

void set_cve(Finding& finding, const Node& node) {
    add_cves(finding.cve, node.text);
    for (const auto& child : node.children)
        set_cve(finding, child);
}

void set_cwe(Finding& finding, const Node& node) {
    for (const auto part : base::split(node.text, ','))
        add_cwes(finding.cwe, part, true);
    for (const auto& child : node.children)
        set_cwe(finding, child);
}

void set_references(Finding& finding, const Node& node) {
    for (const auto line : base::split(node.text, '\n')) {
        const auto reference = base::trim(line);
        if (reference.empty()) continue;
        if (finding.references.size() > list_length_max) break;
        finding.references.emplace_back(reference);
    }
    for (const auto& child : node.children)
        set_references(finding, child);
}

void set_host(Finding& finding, const Node& node) {
    const auto text = base::trim(node.text);
    auto& asset = finding.asset;
    if (text.contains("://")) {
        if (asset.url.empty()) asset.url = text;
        return;
    }
    auto& part = is_address(text) ? asset.ip : asset.hostname;
    if (part.empty()) part = text;
}

void set_cvss(Finding& finding, const Node& node) {
    const auto text = base::trim(node.text);
    if (text.starts_with("CVSS:4")) return set_cvss4(finding, node);
    if (text.starts_with("CVSS:3") || text.contains("/PR:")) return set_cvss3(finding, node);
    set_cvss2(finding, node);
}

void set_cvss2(Finding& finding, const Node& node) {
    set_score_and_vector(finding.cvss2, node.text);
}
void set_cvss3(Finding& finding, const Node& node) {
    set_score_and_vector(finding.cvss3, node.text);
}
void set_cvss4(Finding& finding, const Node& node) {
    set_score_and_vector(finding.cvss4, node.text);
}

void set_status(Finding& finding, const Node& node) {
    constexpr std::array<std::string_view, 6> fixed{"fixed",  "mitigated",  "resolved",
                                                    "closed", "remediated", "f"};
    constexpr std::array<std::string_view, 6> accepted{
        "accepted", "riskaccepted", "acceptablerisk", "acceptrisk", "falsepositive", "ignored"};
    const auto word = normalised(node.text);
    if (std::ranges::find(fixed, word) != fixed.end()) finding.status = Status::fixed;
    if (std::ranges::find(accepted, word) != accepted.end()) finding.status = Status::accepted;
}

}  // namespace assay::codec::ithc
