// The checks of this area; each is defined in the file of its name.
#pragma once

#include "check/check.hpp"

namespace assay::check {

extern const Check parked_spf, parked_dmarc, parked_dkim, parked_mx;

}  // namespace assay::check
