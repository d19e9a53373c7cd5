#include "codec/ithc/findings_csv.hpp"

#include "base/text.hpp"
#include "codec/csv/writer.hpp"

namespace assay::codec::ithc {

std::string findings_csv_header() {
    const std::vector<std::string> names{"Tool",
                                         "Tool ID",
                                         "Sub-check",
                                         "Title",
                                         "Severity",
                                         "Reported number",
                                         "Risk factor",
                                         "Derived severity",
                                         "Disagreement",
                                         "Status",
                                         "IP",
                                         "Hostname",
                                         "FQDN",
                                         "OS",
                                         "Port",
                                         "Protocol",
                                         "Service",
                                         "URL",
                                         "CVE",
                                         "CWE",
                                         "CVSS2 score",
                                         "CVSS2 vector",
                                         "CVSS3 score",
                                         "CVSS3 vector",
                                         "CVSS4 score",
                                         "CVSS4 vector",
                                         "Description",
                                         "Impact",
                                         "Recommendation",
                                         "References",
                                         "Evidence",
                                         "First seen",
                                         "Last seen",
                                         "Confidence",
                                         "Identity key",
                                         "Grouping key"};
    return csv::print_record(names);
}

std::string print_csv_row(const Finding& finding) {
    const auto& asset = finding.asset;
    const std::vector<std::string> cells{finding.tool,
                                         finding.tool_id,
                                         finding.sub_check,
                                         finding.title,
                                         finding.reported.text,
                                         finding.reported.number,
                                         finding.reported.risk_factor,
                                         std::string(print(finding.severity)),
                                         finding.disagreement_detail,
                                         std::string(print(finding.status)),
                                         asset.ip,
                                         asset.hostname,
                                         asset.fqdn,
                                         asset.os,
                                         asset.port,
                                         asset.protocol,
                                         asset.service,
                                         asset.url,
                                         base::join(finding.cve, ", "),
                                         base::join(finding.cwe, ", "),
                                         finding.cvss2.score,
                                         finding.cvss2.vector,
                                         finding.cvss3.score,
                                         finding.cvss3.vector,
                                         finding.cvss4.score,
                                         finding.cvss4.vector,
                                         finding.description,
                                         finding.impact,
                                         finding.recommendation,
                                         base::join(finding.references, "\n"),
                                         finding.evidence,
                                         finding.first_seen,
                                         finding.last_seen,
                                         finding.confidence,
                                         identity_key(finding),
                                         grouping_key(finding)};
    return csv::print_record(cells);
}

}  // namespace assay::codec::ithc
