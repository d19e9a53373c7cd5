#include "codec/ithc/reader.hpp"

#include <doctest/doctest.h>

#include "codec/ithc/findings_csv.hpp"

namespace assay::codec::ithc {

namespace {

struct Got {
    base::Result<Summary> summary = Summary{};
    std::vector<Finding> findings;
};

Got import(std::string_view text, Options options = {}) {
    Got out;
    out.summary = read_text(text, std::move(options), [&](Finding finding) -> base::Result<void> {
        out.findings.push_back(std::move(finding));
        return {};
    });
    return out;
}

std::vector<Finding> findings_of(std::string_view text, Format format) {
    auto got = import(text);
    REQUIRE_MESSAGE(got.summary.has_value(), (got.summary ? "" : got.summary.error().detail));
    CHECK(got.summary->format == format);
    return std::move(got.findings);
}

std::string error_of(std::string_view text) {
    const auto got = import(text);
    REQUIRE(!got.summary.has_value());
    return got.summary.error().detail;
}

std::string nessus(std::string_view items) {
    return R"(<?xml version="1.0" ?><NessusClientData_v2><Report><ReportHost name="web1">
<HostProperties><tag name="host-ip">192.0.2.7</tag><tag name="host-fqdn">w.example.com</tag>
<tag name="operating-system">OS</tag><tag name="HOST_START">Mon Jan 1</tag></HostProperties>)" +
           std::string(items) + "</ReportHost></Report></NessusClientData_v2>";
}

}  // namespace

TEST_CASE("Nessus: severity, risk factor and CVSS stay apart, compliance checks too") {
    const auto found = findings_of(
        nessus(R"(<ReportItem port="443" svc_name="www" protocol="tcp" severity="3" pluginID="7"
 pluginName="T"><risk_factor>Medium</risk_factor><cvss3_base_score>9.8</cvss3_base_score>
<cvss3_vector>CVSS:3.0/AV:N</cvss3_vector><cve>CVE-2024-1234</cve><cve>CVE-2024-1235</cve>
<see_also>https://a.example
https://b.example</see_also><plugin_output>&lt;html&gt;</plugin_output></ReportItem>
<ReportItem port="0" severity="3" pluginID="21156" pluginName="C">
<cm:compliance-check-name>1.1</cm:compliance-check-name></ReportItem>
<ReportItem port="0" severity="1" pluginID="21156" pluginName="C">
<cm:compliance-check-name>1.2</cm:compliance-check-name></ReportItem>)"),
        Format::nessus_xml);
    REQUIRE(found.size() == 3);
    const auto& first = found[0];
    CHECK(first.reported == Reported{"3", "3", "Medium"});
    CHECK(first.severity == Severity::high);
    CHECK(first.disagreement);
    CHECK(first.cve == std::vector<std::string>{"CVE-2024-1234", "CVE-2024-1235"});
    CHECK(first.references.size() == 2);
    CHECK(first.evidence == "<html>");
    CHECK(first.asset ==
          Asset{"192.0.2.7", "web1", "w.example.com", "OS", "443", "tcp", "www", ""});
    CHECK(found[1].asset.port.empty());
    CHECK(identity_key(found[1]) != identity_key(found[2]));
    CHECK(grouping_key(found[1]) == grouping_key(found[2]));
}

TEST_CASE("Nessus CSV: three sets of columns") {
    for (const auto header : {"Plugin ID,CVE,CVSS,Risk,Host,Protocol,Port,Name,Synopsis",
                              "Plugin ID,CVE,CVSS v2.0 Base Score,Risk,Host,Protocol,Port,Name,"
                              "Synopsis",
                              "Plugin,CVE,CVSS Base Score,Risk,Host,Protocol,Port,Plugin Name,"
                              "Synopsis"}) {
        const auto found = findings_of(
            std::string(header) + "\n7,CVE-2024-1234,5.0,High,192.0.2.1,tcp,22,T,S\n,,,,,,,,\n",
            Format::nessus_csv);
        REQUIRE(found.size() == 1);
        CHECK(found[0].cvss2.score == "5.0");
        CHECK(found[0].reported.text == "High");
        CHECK(found[0].title == "T");
        CHECK(found[0].disagreement);
    }
}

TEST_CASE("Qualys: findings wait for the glossary; the scale is a choice") {
    const std::string text = R"(<!DOCTYPE ASSET_DATA_REPORT SYSTEM "https://x.example/a.dtd">
<ASSET_DATA_REPORT><HOST_LIST><HOST><IP>192.0.2.1</IP><DNS><![CDATA[a.example.com]]></DNS>
<VULN_INFO_LIST><VULN_INFO><QID id="qid_9">9</QID><TYPE>Vuln</TYPE><PORT>22</PORT>
<PROTOCOL>tcp</PROTOCOL><RESULT>r</RESULT><VULN_STATUS>Fixed</VULN_STATUS></VULN_INFO>
<VULN_INFO><QID id="qid_8">8</QID></VULN_INFO></VULN_INFO_LIST></HOST></HOST_LIST><GLOSSARY>
<VULN_DETAILS_LIST><VULN_DETAILS id="qid_9"><QID id="qid_9">9</QID><TITLE>T</TITLE>
<SEVERITY>5</SEVERITY><THREAT>a&lt;BR&gt;b</THREAT><SOLUTION>s</SOLUTION></VULN_DETAILS>
</VULN_DETAILS_LIST></GLOSSARY></ASSET_DATA_REPORT>)";
    const auto found = findings_of(text, Format::qualys_xml);
    REQUIRE(found.size() == 2);
    CHECK(found[0].title == "T");
    CHECK(found[0].description == "a\nb");
    CHECK(found[0].severity == Severity::critical);
    CHECK(found[0].status == Status::fixed);
    CHECK(found[0].asset.fqdn == "a.example.com");
    CHECK(found[1].severity == Severity::unknown);
    Options options;
    options.qualys_scale = QualysScale::four_and_five_high;
    const auto other = import(text, options);
    CHECK(other.findings[0].severity == Severity::high);
    CHECK(other.summary->undefined_ids == 1);
}

TEST_CASE("Qualys CSV: the table comes after rows about the report") {
    const auto found = findings_of(
        "\"Report\",\"x\"\n\n\"IP\",\"DNS\",\"QID\",\"Title\",\"Severity\",\"CVSS3.1 Base\",\"Vuln "
        "Status\"\n\"192.0.2.1\",\"a.example.com\",\"9\",\"T\",\"4\",\"6.7 "
        "(AV:L/AC:L)\",\"Active\"\n",
        Format::qualys_csv);
    REQUIRE(found.size() == 1);
    CHECK(found[0].reported.text == "4");
    CHECK(found[0].cvss3 == Cvss{"AV:L/AC:L", "6.7"});
}

TEST_CASE("Burp: its document type is let through, its bodies are not kept") {
    const auto found = findings_of(
        R"(<?xml version="1.0"?><!DOCTYPE issues [<!ELEMENT issues (issue*)>
<!ATTLIST request base64 (true|false) "false">]>
<issues exportTime="Sat"><issue><type>5</type><name>N</name><host ip="192.0.2.1">https://a.example
</host><path><![CDATA[/p]]></path><location>/p [id]</location><severity>High</severity>
<confidence>Firm</confidence><issueBackground>&lt;p&gt;b&lt;/p&gt;</issueBackground>
<requestresponse><request base64="true"><![CDATA[R0VU]]></request></requestresponse>
</issue></issues>)",
        Format::burp_xml);
    REQUIRE(found.size() == 1);
    CHECK(found[0].description == "b");
    CHECK(found[0].severity == Severity::high);
    CHECK(found[0].sub_check == "/p [id]");
    CHECK(found[0].asset.ip == "192.0.2.1");
    CHECK(found[0].evidence.empty());
}

TEST_CASE("ZAP: one finding for each address") {
    const auto found = findings_of(
        R"(<OWASPZAPReport generated="Mon"><site name="https://a.example" host="a.example"
 port="443"
 ssl="true"><alerts><alertitem><pluginid>1</pluginid><alert>A</alert><riskcode>3</riskcode>
<desc>&lt;p&gt;d&lt;/p&gt;</desc><cweid>79</cweid><instances>
<instance><uri>https://a.example/1</uri>
<param>q</param></instance><instance><uri>https://a.example/2</uri></instance></instances>
</alertitem></alerts></site></OWASPZAPReport>)",
        Format::zap_xml);
    REQUIRE(found.size() == 2);
    CHECK(found[0].severity == Severity::high);
    CHECK(found[0].cwe == std::vector<std::string>{"CWE-79"});
    CHECK(found[1].asset.url == "https://a.example/2");
}

TEST_CASE("PTART: a retest closes a finding") {
    const auto found = findings_of(
        R"({"assessments":[{"hits":[{"id":"P-1","title":"a","severity":1,"cvss_score":"10.0",
"cvss_vector":"CVSS:3.1/AV:N","asset":"https://a.example","cwes":[{"cwe_id":862}],
"screenshots":[{"screenshot":{"data":"AAAA"}}]},{"id":"P-2","title":"b","severity":4}]}],
"retests":[{"hits":[{"id":"P-1-RT","status":"F","body":"Gone","original_hit":{"id":"P-1"}},
{"status":"NF","body":"There","original_hit":{"id":"P-2"}}]}]})",
        Format::ptart_json);
    REQUIRE(found.size() == 2);
    CHECK(found[0].status == Status::fixed);
    CHECK(found[0].evidence == "Retest (F): Gone");
    CHECK(found[0].severity == Severity::critical);
    CHECK(found[0].cwe == std::vector<std::string>{"CWE-862"});
    CHECK(found[0].cvss3 == Cvss{"CVSS:3.1/AV:N", "10.0"});
    CHECK(found[1].status == Status::open);
    CHECK(found[1].severity == Severity::low);
}

TEST_CASE("SARIF: rules explain results wherever they stand") {
    const std::string tool =
        R"("tool":{"driver":{"name":"S","rules":[{"id":"r1","shortDescription":{"text":"T"},
"properties":{"security-severity":"9.1","tags":["external/cwe/CWE-89"]}}]}})";
    const std::string results =
        R"("results":[{"ruleId":"r1","level":"error","message":{"text":"m"},"locations":[
{"physicalLocation":{"artifactLocation":{"uri":"a.c"},"region":{"startLine":3}}}]}])";
    for (const auto& run : {tool + "," + results, results + "," + tool}) {
        const auto found = findings_of(
            R"({"version":"2.1.0","$schema":"sarif","runs":[{)" + run + "}]}", Format::sarif);
        REQUIRE(found.size() == 1);
        CHECK(found[0].tool == "S");
        CHECK(found[0].title == "T");
        CHECK(found[0].reported == Reported{"error", "9.1", ""});
        CHECK(found[0].severity == Severity::critical);
        CHECK(found[0].asset.url == "a.c");
        CHECK(found[0].cwe == std::vector<std::string>{"CWE-89"});
    }
}

TEST_CASE("AppCheck, Outpost24, PingCastle and Nexpose version 1") {
    auto found = findings_of(
        R"([{"_id":"1","title":"[[markup]]T [[x]]","scanning_engine":"web","cvss_v3_vector":
"CVSS:3.1/AV:N","cvss_v3_base_score":7.5,"cves":["CVE-2024-1234"],"status":"acceptable_risk",
"url":"https://a.example/"}])",
        Format::appcheck_json);
    REQUIRE(found.size() == 1);
    CHECK(found[0].tool == "AppCheck");
    CHECK(found[0].title == "T x");
    CHECK(found[0].severity == Severity::high);
    CHECK(found[0].status == Status::accepted);
    found = findings_of(
        R"(<main><detaillist><detail><id>4</id><name>N</name><risklevel>High</risklevel>
<cve><id>CVE-2024-1234</id></cve><cvss_v3_score>7.5</cvss_v3_score></detail></detaillist></main>)",
        Format::outpost24_xml);
    REQUIRE(found.size() == 1);
    CHECK(found[0].reported.text == "High");
    CHECK(found[0].cve.size() == 1);
    found = findings_of(
        R"(<HealthcheckData><DomainFQDN>ad.example</DomainFQDN><RiskRules><HealthcheckRiskRule>
<Points>60</Points><RiskId>P-X</RiskId><Rationale>R</Rationale></HealthcheckRiskRule></RiskRules>
</HealthcheckData>)",
        Format::pingcastle_xml);
    REQUIRE(found.size() == 1);
    CHECK(found[0].severity == Severity::critical);
    CHECK(found[0].asset.fqdn == "ad.example");
    found = findings_of(
        R"(<NexposeReport version="1.0"><devices><device address="192.0.2.1"><services>
<service name="ssh" port="22" protocol="tcp"><tests><test id="A" key="k"
 status="vulnerable-exploited">
<Paragraph>p</Paragraph></test><test id="B" status="not-vulnerable"/></tests></service></services>
</device></devices><VulnerabilityDefinitions><vulnerability id="a" title="T" severity="9"/>
</VulnerabilityDefinitions></NexposeReport>)",
        Format::nexpose_xml);
    REQUIRE(found.size() == 1);
    CHECK(found[0].asset.port == "22");
    CHECK(found[0].title == "T");
    CHECK(found[0].evidence == "p");
    CHECK(found[0].severity == Severity::critical);
}

TEST_CASE("generic CSV and JSON, and our own export read back") {
    const auto found = findings_of(
        "Title;Severity;Host;Port;CWE;Details\n\"<script> runs\";High;a.example;443;79;x<br>y\n",
        Format::generic_csv);
    REQUIRE(found.size() == 1);
    CHECK(found[0].title == "<script> runs");
    CHECK(found[0].description == "x\ny");
    CHECK(found[0].asset.hostname == "a.example");
    auto finding = found[0];
    finding.evidence = "=cmd()";
    finding.cvss3 = {"CVSS:3.1/AV:N", "7.5"};
    const auto text = findings_csv_header() + print_csv_row(finding);
    CHECK(text.contains("'=cmd()"));
    const auto again = findings_of(text, Format::generic_csv);
    REQUIRE(again.size() == 1);
    CHECK(again[0] == finding);
    CHECK(findings_of(R"({"findings":[{"title":"t","severity":"Low","endpoints":["a.example",
{"host":"b.example","port":8443}]}]})",
                      Format::generic_json)
              .size() == 2);
}

TEST_CASE("XML that attacks its reader is refused, and says why") {
    CHECK(error_of(R"(<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><issues>&b;</issues>)")
              .contains("declares the entity \"a\" at line 1"));
    CHECK(error_of(R"(<!DOCTYPE x [<!ENTITY % p SYSTEM "http://x.example/">%p;]><issues/>)")
              .contains("entity"));
    std::string deep = "<issues>";
    for (std::size_t i = 0; i < depth_max; ++i)
        deep += "<a>";
    CHECK(error_of(deep).contains("nested deeper than 64"));
    CHECK(
        error_of("<issues a=\"" + std::string(2 * token_length_max, 'x')).contains("longer than"));
    std::string attributes = "<issues";
    for (std::size_t i = 0; i <= attributes_max; ++i)
        attributes += " a" + std::to_string(i) + "=\"\"";
    CHECK(error_of(attributes + "/>").contains("attributes"));
    CHECK(error_of("<issues><issue></issues>").contains("mismatched tag at line 1, column 18"));
    CHECK(error_of("<issues>").contains("no element found"));
}

TEST_CASE("text is bounded, repaired, and what was cut is counted") {
    const auto long_text = std::string(text_length_max + 10, 'd');
    const auto got = import(
        nessus("<ReportItem pluginID=\"1\" severity=\"1\"><description>\xff\x01" + long_text +
               "</description><plugin_output>" + long_text + "</plugin_output></ReportItem>"));
    REQUIRE(got.summary.has_value());
    CHECK(got.summary->repaired_bytes == 2);
    CHECK(got.summary->cut_texts == 3);
    CHECK(got.findings[0].description.starts_with("\uFFFD\uFFFDd"));
    CHECK(got.findings[0].evidence.size() == evidence_length_max);
    const auto latin = import(
        "<?xml version=\"1.0\" encoding=\"windows-1252\"?><issues><issue><name>"
        "caf\xe9 \x80</name></issue></issues>");
    REQUIRE(latin.findings.size() == 1);
    CHECK(latin.findings[0].title == "caf\u00e9 \u20ac");
}

TEST_CASE("what cannot be read says so") {
    CHECK(error_of("hello").contains("cannot tell what kind"));
    CHECK(error_of("").contains("cannot tell what kind"));
    CHECK(error_of("{\"findings\":[{]}").contains("not valid JSON"));
    CHECK(error_of("{\"findings\":[]} x").contains("not valid JSON"));
    CHECK(error_of("{\"findings\":[").contains("not valid JSON"));
    Options options;
    options.file_length = 10;
    CHECK(import("[{\"title\":\"t\"}]", options).summary.error().kind == base::ErrorKind::limit);
    options = {};
    options.format = Format::nessus_csv;
    CHECK(import("a,b\n1,2\n", options).summary.error().detail.contains("no header"));
    const auto stopped =
        read_text("[{\"title\":\"t\"}]", {}, [](const Finding&) -> base::Result<void> {
            return base::fail(base::ErrorKind::limit, "enough");
        });
    CHECK(stopped.error().detail == "enough");
}

}  // namespace assay::codec::ithc
