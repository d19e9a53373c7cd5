// Every check, in the order that reports show. The one table that knows them all.
#pragma once

#include <span>
#include <string_view>

#include "check/check.hpp"

namespace assay::check {

std::span<const Check* const> catalogue();
const Check* find(std::string_view id);

// "dmarc.*", "*.present", "spf.all": '*' stands for any run of characters.
bool matches(std::string_view glob, std::string_view id);

}  // namespace assay::check
