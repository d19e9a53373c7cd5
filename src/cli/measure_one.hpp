// Facts of one domain for the commands that explain a single thing.
#pragma once

#include "base/result.hpp"
#include "cli/options.hpp"
#include "codec/dns/name.hpp"
#include "fact/domain.hpp"

namespace assay::cli {

// `arguments` are one domain, and the paths that follow the first one of --zones. Error: usage.
base::Result<fact::Domain> measure_one(std::vector<std::string> arguments, fact::Needs needs,
                                       SourceOptions source, World& world);

}  // namespace assay::cli
