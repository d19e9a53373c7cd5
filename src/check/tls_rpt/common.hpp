// What several checks of this area share.
#pragma once

#include <optional>

#include "check/check.hpp"
#include "codec/tls_rpt/record.hpp"

namespace assay::check {

// The one record as a sender reads it; nothing when there is none, or several.
std::optional<codec::tls_rpt::Record> read_record(const fact::TextPolicy& found);

}  // namespace assay::check
