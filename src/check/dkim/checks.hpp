// The checks of this area; each is defined in the file of its name.
#pragma once

#include "check/check.hpp"

namespace assay::check {

extern const Check dkim_keys_found, dkim_key_syntax, dkim_key_strength, dkim_testing_flag,
    dkim_revoked, dkim_wildcard_revoked, dkim_stale_selector;

}  // namespace assay::check
