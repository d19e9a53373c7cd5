// The checks of this area; each is defined in the file of its name.
#pragma once

#include "check/check.hpp"

namespace assay::check {

extern const Check dane_present;

}  // namespace assay::check
