#include "net/real/zone_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <optional>
#include <span>
#include <sstream>
#include <thread>

#include "codec/zone/master.hpp"
#include "codec/zone/octodns.hpp"

namespace assay::net {

namespace {

namespace fs = std::filesystem;
using codec::zone::Problem;

inline constexpr std::size_t batch_files = 256;  // ours: read before the first of them is taken in

std::string print(const Problem& problem) {
    return problem.line == 0 ? fmt::format("{}: {}", problem.file, problem.text)
                             : fmt::format("{}:{}: {}", problem.file, problem.line, problem.text);
}

std::expected<std::string, Problem> read_file(const fs::path& path, std::size_t octets_max) {
    std::error_code failure;
    const auto size = fs::file_size(path, failure);
    if (failure) return std::unexpected(Problem{path.string(), 0, failure.message()});
    if (size > octets_max) {
        return std::unexpected(
            Problem{path.string(), 0, fmt::format("The file is larger than {} bytes", octets_max)});
    }
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) return std::unexpected(Problem{path.string(), 0, "The file cannot be read"});
    return std::move(text).str();
}

bool is_yaml(const fs::path& path) {
    return path.extension() == ".yaml" || path.extension() == ".yml";
}

// "example.gov.uk.zone", and "db.example.gov.uk" as BIND's users write it, speak for example.gov.uk
// when the file does not say it.
std::expected<dns::Name, Problem> name_of_file(const fs::path& path) {
    const bool plain = !is_yaml(path) && path.extension() != ".zone" && path.extension() != ".db" &&
                       path.extension() != ".txt";
    auto text = (plain ? path.filename() : path.stem()).string();
    if (plain && text.starts_with("db.")) text.erase(0, 3);
    auto name = dns::parse_name(text);
    if (!name) {
        return std::unexpected(Problem{
            path.string(), 0, "The file's name is not the name of a zone: " + name.error().detail});
    }
    return *std::move(name);
}

std::expected<codec::zone::ZoneData, Problem> read_zone(const fs::path& path, bool allow_include) {
    const auto file = path.string();
    auto origin = name_of_file(path);
    if (is_yaml(path)) {
        if (!origin) return std::unexpected(origin.error());
        auto text = read_file(path, codec::zone::octodns_file_octets_max);
        if (!text) return std::unexpected(text.error());
        return codec::zone::parse_octodns(*text, *origin, file);
    }
    auto text = read_file(path, codec::zone::master_file_octets_max);
    if (!text) return std::unexpected(text.error());
    codec::zone::Includer include;
    if (allow_include) {
        include = [&](std::string_view name) {
            return read_file(path.parent_path() / fs::path(name),
                             codec::zone::master_file_octets_max);
        };
    }
    return codec::zone::parse_master(*text, origin ? std::optional(*origin) : std::nullopt, file,
                                     include);
}

base::Result<std::vector<fs::path>> files_of(const std::string& path) {
    std::error_code failure;
    if (!fs::is_directory(path, failure)) {
        if (fs::exists(path, failure)) return std::vector<fs::path>{path};
        return base::fail(base::ErrorKind::usage, path + ": There is no such file or folder");
    }
    std::vector<fs::path> out;
    for (fs::directory_iterator entry(path, failure), end; !failure && entry != end;
         entry.increment(failure)) {
        const auto extension = entry->path().extension();
        const bool known = is_yaml(entry->path()) || extension == ".zone" || extension == ".db" ||
                           extension == ".txt";
        if (!known || !entry->is_regular_file(failure)) continue;
        out.push_back(entry->path());
        if (out.size() > zone_files_max) {
            return base::fail(base::ErrorKind::limit,
                              fmt::format("{} holds more than {} files", path, zone_files_max));
        }
    }
    if (failure) return base::fail(base::ErrorKind::usage, path + ": " + failure.message());
    if (out.empty()) {
        return base::fail(
            base::ErrorKind::usage,
            path + ": The folder holds no zone files (*.yaml, *.yml, *.zone, *.db, *.txt)");
    }
    std::ranges::sort(out);
    return out;
}

using Read = std::expected<codec::zone::ZoneData, Problem>;

// Parsing is most of the work, and one file has nothing to do with another.
std::vector<Read> read_batch(std::span<const fs::path> files, bool allow_include,
                             unsigned threads) {
    std::vector<std::optional<Read>> read(files.size());
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t at = next++; at < files.size(); at = next++)
            read[at].emplace(read_zone(files[at], allow_include));
    };
    {
        std::vector<std::jthread> others;
        for (std::size_t i = 1; i < std::min<std::size_t>(threads, files.size()); ++i)
            others.emplace_back(work);
        work();
    }
    std::vector<Read> out;
    for (auto& one : read)
        out.push_back(std::move(*one));
    return out;
}

}  // namespace

base::Result<ZoneFiles> read_zone_files(const std::vector<std::string>& paths, bool allow_include,
                                        unsigned threads) {
    ZoneFiles out;
    for (const auto& path : paths) {
        ASSAY_TRY(const auto files, files_of(path));
        for (std::size_t at = 0; at < files.size(); at += batch_files) {
            const auto batch =
                std::span(files).subspan(at, std::min(batch_files, files.size() - at));
            auto read = read_batch(batch, allow_include, threads);
            for (std::size_t i = 0; i < batch.size(); ++i) {
                if (!read[i]) return base::fail(base::ErrorKind::usage, print(read[i].error()));
                std::ranges::move(read[i]->warnings, std::back_inserter(out.warnings));
                if (auto added = out.zones.add(*std::move(read[i])); !added) {
                    return base::fail(base::ErrorKind::usage,
                                      batch[i].string() + ": " + added.error().detail);
                }
            }
        }
    }
    return out;
}

}  // namespace assay::net
