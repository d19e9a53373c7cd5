// Moments as whole seconds of UTC; read and printed as RFC 3339 (2026-11-23T10:00:00Z).
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace assay::base {

using Moment = std::chrono::sys_seconds;

std::string print(Moment moment);
std::optional<Moment> parse_moment(std::string_view text);

}  // namespace assay::base
