// PTART, SARIF, AppCheck, and findings as JSON in the shape of DefectDojo or near it.
#include <map>
#include <utility>

#include "base/text.hpp"
#include "codec/ithc/fields.hpp"
#include "codec/ithc/mappers.hpp"
#include "codec/ithc/text.hpp"

namespace assay::codec::ithc {

namespace {

using F = Finding;
constexpr auto asset = &F::asset;

bool is_picture(std::string_view member) {
    return member == "screenshots" || member == "attachments" || member == "images" ||
           member == "files" || member == "data";
}

constexpr FieldRule ptart_rules[] = {
    {"id", set<&F::tool_id>},
    {"title", set<&F::title>},
    {"body", set<&F::description>},
    {"remediation", set<&F::recommendation>},
    {"severity", set_in<&F::reported, &Reported::text>},
    {"cvssvector", set_cvss},
    {"added", set<&F::first_seen>},
    {"asset", set_host},
    {"cwes",
     [](Finding& f, const Node& n) {
         for (const auto& one : n.children)
             add_cwes(f.cwe, one.get("cwe_id"), true);
     }},
    {"references",
     [](Finding& f, const Node& n) {
         for (const auto& one : n.children)
             f.references.emplace_back(one.get("url").empty() ? one.text : one.get("url"));
     }},
};

// A test by people: few findings, and retests that say what became of them. So all wait for the
// end of the file.
class PtartMapper final : public JsonMapper {
  public:
    explicit PtartMapper(Emitter& emitter) : emitter_(emitter), table_(ptart_rules) {}

    bool wants(std::string_view path) override {
        return path == "assessments/*/hits/*" || path == "retests/*/hits/*";
    }
    bool skips(std::string_view member) override { return is_picture(member); }
    base::Result<void> record(std::string_view path, Node record) override {
        held_ += whole_text(record).size() + sizeof(Finding);
        if (held_ > held_length_max)
            return base::fail(base::ErrorKind::limit, "the report holds more than " +
                                                          std::to_string(held_length_max) +
                                                          " bytes of findings");
        if (path.starts_with("retests")) {
            retests_.push_back(std::move(record));
            return {};
        }
        Finding finding;
        table_.apply(finding, record);
        finding.reported.number = finding.reported.text;
        auto& cvss = finding.cvss4.vector.empty() ? finding.cvss3 : finding.cvss4;
        cvss.score = record.get("cvss_score");
        add_cves(finding.cve, finding.title);
        findings_.push_back(std::move(finding));
        return {};
    }
    base::Result<void> finish() override {
        for (const auto& retest : retests_)
            apply(retest);
        for (auto& finding : findings_) {
            if (auto done = emitter_.emit(std::move(finding)); !done) return done;
        }
        return {};
    }

  private:
    // F fixed; NF not fixed; P partly; NA, NT not tested.
    void apply(const Node& retest) {
        auto id = retest.get("original_hit/id");
        if (id.empty()) id = retest.get("original_hit");
        for (auto& finding : findings_) {
            if (finding.tool_id != id) continue;
            const auto status = retest.get("status");
            // Retests stand in the order of time: the last word counts.
            if (status == "F") finding.status = Status::fixed;
            if (status == "NF" || status == "P") finding.status = Status::open;
            finding.evidence += (finding.evidence.empty() ? "Retest (" : "\n\nRetest (") +
                                std::string(status) + "): " + std::string(retest.get("body"));
        }
    }

    Emitter& emitter_;
    FieldTable table_;
    std::vector<Finding> findings_;
    std::vector<Node> retests_;
    std::size_t held_ = 0;
};

std::string_view message(const Node& node, std::string_view member) {
    const auto text = node.get(std::string(member) + "/text");
    return text.empty() ? node.get(std::string(member) + "/markdown") : text;
}

class SarifMapper final : public JsonMapper {
  public:
    explicit SarifMapper(Emitter& emitter) : emitter_(emitter) {}

    bool wants(std::string_view path) override {
        return path == "runs/*/results/*" || path == "runs/*/tool/driver/rules/*" ||
               path == "runs/*/tool/extensions/*/rules/*";
    }
    bool skips(std::string_view member) override {
        return member == "codeFlows" || member == "stacks" || member == "graphs" ||
               member == "fixes" || member == "contextRegion";
    }
    void scalar(std::string_view path, std::string_view text) override {
        if (path == "runs/*/tool/driver/name") tool_ = text;
    }
    base::Result<void> close(std::string_view path) override {
        if (path == "runs/*/tool") return flush();
        if (path != "runs/*") return {};
        auto done = flush();
        rules_.clear();
        tool_.clear();
        held_ = 0;
        tool_seen_ = false;
        return done;
    }
    base::Result<void> record(std::string_view path, Node record) override {
        const bool rule = path != "runs/*/results/*";
        if (rule || !tool_seen_) held_ += whole_text(record).size() + 256;
        if (held_ > held_length_max)
            return base::fail(base::ErrorKind::limit,
                              "one run holds more than " + std::to_string(held_length_max) +
                                  " bytes of rules, or of results before its rules");
        if (rule) {
            std::string id(record.get("id"));
            rules_.emplace(std::move(id), std::move(record));
            return {};
        }
        // The members of a run may stand in any order.
        if (tool_seen_) return result(record);
        waiting_.push_back(std::move(record));
        return {};
    }

  private:
    base::Result<void> flush() {
        tool_seen_ = true;
        for (const auto& one : std::exchange(waiting_, {})) {
            if (auto done = result(one); !done) return done;
        }
        return {};
    }

    base::Result<void> result(const Node& record) {
        Finding finding;
        finding.tool = tool_;
        finding.tool_id = record.get("ruleId");
        if (finding.tool_id.empty()) finding.tool_id = record.get("rule/id");
        finding.reported.text = record.get("level");
        finding.reported.number = record.get("properties/security-severity");
        finding.title = finding.evidence = message(record, "message");
        if (const auto rule = rules_.find(finding.tool_id); rule != rules_.end())
            explain(finding, rule->second);
        // SARIF 2.1.0 section 3.27.10: a result without a level is a warning, unless it passed.
        const auto kind = record.get("kind");
        const bool fail = kind.empty() || kind == "fail";
        if (finding.reported.text.empty()) finding.reported.text = fail ? "warning" : "none";
        const auto* locations = record.find("locations");
        if (locations != nullptr && !locations->children.empty()) {
            const auto& place = locations->children.front();
            finding.asset.url = place.get("physicalLocation/artifactLocation/uri");
            finding.sub_check = place.get("physicalLocation/region/startLine");
        }
        const auto* suppressions = record.find("suppressions");
        if (suppressions != nullptr && !suppressions->children.empty())
            finding.status = Status::accepted;
        if (record.get("baselineState") == "absent") finding.status = Status::fixed;
        add_cves(finding.cve, finding.tool_id);
        return emitter_.emit(std::move(finding));
    }

    static void explain(Finding& finding, const Node& rule) {
        for (const auto name : {"shortDescription", "fullDescription"}) {
            const auto text = message(rule, name);
            if (!text.empty() && finding.description != text)
                finding.description +=
                    (finding.description.empty() ? "" : "\n\n") + std::string(text);
        }
        const auto title = message(rule, "shortDescription");
        if (!title.empty()) finding.title = title;
        finding.recommendation = message(rule, "help");
        if (!rule.get("helpUri").empty()) finding.references.emplace_back(rule.get("helpUri"));
        if (finding.reported.text.empty())
            finding.reported.text = rule.get("defaultConfiguration/level");
        if (finding.reported.number.empty())
            finding.reported.number = rule.get("properties/security-severity");
        finding.confidence = rule.get("properties/precision");
        const auto* properties = rule.find("properties");
        const auto* tags = properties == nullptr ? nullptr : properties->find("tags");
        for (const auto& tag : tags == nullptr ? std::vector<Node>() : tags->children)
            add_cwes(finding.cwe, tag.text, false);
    }

    Emitter& emitter_;
    std::map<std::string, Node> rules_;
    std::vector<Node> waiting_;
    std::string tool_;
    std::size_t held_ = 0;
    bool tool_seen_ = false;
};

constexpr FieldRule generic_rules[] = {
    {"tool scanner scanningengine", set<&F::tool>},
    {"vulnidfromtool pluginid toolid ruleid checkid", set<&F::tool_id>},
    {"uniqueidfromtool subcheck id", set<&F::sub_check>},
    {"title name", set<&F::title>},
    {"description details", append<&F::description>},
    {"impact", set<&F::impact>},
    {"mitigation recommendation solution remediation", set<&F::recommendation>},
    {"references reference links", set_references},
    {"severity risk", set_in<&F::reported, &Reported::text>},
    {"numericalseverity", set_in<&F::reported, &Reported::number>},
    {"cve cves vulnerabilityids", set_cve},
    {"cwe cwes", set_cwe},
    {"cvss cvssvector", set_cvss},
    {"cvssbasescore", set_in<&F::cvss2, &Cvss::score>},
    {"cvssv3 cvssv3vector", set_cvss3},
    {"cvssv3score cvssv3basescore", set_in<&F::cvss3, &Cvss::score>},
    {"cvssv4 cvssv4vector", set_cvss4},
    {"cvssv4score cvssv4basescore", set_in<&F::cvss4, &Cvss::score>},
    {"date firstdetectedat firstseen", set<&F::first_seen>},
    {"lastdetectedat lastseen", set<&F::last_seen>},
    {"status", set_status},
    {"confidence scannerconfidence", set<&F::confidence>},
    {"evidence stepstoreproduce output notes", append<&F::evidence>},
    {"ip ipv4address ipv6address ipaddress", set_in<asset, &Asset::ip>},
    {"host hostname", set_host},
    {"fqdn", set_in<asset, &Asset::fqdn>},
    {"os operatingsystem", set_in<asset, &Asset::os>},
    {"port", set_in<asset, &Asset::port>},
    {"protocol", set_in<asset, &Asset::protocol>},
    {"service servicename", set_in<asset, &Asset::service>},
    {"url uri", set_in<asset, &Asset::url>},
    {"filepath", set_in<asset, &Asset::url>},
};

class GenericMapper final : public JsonMapper {
  public:
    GenericMapper(Format format, Emitter& emitter)
        : appcheck_(format == Format::appcheck_json), emitter_(emitter), table_(generic_rules) {}

    bool wants(std::string_view path) override {
        return path == "findings/*" || path == "*" || path == "vulnerabilities/*" ||
               path == "results/*";
    }
    bool skips(std::string_view member) override { return is_picture(member); }
    base::Result<void> record(std::string_view, Node record) override {
        Finding finding;
        table_.apply(finding, record);
        const auto is = [&](std::string_view member) { return record.get(member) == "true"; };
        if (is("is_mitigated") || is("mitigated")) finding.status = Status::fixed;
        if (is("risk_accepted") || is("false_p")) finding.status = Status::accepted;
        if (appcheck_) tidy(finding, record);
        const auto* endpoints = record.find("endpoints");
        if (endpoints == nullptr || endpoints->children.empty())
            return emitter_.emit(std::move(finding), true);
        for (const auto& endpoint : endpoints->children) {
            Finding one = finding;
            if (endpoint.children.empty()) set_host(one, endpoint);
            table_.apply(one, endpoint);
            if (auto done = emitter_.emit(std::move(one), true); !done) return done;
        }
        return {};
    }

  private:
    // AppCheck wraps prose in [[markup]] marks, and gives details as an object.
    static void tidy(Finding& finding, const Node& record) {
        finding.tool = "AppCheck";
        if (finding.tool_id.empty()) finding.tool_id = finding.title;
        for (auto* text : {&finding.title, &finding.description, &finding.recommendation}) {
            for (const auto* mark : {"[[markup]]", "[[", "]]"}) {
                std::string out;
                std::size_t from = 0;
                const std::string_view all = *text;
                for (auto at = all.find(mark); at != std::string_view::npos;
                     at = all.find(mark, from)) {
                    out += all.substr(from, at - from);
                    from = at + std::string_view(mark).size();
                }
                out += all.substr(from);
                *text = std::move(out);
            }
        }
        if (const auto* details = record.find("details")) finding.evidence += whole_text(*details);
    }

    bool appcheck_;
    Emitter& emitter_;
    FieldTable table_;
};

}  // namespace

std::unique_ptr<JsonMapper> make_json_mapper(Format format, Emitter& emitter) {
    switch (format) {
        case Format::ptart_json: return std::make_unique<PtartMapper>(emitter);
        case Format::sarif: return std::make_unique<SarifMapper>(emitter);
        case Format::appcheck_json:
        case Format::generic_json: return std::make_unique<GenericMapper>(format, emitter);
        default: return nullptr;
    }
}

}  // namespace assay::codec::ithc
