// The checks of this area; each is defined in the file of its name.
#pragma once

#include "check/check.hpp"

namespace assay::check {

extern const Check spf_present, spf_single, spf_syntax, spf_lookups, spf_void_lookups, spf_all,
    spf_ptr, spf_size, spf_includes_resolve, spf_too_permissive, spf_redirect;

}  // namespace assay::check
