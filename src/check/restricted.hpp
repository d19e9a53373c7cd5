// Suffixes whose owners give names to bodies of one kind only. Data: a row a suffix; more can be
// added.
#pragma once

#include "codec/dns/name.hpp"

namespace assay::check {

// Nobody outside can register the name: it stands at or below such a suffix.
bool is_restricted(const codec::dns::Name& name);

}  // namespace assay::check
