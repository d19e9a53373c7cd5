#include "cli/targets.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <istream>

#include "base/text.hpp"

namespace assay::cli {

namespace {

using codec::dns::Name;

struct Lines {
    std::istream& in;
    std::string file;
    std::size_t number = 0;

    // Blank lines and lines that start with '#' are skipped. Nothing at the end.
    base::Result<std::optional<Name>> next() {
        std::string line;
        while (std::getline(in, line)) {
            ++number;
            if (line.size() > target_line_octets_max) {
                return base::fail(base::ErrorKind::usage,
                                  fmt::format("{}:{}: The line is longer than {} bytes", file,
                                              number, target_line_octets_max));
            }
            const auto text = base::trim(line);
            if (text.empty() || text.starts_with('#')) continue;
            auto name = parse_target(text);
            if (!name) {
                return base::fail(base::ErrorKind::usage,
                                  fmt::format("{}:{}: {}", file, number, name.error().detail));
            }
            return *std::move(name);
        }
        return std::nullopt;
    }
};

bool is_zone_path(std::string_view argument) {
    if (argument.find("://") != std::string_view::npos)
        return false;  // a URL: parse_target says what to write
    return argument.find('/') != std::string_view::npos || argument.ends_with(".zone") ||
           argument.ends_with(".db") || argument.ends_with(".yaml") || argument.ends_with(".yml") ||
           argument.ends_with(".txt");
}

}  // namespace

base::Result<Name> parse_target(std::string_view text) {
    auto name = codec::dns::parse_domain(text);
    if (!name) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("'{}' is not a domain name: {}",
                                      base::quote_for_display(text, 80), name.error().detail));
    }
    if (name->is_root())
        return base::fail(base::ErrorKind::usage, "The root is not a domain that can be checked");
    return *std::move(name);
}

base::Result<void> check_selector(std::string_view text) {
    const auto allowed = [](char c) {
        return base::is_alnum(c) || c == '-' || c == '_' || c == '.';
    };
    const bool letters = std::ranges::all_of(text, allowed);
    const bool below = !text.ends_with('.') && text.find("_domainkey") == std::string_view::npos;
    if (letters && below && codec::dns::parse_name(text)) return {};
    return base::fail(
        base::ErrorKind::usage,
        fmt::format("'{}' is not a DKIM selector. Write only the part that stands before "
                    "._domainkey, without a dot at the end, for example selector1",
                    base::quote_for_display(text, 80)));
}

void move_zone_paths(std::vector<std::string>& domains, SourceOptions& source) {
    if (source.zones.empty()) return;
    std::ranges::copy_if(domains, std::back_inserter(source.zones), is_zone_path);
    std::erase_if(domains, is_zone_path);
}

base::Result<Targets> Targets::from_arguments(const std::vector<std::string>& arguments) {
    std::vector<Name> names;
    for (const auto& argument : arguments) {
        ASSAY_TRY(auto name, parse_target(argument));
        names.push_back(std::move(name));
    }
    return from_names(std::move(names));
}

Targets Targets::from_names(std::vector<Name> names) {
    Targets out;
    out.count_ = names.size();
    out.next_ = [names = std::move(names), at = std::size_t{0}]() mutable -> std::optional<Name> {
        return at < names.size() ? std::optional(std::move(names[at++])) : std::nullopt;
    };
    return out;
}

base::Result<Targets> Targets::from_file(const std::string& path, World& world) {
    Targets out;
    std::shared_ptr<std::ifstream> file;
    if (path != "-") {
        file = std::make_shared<std::ifstream>(path);
        if (!*file) return base::fail(base::ErrorKind::usage, path + ": The file cannot be read");
        Lines first{*file, path};
        for (;;) {
            ASSAY_TRY(const auto name, first.next());
            if (!name) break;
            ++out.count_;
        }
        if (out.count_ == 0)
            return base::fail(base::ErrorKind::usage, path + ": There is no domain in the file");
        file->clear();
        file->seekg(0);
    }
    auto lines = std::make_shared<Lines>(file ? static_cast<std::istream&>(*file) : world.in,
                                         path == "-" ? "standard input" : path);
    out.next_ = [file, lines, error = out.error_]() -> std::optional<Name> {
        auto name = lines->next();
        if (name) return *std::move(name);
        *error = name.error();
        return std::nullopt;
    };
    return out;
}

std::optional<Name> Targets::next() {
    return next_();
}

}  // namespace assay::cli
