// The checks of this area; each is defined in the file of its name.
#pragma once

#include "check/check.hpp"

namespace assay::check {

extern const Check mx_present, mx_resolves, mx_not_cname, mx_null_mx, mx_retired_host;

}  // namespace assay::check
