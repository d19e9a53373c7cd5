// Formats whose findings stand whole in one element: Nessus, Burp, OpenVAS, ZAP, PingCastle,
// Outpost24, Nmap.
#include <array>

#include "base/text.hpp"
#include "codec/ithc/fields.hpp"
#include "codec/ithc/mappers.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

namespace {

using F = Finding;
constexpr auto asset = &F::asset;

constexpr FieldRule nessus_rules[] = {
    {"pluginid", set<&F::tool_id>},
    {"pluginname", set<&F::title>},
    {"port", set_in<asset, &Asset::port>},
    {"protocol", set_in<asset, &Asset::protocol>},
    {"svcname", set_in<asset, &Asset::service>},
    {"severity", set_in<&F::reported, &Reported::text>},
    {"riskfactor", set_in<&F::reported, &Reported::risk_factor>},
    {"synopsis", set<&F::impact>},
    {"description", set<&F::description>},
    {"solution", set<&F::recommendation>},
    {"pluginoutput cmcomplianceactualvalue", append<&F::evidence>},
    {"seealso cmcomplianceseealso", set_references},
    {"cve", set_cve},
    {"cwe", set_cwe},
    {"cvssbasescore", set_in<&F::cvss2, &Cvss::score>},
    {"cvssvector", set_in<&F::cvss2, &Cvss::vector>},
    {"cvss3basescore", set_in<&F::cvss3, &Cvss::score>},
    {"cvss3vector", set_in<&F::cvss3, &Cvss::vector>},
    {"cvss4basescore", set_in<&F::cvss4, &Cvss::score>},
    {"cvss4vector", set_in<&F::cvss4, &Cvss::vector>},
    // Compliance plugins share one id: without the check's name hundreds of findings were one.
    {"cmcompliancecheckname", set<&F::sub_check>},
    {"cmcomplianceresult", set<&F::confidence>},
    {"cmcompliancesolution", append<&F::recommendation>},
};

class NessusMapper final : public XmlMapper {
  public:
    explicit NessusMapper(Emitter& emitter) : emitter_(emitter), table_(nessus_rules) {}

    bool wants(std::string_view name, std::string_view parent) override {
        return parent == "ReportHost" && (name == "ReportItem" || name == "HostProperties");
    }
    bool skips(std::string_view name) override { return name == "attachment"; }
    void open(const Node& node) override {
        if (node.name != "ReportHost") return;
        host_ = {};
        set_host(host_, {"", std::string(node.get("name")), {}});
    }
    base::Result<void> record(Node record, std::string_view) override {
        if (record.name == "HostProperties") {
            read_host(record);
            return {};
        }
        Finding finding;
        finding.asset = host_.asset;
        finding.first_seen = finding.last_seen = seen_;
        table_.apply(finding, record);
        finding.reported.number = finding.reported.text;
        return emitter_.emit(std::move(finding));
    }

  private:
    void read_host(const Node& record) {
        seen_.clear();
        for (const auto& tag : record.children) {
            const auto name = tag.get("name");
            auto& out = host_.asset;
            if (name == "host-ip" && out.ip.empty()) out.ip = tag.text;
            if (name == "host-fqdn") out.fqdn = tag.text;
            if (name == "netbios-name" && out.hostname.empty()) out.hostname = tag.text;
            if (name == "operating-system") out.os = tag.text;
            if (name == "HOST_START") seen_ = tag.text;
        }
    }

    Emitter& emitter_;
    FieldTable table_;
    Finding host_;
    std::string seen_;
};

constexpr FieldRule burp_rules[] = {
    {"type", set<&F::tool_id>},
    {"name", set<&F::title>},
    {"location", set<&F::sub_check>},
    {"severity", set_in<&F::reported, &Reported::text>},
    {"confidence", set<&F::confidence>},
    {"issuebackground", append<&F::description>},
    {"issuedetail", append<&F::evidence>},
    {"remediationdetail remediationbackground", append<&F::recommendation>},
    {"vulnerabilityclassifications",
     [](Finding& f, const Node& n) { add_cwes(f.cwe, n.text, false); }},
    {"references", [](Finding& f, const Node& n) { f.references.push_back(html_to_text(n.text)); }},
};

class BurpMapper final : public XmlMapper {
  public:
    explicit BurpMapper(Emitter& emitter) : emitter_(emitter), table_(burp_rules) {}

    bool wants(std::string_view name, std::string_view) override { return name == "issue"; }
    // Whole web pages in base64, which nobody reads in a plan of remedies.
    bool skips(std::string_view name) override {
        return name == "request" || name == "response" || name == "responseRedirected" ||
               name == "collaboratorEvent" || name == "infiltratorEvent";
    }
    void open(const Node& node) override {
        if (node.name == "issues") seen_ = node.get("exportTime");
    }
    base::Result<void> record(Node record, std::string_view) override {
        Finding finding;
        table_.apply(finding, record);
        const std::string url(record.get("host"));
        finding.asset.url = url + std::string(record.get("path"));
        finding.asset.ip = record.get("host/ip");
        finding.evidence = html_to_text(finding.evidence);
        finding.last_seen = seen_;
        return emitter_.emit(std::move(finding), true);
    }

  private:
    Emitter& emitter_;
    FieldTable table_;
    std::string seen_;
};

constexpr FieldRule openvas_rules[] = {
    {"name", set<&F::title>},
    {"threat", set_in<&F::reported, &Reported::text>},
    {"severity", set_in<&F::reported, &Reported::number>},
    {"description", set<&F::evidence>},
    {"creationtime", set<&F::first_seen>},
    {"modificationtime", set<&F::last_seen>},
    {"host", set_host},
};

// "443/tcp", "general/tcp", "https (443/tcp)".
void set_port(Asset& out, std::string_view text) {
    const auto open = text.rfind('(');
    if (open != std::string_view::npos) {
        out.service = base::trim(text.substr(0, open));
        text = text.substr(open + 1, text.find(')', open) - open - 1);
    }
    const auto slash = text.find('/');
    if (slash == std::string_view::npos) return;
    out.protocol = text.substr(slash + 1);
    if (base::parse_decimal(text.substr(0, slash), 65535)) out.port = text.substr(0, slash);
}

// "cvss_base_vector=AV:N...|summary=...|solution=..."
std::string_view tag_value(std::string_view tags, std::string_view name) {
    for (const auto part : base::split(tags, '|')) {
        if (part.starts_with(name) && part.substr(name.size()).starts_with('='))
            return part.substr(name.size() + 1);
    }
    return {};
}

void set_openvas_test(Finding& finding, const Node& nvt) {
    finding.tool_id = nvt.get("oid");
    const auto tags = nvt.get("tags");
    finding.description = tag_value(tags, "summary");
    for (const auto name : {"insight", "affected"}) {
        const auto text = tag_value(tags, name);
        if (!text.empty()) finding.description += "\n\n" + std::string(text);
    }
    finding.impact = tag_value(tags, "impact");
    finding.recommendation = tag_value(tags, "solution");
    if (const auto* solution = nvt.find("solution")) finding.recommendation = solution->text;
    set_cvss(finding, {"", std::string(tag_value(tags, "cvss_base_vector")), {}});
    add_cves(finding.cve, nvt.get("cve"));
    const auto* refs = nvt.find("refs");
    for (const auto& ref : refs == nullptr ? std::vector<Node>() : refs->children) {
        const auto type = ref.get("type");
        if (type == "cve") add_cves(finding.cve, ref.get("id"));
        if (type == "url") finding.references.emplace_back(ref.get("id"));
    }
    const auto* severities = nvt.find("severities");
    for (const auto& one : severities == nullptr ? std::vector<Node>() : severities->children) {
        if (one.name != "severity") continue;
        const bool three = one.get("type").contains("v3");
        const bool four = one.get("type").contains("v4");
        auto& cvss = four ? finding.cvss4 : three ? finding.cvss3 : finding.cvss2;
        if (cvss.vector.empty()) cvss.vector = one.get("value");
        if (cvss.score.empty()) cvss.score = one.get("score");
    }
    auto& scored = !finding.cvss3.vector.empty() ? finding.cvss3 : finding.cvss2;
    if (scored.score.empty()) scored.score = nvt.get("cvss_base");
}

class OpenVasMapper final : public XmlMapper {
  public:
    explicit OpenVasMapper(Emitter& emitter) : emitter_(emitter), table_(openvas_rules) {}

    bool wants(std::string_view name, std::string_view parent) override {
        return name == "result" && parent == "results";
    }
    base::Result<void> record(Node record, std::string_view) override {
        Finding finding;
        table_.apply(finding, record);
        finding.asset.fqdn = record.get("host/hostname");
        set_port(finding.asset, record.get("port"));
        finding.confidence = record.get("qod/value");
        if (const auto* nvt = record.find("nvt")) set_openvas_test(finding, *nvt);
        // What the scan itself rated counts, where the test has no score of that version.
        if (finding.cvss3.score.empty() && finding.cvss2.score.empty())
            finding.cvss3.score = finding.reported.number;
        if (finding.reported.text.empty()) finding.reported.text = finding.reported.number;
        return emitter_.emit(std::move(finding));
    }

  private:
    Emitter& emitter_;
    FieldTable table_;
};

constexpr FieldRule zap_rules[] = {
    {"pluginid", set<&F::tool_id>},
    {"alertref", set<&F::sub_check>},
    {"alert name", set<&F::title>},
    {"riskcode", set_in<&F::reported, &Reported::text>},
    {"confidence", set<&F::confidence>},
    {"desc", set<&F::description>},
    {"solution", set<&F::recommendation>},
    {"otherinfo", append<&F::evidence>},
    {"cweid", set_cwe},
};

// One finding for each address at which the alert stands.
class ZapMapper final : public XmlMapper {
  public:
    explicit ZapMapper(Emitter& emitter) : emitter_(emitter), table_(zap_rules) {}

    bool wants(std::string_view name, std::string_view) override { return name == "alertitem"; }
    void open(const Node& node) override {
        if (node.name == "OWASPZAPReport") seen_ = node.get("generated");
        if (node.name != "site") return;
        site_ = {};
        site_.hostname = node.get("host");
        site_.port = node.get("port");
        site_.service = node.get("ssl") == "true" ? "https" : "http";
        site_.url = node.get("name");
    }
    base::Result<void> record(Node record, std::string_view) override {
        Finding finding;
        finding.asset = site_;
        finding.last_seen = seen_;
        table_.apply(finding, record);
        finding.reported.number = finding.reported.text;
        for (const auto line : base::split(html_to_text(record.get("reference")), '\n')) {
            if (!base::trim(line).empty()) finding.references.emplace_back(base::trim(line));
        }
        const auto* instances = record.find("instances");
        if (instances == nullptr || instances->children.empty())
            return emitter_.emit(std::move(finding), true);
        for (const auto& instance : instances->children) {
            Finding one = finding;
            if (!instance.get("uri").empty()) one.asset.url = instance.get("uri");
            for (const auto name : {"method", "param", "attack", "evidence"}) {
                const auto text = instance.get(name);
                if (!text.empty())
                    one.evidence += "\n" + std::string(name) + ": " + std::string(text);
            }
            if (!instance.get("param").empty())
                one.sub_check += "/" + std::string(instance.get("param"));
            if (auto done = emitter_.emit(std::move(one), true); !done) return done;
        }
        return {};
    }

  private:
    Emitter& emitter_;
    FieldTable table_;
    Asset site_;
    std::string seen_;
};

constexpr FieldRule pingcastle_rules[] = {
    {"riskid", set<&F::tool_id>},
    {"points", set_in<&F::reported, &Reported::text>},
    {"category", set<&F::sub_check>},
    {"rationale", set<&F::title>},
};

class PingCastleMapper final : public XmlMapper {
  public:
    explicit PingCastleMapper(Emitter& emitter) : emitter_(emitter), table_(pingcastle_rules) {}

    bool wants(std::string_view name, std::string_view parent) override {
        return name == "HealthcheckRiskRule" ||
               (parent == "HealthcheckData" && (name == "DomainFQDN" || name == "GenerationDate"));
    }
    base::Result<void> record(Node record, std::string_view) override {
        if (record.name == "DomainFQDN") domain_ = record.text;
        if (record.name == "GenerationDate") seen_ = record.text;
        if (record.name != "HealthcheckRiskRule") return {};
        Finding finding;
        table_.apply(finding, record);
        finding.reported.number = finding.reported.text;
        finding.description = finding.title;
        if (const auto* details = record.find("Details")) finding.evidence = whole_text(*details);
        // The rule list comes after the domain's name.
        finding.asset.fqdn = domain_;
        finding.last_seen = seen_;
        return emitter_.emit(std::move(finding));
    }

  private:
    Emitter& emitter_;
    FieldTable table_;
    std::string domain_;
    std::string seen_;
};

constexpr FieldRule outpost24_rules[] = {
    {"id scriptid vulnid", set<&F::tool_id>},
    {"name", set<&F::title>},
    {"risklevel risk severity", set_in<&F::reported, &Reported::text>},
    {"description", set<&F::description>},
    {"solution", set<&F::recommendation>},
    {"information", append<&F::evidence>},
    {"host ip target", set_host},
    {"hostname platform",
     [](Finding& f, const Node& n) {
         if (n.name == "hostname")
             f.asset.fqdn = n.text;
         else
             f.asset.os = n.text;
     }},
    {"port portnumber", set_in<asset, &Asset::port>},
    {"protocol", set_in<asset, &Asset::protocol>},
    {"cve", set_cve},
    {"cwe", set_cwe},
    {"cvssscore", set_in<&F::cvss2, &Cvss::score>},
    {"cvssvector", set_in<&F::cvss2, &Cvss::vector>},
    {"cvssv3score", set_in<&F::cvss3, &Cvss::score>},
    {"cvssv3vector", set_in<&F::cvss3, &Cvss::vector>},
    {"firstseen", set<&F::first_seen>},
    {"lastseen date", set<&F::last_seen>},
    {"isaccepted",
     [](Finding& f, const Node& n) {
         if (n.text == "true" || n.text == "1") f.status = Status::accepted;
     }},
};

class Outpost24Mapper final : public XmlMapper {
  public:
    explicit Outpost24Mapper(Emitter& emitter) : emitter_(emitter), table_(outpost24_rules) {}

    bool wants(std::string_view name, std::string_view parent) override {
        return name == "detail" && parent == "detaillist";
    }
    base::Result<void> record(Node record, std::string_view) override {
        Finding finding;
        table_.apply(finding, record);
        const auto* references = record.find("referencelist");
        for (const auto& one : references == nullptr ? std::vector<Node>() : references->children) {
            if (!one.get("url").empty()) finding.references.emplace_back(one.get("url"));
        }
        return emitter_.emit(std::move(finding), true);
    }

  private:
    Emitter& emitter_;
    FieldTable table_;
};

// An open port is a finding, a CVE that the script "vulners" lists is one, and so is what any
// other script says.
class NmapMapper final : public XmlMapper {
  public:
    explicit NmapMapper(Emitter& emitter) : emitter_(emitter) {}

    bool wants(std::string_view name, std::string_view parent) override {
        return name == "port" || name == "address" || name == "hostname" ||
               (name == "osmatch" && parent == "os") ||
               (name == "script" && parent == "hostscript");
    }
    void open(const Node& node) override {
        if (node.name == "host") host_ = {};
    }
    base::Result<void> record(Node record, std::string_view) override {
        if (record.name == "address" && record.get("addrtype") != "mac")
            host_.ip = record.get("addr");
        if (record.name == "hostname") {
            auto& name = record.get("type") == "user" ? host_.hostname : host_.fqdn;
            if (name.empty()) name = record.get("name");
        }
        if (record.name == "osmatch" && host_.os.empty()) host_.os = record.get("name");
        if (record.name == "script") return script(record, host_);
        if (record.name == "port") return port(record);
        return {};
    }

  private:
    base::Result<void> port(const Node& record) {
        if (record.get("state/state") != "open") return {};
        Finding finding;
        finding.asset = host_;
        finding.asset.port = record.get("portid");
        finding.asset.protocol = record.get("protocol");
        finding.asset.service = record.get("service/name");
        const Asset where = finding.asset;
        finding.tool_id = "open-port";
        finding.title = "Open port " + where.port + "/" + where.protocol;
        finding.reported.text = "info";
        for (const auto part : {"service/name", "service/product", "service/version"}) {
            const auto text = record.get(part);
            if (!text.empty()) finding.evidence += std::string(text) + " ";
        }
        if (auto done = emitter_.emit(std::move(finding)); !done) return done;
        for (const auto& child : record.children) {
            if (child.name != "script") continue;
            if (auto done = script(child, where); !done) return done;
        }
        return {};
    }

    base::Result<void> script(const Node& record, const Asset& where) {
        Finding finding;
        finding.asset = where;
        finding.tool_id = record.get("id");
        if (finding.tool_id == "vulners") return vulners(record, finding);
        finding.title = "Nmap script " + finding.tool_id;
        finding.evidence = record.get("output");
        add_cves(finding.cve, finding.evidence);
        // "State: VULNERABLE", "Risk factor: High": the words of the library that scripts share.
        constexpr std::string_view mark = "Risk factor: ";
        const auto at = finding.evidence.find(mark);
        if (at != std::string::npos) {
            const auto rest = std::string_view(finding.evidence).substr(at + mark.size());
            finding.reported.text = rest.substr(0, rest.find_first_of(" \r\n"));
        } else if (!finding.evidence.contains("VULNERABLE")) {
            finding.reported.text = "info";
        }
        return emitter_.emit(std::move(finding));
    }

    // <table key="cpe:..."><table><elem key="cvss">, <elem key="id"> ...
    base::Result<void> vulners(const Node& node, const Finding& base) {
        std::string id, score;
        for (const auto& child : node.children) {
            if (child.name == "elem" && child.get("key") == "id") id = child.text;
            if (child.name == "elem" && child.get("key") == "cvss") score = child.text;
            if (child.name != "table") continue;
            if (auto done = vulners(child, base); !done) return done;
        }
        if (id.empty()) return {};
        Finding finding = base;
        finding.sub_check = id;
        finding.title = id;
        finding.cvss3.score = score;
        finding.reported.text = finding.reported.number = score;
        add_cves(finding.cve, id);
        finding.references.push_back("https://vulners.com/cve/" + id);
        return emitter_.emit(std::move(finding));
    }

    Emitter& emitter_;
    Asset host_;
};

}  // namespace

std::unique_ptr<XmlMapper> make_xml_mapper(Format format, Emitter& emitter) {
    switch (format) {
        case Format::nessus_xml: return std::make_unique<NessusMapper>(emitter);
        case Format::burp_xml: return std::make_unique<BurpMapper>(emitter);
        case Format::openvas_xml: return std::make_unique<OpenVasMapper>(emitter);
        case Format::zap_xml: return std::make_unique<ZapMapper>(emitter);
        case Format::pingcastle_xml: return std::make_unique<PingCastleMapper>(emitter);
        case Format::outpost24_xml: return std::make_unique<Outpost24Mapper>(emitter);
        case Format::nmap_xml: return std::make_unique<NmapMapper>(emitter);
        default: return make_joined_mapper(format, emitter);
    }
}

}  // namespace assay::codec::ithc
