// The certification store in SQLite or PostgreSQL, through SOCI.
#pragma once

#include <memory>
#include <string>

#include "base/result.hpp"
#include "certify/store.hpp"

namespace assay::store {

// `url` is "sqlite:PATH", a path, or "postgresql://...". Creates what is missing and brings an
// older schema up to date. A newer one than this program knows is refused. Errors: usage (bad URL,
// newer schema), server (the database does not answer), conflict (another process is busy with it).
base::Result<std::unique_ptr<certify::Store>> open(const std::string& url);

}  // namespace assay::store
