// A small scheme with one of everything, for tests of the process.
#pragma once

#include "certify/scheme.hpp"

namespace assay::test {

certify::Scheme process_scheme();

}  // namespace assay::test
