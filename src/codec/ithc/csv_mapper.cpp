// Rows of CSV: the names of columns differ between versions of one product, so each field has
// several.
#include <algorithm>

#include "base/text.hpp"
#include "codec/csv/writer.hpp"
#include "codec/ithc/fields.hpp"
#include "codec/ithc/mappers.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

namespace {

using F = Finding;
constexpr auto asset = &F::asset;
constexpr std::size_t rows_before_header_max = 50;  // ours: Qualys writes 7 about the report

constexpr FieldRule nessus_rules[] = {
    {"pluginid plugin", set<&F::tool_id>},
    {"name pluginname", set<&F::title>},
    {"risk", set_in<&F::reported, &Reported::text>},
    {"severity", set_in<&F::reported, &Reported::number>},
    {"riskfactor", set_in<&F::reported, &Reported::risk_factor>},
    {"host", set_host},
    {"ipaddress", set_in<asset, &Asset::ip>},
    {"fqdn dnsname", set_in<asset, &Asset::fqdn>},
    {"netbios netbiosname", set_in<asset, &Asset::hostname>},
    {"os", set_in<asset, &Asset::os>},
    {"protocol", set_in<asset, &Asset::protocol>},
    {"port", set_in<asset, &Asset::port>},
    {"service", set_in<asset, &Asset::service>},
    {"synopsis", set<&F::impact>},
    {"description", set<&F::description>},
    {"solution stepstoremediate", set<&F::recommendation>},
    {"seealso", set_references},
    {"pluginoutput plugintext", set<&F::evidence>},
    {"cve", set_cve},
    {"cvss cvssv20basescore cvssbasescore cvssv2basescore", set_in<&F::cvss2, &Cvss::score>},
    {"cvssvector cvssv2vector cvssv20vector", set_in<&F::cvss2, &Cvss::vector>},
    {"cvssv30basescore cvss3basescore cvssv3basescore", set_in<&F::cvss3, &Cvss::score>},
    {"cvss3vector cvssv3vector cvssv30vector", set_in<&F::cvss3, &Cvss::vector>},
    {"cvssv40basescore cvssv4basescore cvss4basescore", set_in<&F::cvss4, &Cvss::score>},
    {"cvssv4vector cvssv40vector", set_in<&F::cvss4, &Cvss::vector>},
    {"firstfound firstdiscovered", set<&F::first_seen>},
    {"lastfound lastobserved", set<&F::last_seen>},
    {"vulnerabilitystate modification", set_status},
};

constexpr FieldRule qualys_rules[] = {
    {"qid", set<&F::tool_id>},
    {"title vulntitle", set<&F::title>},
    {"severity", set_in<&F::reported, &Reported::text>},
    {"type", set<&F::confidence>},
    {"ip", set_in<asset, &Asset::ip>},
    {"dns dnshostname", set_in<asset, &Asset::fqdn>},
    {"netbios netbioshostname", set_in<asset, &Asset::hostname>},
    {"fqdn", set_in<asset, &Asset::fqdn>},
    {"os", set_in<asset, &Asset::os>},
    {"port", set_in<asset, &Asset::port>},
    {"protocol", set_in<asset, &Asset::protocol>},
    {"instance", set<&F::sub_check>},
    {"threat", set<&F::description>},
    {"impact", set<&F::impact>},
    {"solution", set<&F::recommendation>},
    {"results result", set<&F::evidence>},
    {"cveid cve", set_cve},
    {"cvssbase", set_cvss2},
    {"cvss3base cvss31base", set_cvss3},
    {"firstdetected", set<&F::first_seen>},
    {"lastdetected lastscan", set<&F::last_seen>},
    {"vulnstatus status", set_status},
};

constexpr FieldRule openvas_rules[] = {
    {"nvtoid", set<&F::tool_id>},
    {"nvtname", set<&F::title>},
    {"severity", set_in<&F::reported, &Reported::text>},
    {"cvss", [](Finding& f, const Node& n) { f.reported.number = f.cvss3.score = n.text; }},
    {"qod", set<&F::confidence>},
    {"ip", set_in<asset, &Asset::ip>},
    {"hostname", set_in<asset, &Asset::fqdn>},
    {"port", set_in<asset, &Asset::port>},
    {"portprotocol", set_in<asset, &Asset::protocol>},
    {"summary", append<&F::description>},
    {"vulnerabilityinsight", append<&F::description>},
    {"specificresult", set<&F::evidence>},
    {"impact", set<&F::impact>},
    {"solution", set<&F::recommendation>},
    {"cves", set_cve},
    {"otherreferences", set_references},
    {"timestamp", set<&F::last_seen>},
};

constexpr FieldRule cobalt_rules[] = {
    {"token", set<&F::tool_id>},
    {"tag", set<&F::sub_check>},
    {"title", set<&F::title>},
    {"description", set<&F::description>},
    {"criticalityjustification", set<&F::impact>},
    {"suggestedfix", set<&F::recommendation>},
    {"stepstoreproduce httprequest", append<&F::evidence>},
    {"browserurl", set_in<asset, &Asset::url>},
    {"reporturl", set_references},
    {"createdat", set<&F::first_seen>},
    {"evaluatedresult", set<&F::confidence>},
    {"severity criticality", set_in<&F::reported, &Reported::text>},
};

constexpr FieldRule generic_rules[] = {
    {"tool scanner source", set<&F::tool>},
    {"toolid pluginid vulnidfromtool ruleid checkid", set<&F::tool_id>},
    {"subcheck uniqueidfromtool id ref reference findingid", set<&F::sub_check>},
    {"title name finding issue vulnerability summary", set<&F::title>},
    {"severity risk rating riskrating reportedseverity", set_in<&F::reported, &Reported::text>},
    {"reportednumber", set_in<&F::reported, &Reported::number>},
    {"riskfactor", set_in<&F::reported, &Reported::risk_factor>},
    {"description details", set<&F::description>},
    {"impact", set<&F::impact>},
    {"mitigation recommendation recommendations solution remediation fix", set<&F::recommendation>},
    {"references links seealso", set_references},
    {"cve cves cveid", set_cve},
    {"cwe cweid cwes", set_cwe},
    {"cvss cvssvector", set_cvss},
    {"cvssscore cvss2score", set_cvss2},
    {"cvss2vector", set_in<&F::cvss2, &Cvss::vector>},
    {"cvssv3 cvss3 cvssv3score cvss3score cvss3vector", set_cvss3},
    {"cvssv4 cvss4 cvssv4score cvss4score cvss4vector", set_cvss4},
    {"ip ipaddress", set_in<asset, &Asset::ip>},
    {"host asset affectedhost system target", set_host},
    {"hostname", set_in<asset, &Asset::hostname>},
    {"fqdn", set_in<asset, &Asset::fqdn>},
    {"os operatingsystem", set_in<asset, &Asset::os>},
    {"port", set_in<asset, &Asset::port>},
    {"protocol", set_in<asset, &Asset::protocol>},
    {"service", set_in<asset, &Asset::service>},
    {"url uri endpoint", set_in<asset, &Asset::url>},
    {"evidence output proof", set<&F::evidence>},
    {"date firstseen discovered", set<&F::first_seen>},
    {"lastseen", set<&F::last_seen>},
    {"status state", set_status},
    {"confidence", set<&F::confidence>},
};

const FieldTable& table_of(Format format) {
    static const FieldTable nessus(nessus_rules);
    static const FieldTable qualys(qualys_rules);
    static const FieldTable openvas(openvas_rules);
    static const FieldTable cobalt(cobalt_rules);
    static const FieldTable generic(generic_rules);
    switch (format) {
        case Format::nessus_csv: return nessus;
        case Format::qualys_csv: return qualys;
        case Format::openvas_csv: return openvas;
        case Format::cobalt_csv: return cobalt;
        default: return generic;
    }
}

bool has(const std::vector<std::string>& cells, std::string_view name) {
    return std::ranges::any_of(cells, [&](const auto& cell) { return normalised(cell) == name; });
}

}  // namespace

bool is_header(Format format, const std::vector<std::string>& cells) {
    switch (format) {
        case Format::nessus_csv:
            return (has(cells, "pluginid") || has(cells, "plugin")) && has(cells, "synopsis");
        case Format::qualys_csv: return has(cells, "qid") && has(cells, "severity");
        case Format::openvas_csv: return has(cells, "nvtoid") && has(cells, "nvtname");
        case Format::cobalt_csv: return has(cells, "token") && has(cells, "suggestedfix");
        case Format::generic_csv:
            return table_of(format).matches(cells) >= 2 &&
                   std::ranges::any_of(cells, [](const auto& cell) {
                       const auto name = normalised(cell);
                       return name == "title" || name == "name" || name == "finding" ||
                              name == "issue" || name == "vulnerability" || name == "summary";
                   });
        default: return false;
    }
}

base::Result<void> CsvMapper::row(const csv::Record& record) {
    if (header_.empty()) {
        if (is_header(format_, record.cells)) {
            header_ = record.cells;
        } else if (++rows_before_ > rows_before_header_max) {
            return finish();
        }
        return {};
    }
    Node node;
    bool content = false;
    const auto count = std::min(header_.size(), record.cells.size());
    for (std::size_t i = 0; i < count; ++i) {
        std::string_view cell = record.cells[i];
        // Cobalt puts an apostrophe before every text, we before what looks like a formula.
        std::string bare;
        if (format_ == Format::cobalt_csv && cell.starts_with('\'')) cell.remove_prefix(1);
        if (format_ == Format::generic_csv) cell = bare = csv::unguard(cell);
        node.children.push_back(
            {header_[i], text_of_cell(cell, emitter_.summary().repaired_bytes), {}});
        content = content || !base::trim(cell).empty();
    }
    Finding finding;
    table_of(format_).apply(finding, node);
    if (!content) {
        ++emitter_.summary().skipped_records;
        return {};
    }
    return emitter_.emit(std::move(finding), format_ == Format::generic_csv);
}

base::Result<void> CsvMapper::finish() const {
    if (!header_.empty()) return {};
    return base::fail(base::ErrorKind::malformed,
                      "the CSV file has no header that " + std::string(tool_name(format_)) +
                          " writes in its first " + std::to_string(rows_before_header_max) +
                          " rows: keep the row with the column names");
}

}  // namespace assay::codec::ithc
