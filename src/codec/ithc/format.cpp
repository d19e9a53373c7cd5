#include "codec/ithc/format.hpp"

#include <array>

#include "base/text.hpp"
#include "codec/csv/reader.hpp"
#include "codec/ithc/mappers.hpp"

namespace assay::codec::ithc {

namespace {

struct Row {
    Format format;
    std::string_view name;
    std::string_view tool;
};
constexpr std::array rows{Row{Format::unknown, "unknown", "unknown"},
                          Row{Format::nessus_xml, "nessus-xml", "Nessus"},
                          Row{Format::nessus_csv, "nessus-csv", "Nessus"},
                          Row{Format::qualys_xml, "qualys-xml", "Qualys"},
                          Row{Format::qualys_csv, "qualys-csv", "Qualys"},
                          Row{Format::burp_xml, "burp-xml", "Burp"},
                          Row{Format::openvas_xml, "openvas-xml", "OpenVAS"},
                          Row{Format::openvas_csv, "openvas-csv", "OpenVAS"},
                          Row{Format::nexpose_xml, "nexpose-xml", "Nexpose"},
                          Row{Format::nmap_xml, "nmap-xml", "Nmap"},
                          Row{Format::zap_xml, "zap-xml", "ZAP"},
                          Row{Format::sarif, "sarif", "SARIF"},
                          Row{Format::ptart_json, "ptart-json", "PTART"},
                          Row{Format::outpost24_xml, "outpost24-xml", "Outpost24"},
                          Row{Format::appcheck_json, "appcheck-json", "AppCheck"},
                          Row{Format::pingcastle_xml, "pingcastle-xml", "PingCastle"},
                          Row{Format::cobalt_csv, "cobalt-csv", "Cobalt"},
                          Row{Format::generic_csv, "generic-csv", "generic"},
                          Row{Format::generic_json, "generic-json", "generic"}};

struct Root {
    std::string_view element;
    Format format;
};
constexpr std::array roots{
    Root{"NessusClientData_v2", Format::nessus_xml},
    Root{"issues", Format::burp_xml},
    Root{"ASSET_DATA_REPORT", Format::qualys_xml},
    Root{"SCAN", Format::qualys_xml},
    Root{"report", Format::openvas_xml},  // GVM; Outpost24 has another second element
    Root{"get_reports_response", Format::openvas_xml},
    Root{"NexposeReport", Format::nexpose_xml},
    Root{"NeXposeSimpleXML", Format::nexpose_xml},
    Root{"nmaprun", Format::nmap_xml},
    Root{"OWASPZAPReport", Format::zap_xml},
    Root{"HealthcheckData", Format::pingcastle_xml},
    Root{"main", Format::outpost24_xml}};

// Past the declaration, comments and the document type.
std::string_view root_element(std::string_view text) {
    while (true) {
        const auto at = text.find('<');
        if (at == std::string_view::npos) return {};
        text.remove_prefix(at + 1);
        if (text.starts_with("!--")) {
            const auto end = text.find("-->");
            if (end == std::string_view::npos) return {};
            text.remove_prefix(end + 3);
        } else if (text.starts_with("!DOCTYPE")) {
            const auto end = text.find_first_of("[>");
            if (end == std::string_view::npos) return {};
            const auto subset = text[end] == '[' ? text.find("]>", end) : end;
            if (subset == std::string_view::npos) return {};
            text.remove_prefix(subset);
        } else if (!text.starts_with('?')) {
            return text.substr(0, text.find_first_of(" \t\r\n/>"));
        }
    }
}

Format sniff_xml(std::string_view head) {
    const auto root = root_element(head);
    for (const auto& row : roots) {
        if (row.element != root) continue;
        const bool details = head.contains("<detaillist") || head.contains("<hostlist");
        if (row.format == Format::openvas_xml && details) return Format::outpost24_xml;
        return row.format;
    }
    return head.contains("<detaillist") ? Format::outpost24_xml : Format::unknown;
}

Format sniff_json(std::string_view head, std::string_view filename) {
    if (head.contains("\"runs\"") &&
        (head.contains("sarif") || base::lower(filename).ends_with(".sarif")))
        return Format::sarif;
    if (head.contains("\"pentesters\"") || head.contains("\"hits\"")) return Format::ptart_json;
    if (head.contains("\"scanning_engine\"") || head.contains("[[markup]]"))
        return Format::appcheck_json;
    if (head.contains("\"runs\"")) return Format::sarif;
    return Format::generic_json;
}

Format sniff_csv(std::string_view head) {
    constexpr std::array formats{Format::nessus_csv, Format::openvas_csv, Format::qualys_csv,
                                 Format::cobalt_csv, Format::generic_csv};
    constexpr std::size_t rows_max = 50;  // ours: as many as the reader looks through
    std::array<std::size_t, formats.size()> first{};
    std::size_t count = 0;
    // A row that is cut at the end of the head is not looked at.
    csv::Reader reader([&](const csv::Record& record) -> base::Result<void> {
        if (++count > rows_max) return base::fail(base::ErrorKind::limit, "");
        for (std::size_t i = 0; i < formats.size(); ++i) {
            if (first[i] == 0 && is_header(formats[i], record.cells)) first[i] = count;
        }
        return {};
    });
    if (auto done = reader.feed(head)) (void)reader.finish();
    for (std::size_t i = 0; i < formats.size(); ++i) {
        if (first[i] > 0) return formats[i];
    }
    return Format::unknown;
}

// Every other byte of UTF-16 is enough to know an ASCII element by.
std::string narrow(std::string_view head) {
    std::string out;
    for (const char c : head.substr(2)) {
        if (c != '\0') out += c;
    }
    return out;
}

}  // namespace

std::string_view print(Format format) {
    for (const auto& row : rows) {
        if (row.format == format) return row.name;
    }
    return "unknown";
}

std::string_view tool_name(Format format) {
    for (const auto& row : rows) {
        if (row.format == format) return row.tool;
    }
    return "unknown";
}

std::optional<Format> parse_format(std::string_view text) {
    for (const auto& row : rows) {
        if (row.name == text) return row.format;
    }
    return std::nullopt;
}

Format sniff(std::string_view head, std::string_view filename) {
    if (head.starts_with("\xff\xfe") || head.starts_with("\xfe\xff")) {
        const auto text = narrow(head);
        return text.starts_with('<') ? sniff_xml(text) : Format::unknown;
    }
    if (head.starts_with("\xef\xbb\xbf")) head.remove_prefix(3);
    const auto at = head.find_first_not_of(" \t\r\n");
    if (at == std::string_view::npos) return Format::unknown;
    if (head[at] == '<') return sniff_xml(head);
    if (head[at] == '{' || head[at] == '[') return sniff_json(head, filename);
    return sniff_csv(head);
}

}  // namespace assay::codec::ithc
