// Real exports, kept beside the project and not in it: every one must be read, its severities
// word for word. The numbers were counted by a program that shares no code with this one.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "codec/ithc/reader.hpp"

namespace assay::codec::ithc {

namespace {

struct Row {
    std::string_view file;
    Format format;
    std::uint64_t findings;
    std::string_view severities;  // as reported: "text*count", in the order of the texts
    std::uint64_t disagreements;
};

constexpr Row rows[] = {
    {"nessus/nessus_v_unknown.xml", Format::nessus_xml, 296, "0*266 1*7 2*23", 0},
    {"nessus/nessus-template.csv", Format::nessus_csv, 5, "Critical*1 High*1 Medium*3", 1},
    {"nessus/nessus_many_vuln2-default.csv", Format::nessus_csv, 30, "Medium*1 None*29", 0},
    {"nessus/tenable_many_vuln.csv", Format::nessus_csv, 20, "High*12 Medium*8", 16},
    {"burp/seven_findings.xml", Format::burp_xml, 16, "High*5 Information*9 Low*2", 0},
    {"burp/one_finding_with_blank_response.xml", Format::burp_xml, 1, "High*1", 0},
    {"cobalt/cobalt_many_vuln.csv", Format::cobalt_csv, 9, "*9", 0},
    {"generic/generic_report1.json", Format::generic_json, 2, "Medium*2", 0},
    {"nexpose/report_auth.xml", Format::nexpose_xml, 26, "1*2 2*16 5*4 7*4", 6},
    {"nmap/nmap_script_vulners.xml", Format::nmap_xml, 3, "5.0*2 info*1", 0},
    {"openvas/report_detail_v2.xml", Format::openvas_xml, 1, "High*1", 0},
    {"openvas/report_using_CVE.csv", Format::openvas_csv, 43, "High*21 Medium*22", 0},
    {"pingcastle/many.xml", Format::pingcastle_xml, 28, "0*11 1*1 10*8 15*2 20*2 5*4", 0},
    {"ptart/ptart_many_vul.json", Format::ptart_json, 2, "2*1 5*1", 1},
    {"ptart/ptart_vuln_plus_retest.json", Format::ptart_json, 2, "2*1 5*1", 1},
    {"qualys/empty.xml", Format::qualys_xml, 0, "", 0},
    {"sarif/no_runs.sarif", Format::sarif, 0, "", 0},
};

const std::filesystem::path folder = ASSAY_SOURCE_DIR "/../shared/data/ithc";

struct Import {
    Summary summary;
    std::vector<Finding> findings;
    std::string severities;
};

Import import(std::string_view name) {
    std::ifstream file(folder / name, std::ios::binary);
    std::stringstream text;
    text << file.rdbuf();
    Import out;
    std::map<std::string, int> counts;
    auto done = read_text(text.str(), {.filename = std::string(name)},
                          [&](Finding finding) -> base::Result<void> {
                              ++counts[finding.reported.text];
                              out.findings.push_back(std::move(finding));
                              return {};
                          });
    REQUIRE_MESSAGE(done.has_value(), name, ": ", (done ? "" : done.error().detail));
    out.summary = *done;
    for (const auto& [word, count] : counts) {
        if (!out.severities.empty()) out.severities += ' ';
        out.severities += word + '*' + std::to_string(count);
    }
    return out;
}

}  // namespace

TEST_CASE("real exports are read whole, with the severities as the tools wrote them") {
    if (!std::filesystem::exists(folder)) {
        MESSAGE("left out: there are no real exports at ", folder.string());
        return;
    }
    for (const auto& row : rows) {
        CAPTURE(row.file);
        const auto got = import(row.file);
        CHECK(got.summary.format == row.format);
        CHECK(got.summary.findings == row.findings);
        CHECK(got.severities == row.severities);
        CHECK(got.summary.disagreements == row.disagreements);
        CHECK(got.summary.undefined_ids == 0);
        for (const auto& finding : got.findings) {
            CHECK(!finding.title.empty());
            CHECK(!finding.tool.empty());
        }
    }
}

}  // namespace assay::codec::ithc
