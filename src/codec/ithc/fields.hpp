// Tables that say which name in a file fills which part of a finding.
#pragma once

#include <span>
#include <string_view>
#include <unordered_map>

#include "codec/ithc/finding.hpp"
#include "codec/ithc/node.hpp"

namespace assay::codec::ithc {

struct FieldRule {
    std::string_view names;  // normalised, separated by blanks
    void (*set)(Finding& finding, const Node& node);
};

class FieldTable {
  public:
    explicit FieldTable(std::span<const FieldRule> rules);
    // Every child of the record whose name is in the table.
    void apply(Finding& finding, const Node& record) const;
    // How many of the names are in the table: used to tell headers apart.
    std::size_t matches(std::span<const std::string> names) const;

  private:
    std::unordered_map<std::string, void (*)(Finding&, const Node&)> rules_;
};

// The first text that is not empty stays.
template <auto Member>
void set(Finding& finding, const Node& node) {
    auto& text = finding.*Member;
    if (text.empty()) text = node.text;
}
template <auto Outer, auto Member>
void set_in(Finding& finding, const Node& node) {
    auto& text = finding.*Outer.*Member;
    if (text.empty()) text = node.text;
}
// Joined by an empty line.
template <auto Member>
void append(Finding& finding, const Node& node) {
    auto& text = finding.*Member;
    if (node.text.empty() || text.ends_with(node.text)) return;
    if (!text.empty()) text += "\n\n";
    text += node.text;
}
void set_cve(Finding& finding, const Node& node);         // all in the text, or in an array
void set_cwe(Finding& finding, const Node& node);         // numbers too
void set_references(Finding& finding, const Node& node);  // a line each
void set_host(Finding& finding, const Node& node);        // an address or a name
void set_cvss(Finding& finding, const Node& node);   // a vector with its version, score before it
void set_cvss2(Finding& finding, const Node& node);  // "5.0", or "5.0 (AV:N/...)"
void set_cvss3(Finding& finding, const Node& node);
void set_cvss4(Finding& finding, const Node& node);
void set_status(Finding& finding, const Node& node);  // "Fixed", "ACCEPTED", "false_positive"

}  // namespace assay::codec::ithc
