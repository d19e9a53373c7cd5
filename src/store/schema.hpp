// The tables, as steps that only go forward. A step that was released never changes.
#pragma once

#include "store/session.hpp"

namespace assay::store {

// Brings the schema up to date, in one transaction. Error: usage where it is newer than we know.
base::Result<void> migrate(soci::session& session, Engine engine);

// The number of steps, for tests of the way from an older release.
unsigned schema_steps();
base::Result<void> migrate_to(soci::session& session, Engine engine, unsigned step);

}  // namespace assay::store
