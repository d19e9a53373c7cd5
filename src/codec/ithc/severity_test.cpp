#include "codec/ithc/severity.hpp"

#include <doctest/doctest.h>

namespace assay::codec::ithc {

namespace {

struct Row {
    Format format;
    std::string_view reported;
    Severity severity;
};
using enum Severity;

constexpr Row rows[] = {
    {Format::nessus_xml, "0", informational},
    {Format::nessus_xml, "4", critical},
    {Format::nessus_xml, "5", unknown},
    {Format::nessus_csv, "None", informational},
    {Format::nessus_csv, "critical", critical},
    {Format::qualys_xml, "1", informational},
    {Format::qualys_csv, "4", high},
    {Format::qualys_xml, "5", critical},
    {Format::burp_xml, "Information", informational},
    {Format::burp_xml, "High", high},
    {Format::openvas_csv, "Log", informational},
    {Format::nexpose_xml, "3", low},
    {Format::nexpose_xml, "6", medium},
    {Format::nexpose_xml, "8", high},
    {Format::nexpose_xml, "9", critical},
    {Format::zap_xml, "3", high},
    {Format::ptart_json, "1", critical},
    {Format::ptart_json, "4", low},
    {Format::sarif, "error", high},
    {Format::sarif, "warning", medium},
    {Format::sarif, "note", informational},
    {Format::pingcastle_xml, "0", informational},
    {Format::pingcastle_xml, "20", medium},
    {Format::generic_csv, " Moderate ", medium},
    {Format::generic_csv, "3", unknown},
    {Format::generic_csv, "", unknown},
};

}  // namespace

TEST_CASE("the level of every source has its place on one scale") {
    for (const auto& row : rows) {
        CAPTURE(row.reported);
        CHECK(severity_of(row.format, row.reported, QualysScale::legacy) == row.severity);
    }
    CHECK(severity_of(Format::qualys_xml, "5", QualysScale::four_and_five_high) == high);
    CHECK(severity_of(Format::qualys_xml, "4", QualysScale::four_and_five_high) == high);
}

TEST_CASE("CVSS scores are read in tenths and fall into bands") {
    CHECK(parse_score("9.8") == 98u);
    CHECK(parse_score("10") == 100u);
    CHECK(parse_score(" 7.50 ") == 75u);
    CHECK(parse_score("7.00") == 70u);
    for (const auto text : {"", "50", "10.1", "-1", "7.", ".5", "7,5", "high"})
        CHECK_MESSAGE(!parse_score(text), text);
    CHECK(cvss_band(0, 3) == informational);
    CHECK(cvss_band(39, 3) == low);
    CHECK(cvss_band(40, 3) == medium);
    CHECK(cvss_band(70, 4) == high);
    CHECK(cvss_band(90, 3) == critical);
    CHECK(cvss_band(100, 2) == high);
}

TEST_CASE("a tool that does not agree with itself is said so, and its words stay") {
    Finding finding;
    finding.reported = {"High", "3", "Medium"};
    finding.cvss3.score = "9.8";
    rate(finding, Format::nessus_csv, QualysScale::legacy);
    CHECK(finding.severity == high);
    CHECK(finding.disagreement);
    CHECK(
        finding.disagreement_detail ==
        "The tool does not agree with itself: the reported severity \"High\" means high; the risk "
        "factor \"Medium\" means medium; CVSS 3 \"9.8\" means critical.");
    CHECK(finding.reported == Reported{"High", "3", "Medium"});

    // The highest word of OpenVAS is high: that is no contradiction, and the score says more.
    Finding open;
    open.reported.text = "High";
    open.cvss3.score = "10.0";
    rate(open, Format::openvas_csv, QualysScale::legacy);
    CHECK(!open.disagreement);
    CHECK(open.severity == critical);

    // Without a reported level the score speaks; a score outside 0 to 10 says nothing.
    Finding silent;
    silent.cvss3.score = "5.0";
    rate(silent, Format::generic_csv, QualysScale::legacy);
    CHECK(silent.severity == medium);
    silent.cvss3.score = "50";
    rate(silent, Format::generic_csv, QualysScale::legacy);
    CHECK(silent.severity == unknown);
}

}  // namespace assay::codec::ithc
