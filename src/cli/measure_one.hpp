// Facts of one domain for the commands that explain a single thing.
#pragma once

#include "base/result.hpp"
#include "cli/options.hpp"
#include "codec/dns/name.hpp"
#include "fact/domain.hpp"

namespace assay::cli {

base::Result<fact::Domain> measure_one(const std::string& domain, fact::Needs needs,
                                       const SourceOptions& source, World& world);

}  // namespace assay::cli
