// What several checks of this area share.
#pragma once

#include <optional>
#include <span>

#include "check/check.hpp"

namespace assay::check {

// The outcome for a name that is no zone of its own, or whose nameservers could not be read;
// nothing otherwise.
std::optional<Outcome> apex_only(const fact::Zone& zone);

// none, unregistered, gone, cannot-tell or not-applicable, for the references of these kinds.
Outcome judge_references(const fact::Domain& facts, std::span<const fact::ReferenceKind> kinds,
                         std::string_view none_there);

}  // namespace assay::check
