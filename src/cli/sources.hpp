// Where the answers come from: zone files, resolvers, or both.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "cli/options.hpp"
#include "codec/dns/suffix.hpp"
#include "measure/scan.hpp"
#include "net/real/zone_files.hpp"

namespace assay::cli {

class Sources {
  public:
    // Reads the zone files, and looks whether the resolver can be used for DNSSEC. Error: usage.
    static base::Result<Sources> open(const SourceOptions& options, World& world);

    bool from_zones() const { return zones_ != nullptr; }
    const net::ZoneSet& zones() const { return zones_->zones; }
    const codec::dns::SuffixList& suffixes() const { return suffixes_; }
    measure::MakeInstruments make_instruments() const;
    // The parts of a scan that follow from the source.
    void apply(measure::ScanOptions& scan) const;

  private:
    Sources(const SourceOptions& options, World& world);
    base::Result<void> read_zones();
    base::Result<void> decide_validation();
    base::Result<std::unique_ptr<net::Resolver>> make_live_resolver(
        const net::Executor& executor) const;

    SourceOptions options_;
    World* world_;
    bool live_ = true;
    bool validate_ = true;
    std::string no_validation_reason_;
    std::shared_ptr<const net::ZoneFiles> zones_;
    codec::dns::SuffixList suffixes_;
};

// A DKIM control label and the like: letters and digits that nobody publishes.
std::string random_label(World& world);

}  // namespace assay::cli
