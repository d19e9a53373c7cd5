// Qualys and Nexpose: what was found comes first, what it means at the end of the file. Findings
// wait until then; of what waits, evidence goes first when there is too much of it.
#include <unordered_map>

#include "base/text.hpp"
#include "codec/ithc/fields.hpp"
#include "codec/ithc/mappers.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

namespace {

using F = Finding;
constexpr auto asset = &F::asset;

std::size_t weight(const Finding& finding) {
    return sizeof(Finding) + finding.title.size() + finding.description.size() +
           finding.impact.size() + finding.recommendation.size() + finding.evidence.size() +
           finding.references.size() * 128 + finding.cve.size() * 48;
}

class Joiner {
  public:
    explicit Joiner(Emitter& emitter) : emitter_(emitter) {}

    base::Result<void> hold(Finding finding) {
        cut_to(finding.evidence, evidence_length_max);
        if (held_ + weight(finding) > held_length_max) cut_to(finding.evidence, 0);
        held_ += weight(finding);
        if (held_ > 4 * held_length_max)
            return base::fail(base::ErrorKind::limit,
                              "there are too many findings before the part that explains them: "
                              "export the report in smaller pieces");
        findings_.push_back(std::move(finding));
        return {};
    }
    base::Result<void> define(Finding definition) {
        for (auto* text :
             {&definition.description, &definition.impact, &definition.recommendation}) {
            cut_to(*text, text_length_max);
            if (defined_ + weight(definition) > held_length_max) cut_to(*text, 0);
        }
        defined_ += weight(definition);
        if (defined_ > 2 * held_length_max)
            return base::fail(base::ErrorKind::limit,
                              "there are too many explanations of findings");
        auto key = base::lower(definition.tool_id);
        definitions_.emplace(std::move(key), std::move(definition));
        return {};
    }
    base::Result<void> flush(bool html) {
        for (auto& finding : findings_) {
            const auto found = definitions_.find(base::lower(finding.tool_id));
            if (found == definitions_.end()) {
                ++emitter_.summary().undefined_ids;
                if (finding.title.empty()) finding.title = finding.tool_id;
            } else {
                join(finding, found->second);
            }
            if (auto done = emitter_.emit(std::move(finding), html); !done) return done;
        }
        findings_.clear();
        return {};
    }

  private:
    void cut_to(std::string& text, std::size_t length_max) {
        if (cut(text, length_max)) ++emitter_.summary().cut_texts;
        text.shrink_to_fit();
    }
    static void fill(std::string& text, const std::string& from) {
        if (text.empty()) text = from;
    }
    static void fill(Cvss& cvss, const Cvss& from) {
        fill(cvss.score, from.score);
        fill(cvss.vector, from.vector);
    }
    static void join(Finding& finding, const Finding& from) {
        fill(finding.title, from.title);
        fill(finding.description, from.description);
        fill(finding.impact, from.impact);
        fill(finding.recommendation, from.recommendation);
        fill(finding.reported.text, from.reported.text);
        finding.reported.number = finding.reported.text;
        fill(finding.cvss2, from.cvss2);
        fill(finding.cvss3, from.cvss3);
        fill(finding.cvss4, from.cvss4);
        if (finding.cve.empty()) finding.cve = from.cve;
        if (finding.references.empty()) finding.references = from.references;
    }

    Emitter& emitter_;
    std::vector<Finding> findings_;
    std::unordered_map<std::string, Finding> definitions_;
    std::size_t held_ = 0;
    std::size_t defined_ = 0;
};

constexpr FieldRule qualys_rules[] = {
    {"qid number", set<&F::tool_id>},
    {"title", set<&F::title>},
    {"severity", set_in<&F::reported, &Reported::text>},
    {"type", set<&F::confidence>},  // Vuln, Practice (a potential one), Ig
    {"threat diagnosis", set<&F::description>},
    {"impact consequence", set<&F::impact>},
    {"solution", set<&F::recommendation>},
    {"result", set<&F::evidence>},
    {"port", set_in<asset, &Asset::port>},
    {"protocol", set_in<asset, &Asset::protocol>},
    {"service", set_in<asset, &Asset::service>},
    {"fqdn", set_in<asset, &Asset::fqdn>},
    {"instance", set<&F::sub_check>},
    {"firstfound", set<&F::first_seen>},
    {"lastfound", set<&F::last_seen>},
    {"vulnstatus status", set_status},
    {"cveidlist cveid cvelist", set_cve},
    {"cvssbase", set_cvss2},
    {"cvss3base", set_cvss3},
};

void set_qualys_scores(Finding& finding, const Node& record) {
    for (const auto path : {"CVSS_SCORE/CVSS_BASE", "CVSS/BASE"})
        set_cvss2(finding, {"", std::string(record.get(path)), {}});
    for (const auto path : {"CVSS3_SCORE/CVSS3_BASE", "CVSS3/BASE"})
        set_cvss3(finding, {"", std::string(record.get(path)), {}});
    if (const auto* port = record.find("VENDOR_REFERENCE_LIST")) set_references(finding, *port);
}

// The report of assets, and the older one of a scan (<SCAN><IP><VULNS><CAT><VULN>).
class QualysMapper final : public XmlMapper {
  public:
    explicit QualysMapper(Emitter& emitter)
        : emitter_(emitter), table_(qualys_rules), joiner_(emitter) {}

    bool wants(std::string_view name, std::string_view parent) override {
        if (parent == "HOST")
            return name == "IP" || name == "DNS" || name == "NETBIOS" || name == "OPERATING_SYSTEM";
        if (parent == "IP") return name == "OS" || name == "NETBIOS_HOSTNAME";
        return name == "VULN_INFO" || name == "VULN_DETAILS" || name == "VULN" ||
               (parent == "CAT" && (name == "PRACTICE" || name == "INFO"));
    }
    void open(const Node& node) override {
        if (node.name == "HOST") host_ = {};
        if (node.name == "IP") {
            host_ = {};
            host_.ip = node.get("value");
            host_.fqdn = node.get("name");
        }
        if (node.name == "CAT") category_ = node;
    }
    base::Result<void> record(Node record, std::string_view parent) override {
        const auto& name = record.name;
        if (name == "IP") host_.ip = record.text;
        if (name == "DNS") host_.fqdn = record.text;
        if (name == "NETBIOS" || name == "NETBIOS_HOSTNAME") host_.hostname = record.text;
        if (name == "OPERATING_SYSTEM" || name == "OS") host_.os = record.text;
        const bool found = name == "VULN_INFO" || parent == "CAT";
        if (!found && name != "VULN_DETAILS") return {};
        Finding finding;
        if (parent == "CAT") {
            finding.asset.port = category_.get("port");
            finding.asset.protocol = category_.get("protocol");
        }
        if (found) add_host(finding);
        table_.apply(finding, record);
        set_qualys_scores(finding, record);
        if (name == "VULN_DETAILS") return joiner_.define(std::move(finding));
        if (parent == "CAT") {  // whole already
            finding.reported.number = finding.reported.text;
            return emitter_.emit(std::move(finding), true);
        }
        return joiner_.hold(std::move(finding));
    }
    base::Result<void> finish() override { return joiner_.flush(true); }

  private:
    void add_host(Finding& finding) const {
        finding.asset.ip = host_.ip;
        finding.asset.hostname = host_.hostname;
        finding.asset.fqdn = host_.fqdn;
        finding.asset.os = host_.os;
    }

    Emitter& emitter_;
    FieldTable table_;
    Joiner joiner_;
    Asset host_;
    Node category_;
};

constexpr FieldRule nexpose_rules[] = {
    {"id", set<&F::tool_id>},
    {"title", set<&F::title>},
    {"severity", set_in<&F::reported, &Reported::text>},
    {"cvssscore", set_cvss2},
    {"description", [](Finding& f, const Node& n) { f.description = whole_text(n); }},
    {"solution", [](Finding& f, const Node& n) { f.recommendation = whole_text(n); }},
    {"cvssv3score", set_cvss3},
    {"cvssv3vector", set_cvss3},
};

class NexposeMapper final : public XmlMapper {
  public:
    explicit NexposeMapper(Emitter& emitter)
        : emitter_(emitter), table_(nexpose_rules), joiner_(emitter) {}

    bool wants(std::string_view name, std::string_view parent) override {
        return name == "test" || name == "vulnerability" || (name == "name" && parent == "names") ||
               (name == "os" && parent == "fingerprints");
    }
    void open(const Node& node) override {
        // Version 1 says "device", version 2 "node".
        if (node.name == "node" || node.name == "device") {
            host_ = {};
            host_.ip = node.get("address");
        }
        if (node.name == "endpoint") {
            host_.port = node.get("port");
            host_.protocol = node.get("protocol");
        }
        if (node.name == "service") {
            host_.service = node.get("name");
            if (!node.get("port").empty()) host_.port = node.get("port");
            if (!node.get("protocol").empty()) host_.protocol = node.get("protocol");
        }
    }
    void close(std::string_view name) override {
        if (name == "service" || name == "endpoint") host_.service.clear();
        if (name == "endpoint" || name == "services") {
            host_.port.clear();
            host_.protocol.clear();
        }
    }
    base::Result<void> record(Node record, std::string_view) override {
        if (record.name == "name") host_.hostname = record.text;
        if (record.name == "os" && host_.os.empty())
            host_.os = std::string(record.get("vendor")) + " " +
                       std::string(record.get("product")) + " " +
                       std::string(record.get("version"));
        if (record.name == "vulnerability") return define(record);
        if (record.name != "test") return {};
        // "vulnerable-exploited", "vulnerable-version", "potential", "exception-vulnerable-...".
        const auto status = record.get("status");
        const bool excepted = status.starts_with("exception-") || status.contains("-exception");
        if (status.starts_with("not-vulnerable") ||
            !(status.contains("vulnerable") || status.contains("potential"))) {
            ++emitter_.summary().skipped_records;
            return {};
        }
        Finding finding;
        finding.asset = host_;
        finding.tool_id = record.get("id");
        finding.sub_check = record.get("key");
        finding.first_seen = record.get("vulnerable-since");
        finding.confidence = status;
        finding.status = excepted ? Status::accepted : Status::open;
        for (const auto& child : record.children) {
            if (child.name == "Paragraph") finding.evidence += whole_text(child) + "\n";
        }
        return joiner_.hold(std::move(finding));
    }
    base::Result<void> finish() override { return joiner_.flush(false); }

  private:
    base::Result<void> define(const Node& record) {
        Finding finding;
        table_.apply(finding, record);
        finding.cvss2.vector = record.get("cvssVector");
        const auto* references = record.find("references");
        for (const auto& one : references == nullptr ? std::vector<Node>() : references->children) {
            const auto source = one.get("source");
            if (source == "CVE") add_cves(finding.cve, one.text);
            if (source == "URL") finding.references.push_back(one.text);
        }
        return joiner_.define(std::move(finding));
    }

    Emitter& emitter_;
    FieldTable table_;
    Joiner joiner_;
    Asset host_;
};

}  // namespace

std::unique_ptr<XmlMapper> make_joined_mapper(Format format, Emitter& emitter) {
    if (format == Format::qualys_xml) return std::make_unique<QualysMapper>(emitter);
    if (format == Format::nexpose_xml) return std::make_unique<NexposeMapper>(emitter);
    return nullptr;
}

}  // namespace assay::codec::ithc
