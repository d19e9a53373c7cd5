// ASSAY_ASSERT: a bug of ours. On in every build; never used on bytes from outside.
#pragma once

namespace assay::base {

[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace assay::base

#define ASSAY_ASSERT(condition) \
    ((condition) ? void() : ::assay::base::assertion_failed(#condition, __FILE__, __LINE__))
