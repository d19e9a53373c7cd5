// What to check: arguments, lines of a file or of standard input, or the names in the zone files.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/options.hpp"
#include "codec/dns/name.hpp"

namespace assay::cli {

inline constexpr std::size_t target_line_octets_max =
    4096;  // ours: a name of 255 octets with every octet escaped

class Targets {
  public:
    // All names are read once before anything is measured, so that a wrong one stops the command
    // with nothing done; standard input can only be read once, so there a wrong line stops the run
    // where it stands.
    static base::Result<Targets> from_arguments(const std::vector<std::string>& arguments);
    static base::Result<Targets> from_file(const std::string& path, World& world);
    static Targets from_names(std::vector<codec::dns::Name> names);

    std::optional<codec::dns::Name> next();
    std::size_t count() const { return count_; }  // 0: not known beforehand
    const std::optional<base::Error>& error() const { return *error_; }

  private:
    std::function<std::optional<codec::dns::Name>()> next_;
    std::size_t count_ = 0;
    std::shared_ptr<std::optional<base::Error>> error_ =
        std::make_shared<std::optional<base::Error>>();
};

// A domain as a person types it. Error: usage, saying what is wrong with it.
base::Result<codec::dns::Name> parse_target(std::string_view text);

// A DKIM selector as it stands in the s= tag of a signature (RFC 6376 section 3.1): it stays below
// the domain, so it has no final dot. Error: usage.
base::Result<void> check_selector(std::string_view text);

// `--zones a.zone b.zone`: what stands among the domains moves to the zone paths where it looks
// like a path and zones are given at all.
void move_zone_paths(std::vector<std::string>& domains, SourceOptions& source);

}  // namespace assay::cli
