// `assay ithc import FILE`: the findings of a health check, severities verbatim.
#include <fmt/format.h>
#include <fmt/ostream.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>

#include "cli/commands.hpp"
#include "codec/ithc/reader.hpp"

namespace assay::cli {

namespace {

namespace ithc = codec::ithc;
namespace json = boost::json;

constexpr std::size_t chunk_octets = 1u << 20;
constexpr std::size_t assets_shown_max = 20;  // ours: of one issue; the count says how many more

struct IthcOptions {
    std::string file, format = "text", report;
};

// One weakness on however many hosts.
struct Issue {
    ithc::Finding first;
    unsigned count = 0;
    std::vector<std::string> assets, also_reported;
};

std::string asset_of(const ithc::Asset& asset) {
    auto name = !asset.ip.empty() ? asset.ip : !asset.fqdn.empty() ? asset.fqdn : asset.hostname;
    if (name.empty()) name = asset.url;
    return asset.port.empty() || asset.port == "0" ? name : name + ":" + asset.port;
}

class Issues {
  public:
    void add(ithc::Finding finding) {
        if (finding.status == ithc::Status::fixed) return;
        const auto [at, made] = index_.try_emplace(ithc::grouping_key(finding), issues_.size());
        const auto asset = asset_of(finding.asset);
        if (made) issues_.push_back({finding, 0, {}, {}});
        auto& issue = issues_[at->second];
        ++issue.count;
        const auto known = [](const std::vector<std::string>& list, const std::string& text) {
            return text.empty() || std::ranges::find(list, text) != list.end();
        };
        if (issue.assets.size() < assets_shown_max && !known(issue.assets, asset))
            issue.assets.push_back(asset);
        if (finding.reported.text != issue.first.reported.text &&
            !known(issue.also_reported, finding.reported.text))
            issue.also_reported.push_back(finding.reported.text);
        if (finding.disagreement && issue.also_reported.empty())
            issue.also_reported.push_back(finding.disagreement_detail);
    }
    const std::vector<Issue>& all() const { return issues_; }

  private:
    std::map<std::string, std::size_t> index_;
    std::vector<Issue> issues_;
};

json::array texts(const std::vector<std::string>& values) {
    json::array out;
    for (const auto& value : values)
        out.push_back(json::string(value));
    return out;
}

json::object printed(const Issue& issue, const std::string& report) {
    const auto& first = issue.first;
    return {{"report", report},
            {"tool", first.tool},
            {"tool_id", first.tool_id},
            {"title", first.title.empty() ? first.tool_id : first.title},
            {"reported", first.reported.text},
            {"derived", ithc::print(first.severity)},
            {"also_reported", texts(issue.also_reported)},
            {"assets", texts(issue.assets)},
            {"count", issue.count}};
}

base::Result<ithc::Summary> read_file(const std::string& path, Issues& issues) {
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{} cannot be read: {}", path, std::strerror(errno)));
    }
    ithc::Reader reader({.filename = path}, [&](ithc::Finding finding) -> base::Result<void> {
        issues.add(std::move(finding));
        return {};
    });
    std::string chunk(chunk_octets, '\0');
    while (file.read(chunk.data(), static_cast<std::streamsize>(chunk.size())) ||
           file.gcount() > 0) {
        const auto part =
            std::string_view(chunk).substr(0, static_cast<std::size_t>(file.gcount()));
        if (auto fed = reader.feed(part); !fed) return std::unexpected(fed.error());
    }
    return reader.finish();
}

void print_text(const Issues& issues, const ithc::Summary& summary, World& world) {
    fmt::print(world.out, "{} findings, {} issues.\n", summary.findings, issues.all().size());
    constexpr std::array order{ithc::Severity::critical,      ithc::Severity::high,
                               ithc::Severity::medium,        ithc::Severity::low,
                               ithc::Severity::informational, ithc::Severity::unknown};
    for (const auto severity : order) {
        for (const auto& issue : issues.all()) {
            if (issue.first.severity != severity) continue;
            fmt::print(world.out, "  {:<13} reported '{}', {} times: {}\n", ithc::print(severity),
                       issue.first.reported.text, issue.count, issue.first.title);
            for (const auto& other : issue.also_reported)
                fmt::print(world.out, "                does not agree: {}\n", other);
        }
    }
    if (summary.cut_texts + summary.cut_lists + summary.repaired_bytes > 0) {
        fmt::print(world.out,
                   "{} long texts and {} long lists were cut, and {} bytes were repaired.\n",
                   summary.cut_texts, summary.cut_lists, summary.repaired_bytes);
    }
}

base::Result<int> run_import(const IthcOptions& options, World& world) {
    Issues issues;
    auto summary = read_file(options.file, issues);
    if (!summary) {
        auto error = summary.error();
        if (error.kind != base::ErrorKind::internal) error.kind = base::ErrorKind::usage;
        return std::unexpected(std::move(error));
    }
    if (options.format == "text") {
        print_text(issues, *summary, world);
        return exit_met;
    }
    json::array all;
    for (const auto& issue : issues.all())
        all.push_back(printed(issue, options.report));
    fmt::print(world.out, "{}\n", json::serialize(json::object{{"findings", std::move(all)}}));
    return exit_met;
}

}  // namespace

void add_ithc(CLI::App& app, World& world, int& code) {
    auto options = std::make_shared<IthcOptions>();
    auto* command = app.add_subcommand("ithc", "Reports of IT health checks");
    command->require_subcommand(1);
    auto* import = command->add_subcommand(
        "import", "Read the export of a scanner or tester; severities stay as they are reported");
    import->add_option("file", options->file, "The export")->required()->type_name("FILE");
    import
        ->add_option("--format", options->format,
                     "text, or json: the body of 'assay case findings'")
        ->check(CLI::IsMember({"text", "json"}))
        ->capture_default_str();
    import->add_option("--report", options->report, "The attached report that they belong to: D2")
        ->type_name("ID");
    import->footer("Exit codes: 0 read; 2 the file is wrong.");
    import->callback([options, &world, &code] {
        const auto result = run_import(*options, world);
        code = result ? *result : report_error(world, result.error());
    });
}

}  // namespace assay::cli
