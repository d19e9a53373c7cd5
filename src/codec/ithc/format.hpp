// Which exports of scanners and testers are read.
#pragma once

#include <optional>
#include <string_view>

namespace assay::codec::ithc {

enum class Format {
    unknown,
    nessus_xml,
    nessus_csv,
    qualys_xml,
    qualys_csv,
    burp_xml,
    openvas_xml,
    openvas_csv,
    nexpose_xml,
    nmap_xml,
    zap_xml,
    sarif,
    ptart_json,
    outpost24_xml,
    appcheck_json,
    pingcastle_xml,
    cobalt_csv,
    generic_csv,
    generic_json,
};

std::string_view print(Format format);      // "nessus-xml"
std::string_view tool_name(Format format);  // "Nessus"; what Finding::tool says by default
std::optional<Format> parse_format(std::string_view text);

// From the first bytes (64 KiB are plenty) and the name of the file, which may be empty. XML goes
// by its root element, JSON by its members, CSV by its header; unknown where nothing fits.
Format sniff(std::string_view head, std::string_view filename);

}  // namespace assay::codec::ithc
