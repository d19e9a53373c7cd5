#include "cli/issues.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>

namespace assay::cli {

namespace {

namespace ithc = codec::ithc;

constexpr std::size_t chunk_octets = 1u << 20;
constexpr std::size_t assets_shown_max = 20;  // ours: of one issue; the count says how many more

std::string asset_of(const ithc::Asset& asset) {
    auto name = !asset.ip.empty() ? asset.ip : !asset.fqdn.empty() ? asset.fqdn : asset.hostname;
    if (name.empty()) name = asset.url;
    return asset.port.empty() || asset.port == "0" ? name : name + ":" + asset.port;
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

}  // namespace

void Issues::add(ithc::Finding finding) {
    if (finding.status == ithc::Status::fixed) return;
    const auto [at, made] = index_.try_emplace(ithc::grouping_key(finding), issues_.size());
    const auto asset = asset_of(finding.asset);
    if (made) issues_.push_back({.first = finding});
    auto& issue = issues_[at->second];
    ++issue.count;
    issue.worst = std::max(issue.worst, finding.severity);
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

base::Result<ithc::Summary> read_issues(const std::string& path, Issues& issues) {
    auto summary = read_file(path, issues);
    if (!summary && summary.error().kind != base::ErrorKind::internal)
        summary.error().kind = base::ErrorKind::usage;
    return summary;
}

}  // namespace assay::cli
