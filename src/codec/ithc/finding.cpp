#include "codec/ithc/finding.hpp"

#include "base/text.hpp"

namespace assay::codec::ithc {

namespace {

void add_part(std::string& key, std::string_view part) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    if (!key.empty()) key += '|';
    for (const char c : part) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '|' || c == '%' || byte < 0x20 || byte == 0x7f) {
            key += '%';
            key += hex[byte >> 4];
            key += hex[byte & 15];
        } else {
            key += c;
        }
    }
}

std::string_view id_or_title(const Finding& finding) {
    return finding.tool_id.empty() ? finding.title : finding.tool_id;
}

}  // namespace

std::string_view print(Severity severity) {
    switch (severity) {
        case Severity::unknown: return "unknown";
        case Severity::informational: return "informational";
        case Severity::low: return "low";
        case Severity::medium: return "medium";
        case Severity::high: return "high";
        case Severity::critical: return "critical";
    }
    return "unknown";
}

std::string_view print(Status status) {
    switch (status) {
        case Status::open: return "open";
        case Status::fixed: return "fixed";
        case Status::accepted: return "accepted";
    }
    return "open";
}

std::string identity_key(const Finding& finding) {
    const auto& asset = finding.asset;
    std::string key = "finding";
    add_part(key, finding.tool);
    add_part(key, id_or_title(finding));
    add_part(key, finding.sub_check);
    add_part(key, base::lower(asset.ip));
    const bool nameless = asset.ip.empty() && asset.hostname.empty();
    add_part(key, base::lower(nameless ? asset.fqdn : asset.hostname));
    add_part(key, base::lower(asset.port.empty() ? "" : asset.port + "/" + asset.protocol));
    add_part(key, asset.url);
    return key;
}

std::string grouping_key(const Finding& finding) {
    std::string key = "group";
    add_part(key, finding.tool);
    add_part(key, id_or_title(finding));
    return key;
}

}  // namespace assay::codec::ithc
