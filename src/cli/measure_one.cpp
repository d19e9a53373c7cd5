#include "cli/measure_one.hpp"

#include "cli/sources.hpp"
#include "cli/targets.hpp"

namespace assay::cli {

base::Result<fact::Domain> measure_one(std::vector<std::string> arguments, fact::Needs needs,
                                       SourceOptions source, World& world) {
    move_zone_paths(arguments, source);
    if (arguments.size() != 1)
        return base::fail(base::ErrorKind::usage, "Name one domain. 'assay check' takes several");
    ASSAY_TRY(auto name, parse_target(arguments.front()));
    ASSAY_TRY(const auto sources, Sources::open(source, world));
    measure::ScanOptions scan;
    sources.apply(scan);
    scan.needs = needs;
    auto targets = Targets::from_names({std::move(name)});
    std::optional<fact::Domain> facts;
    const auto done = measure::scan(
        scan, sources.suffixes(), sources.make_instruments(), [&] { return targets.next(); },
        [&](measure::Measured measured) { facts = std::move(measured.facts); });
    if (!done) return std::unexpected(done.error());
    return *std::move(facts);
}

}  // namespace assay::cli
