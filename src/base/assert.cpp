#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace assay::base {

void assertion_failed(const char* condition, const char* file, int line) {
    std::fprintf(stderr, "assay: internal failure: %s (%s:%d)\n", condition, file, line);
    std::abort();
}

}  // namespace assay::base
