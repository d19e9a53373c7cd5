// Profiles as YAML:
//
//   profile: uk-government
//   version: 2026.11
//   title: UK government domains
//   when-parked: parked-domain          # optional
//   when-reverse: reverse-zone          # optional
//   extends: internet                   # optional: start from another profile
//   checks:
//     dmarc.policy:
//       level: must                     # must, should, may
//       owner: you                      # optional, default you
//       reject: met positive            # outcome: status severity [owner]
//       none: not_met urgent
//
// cannot-tell and not-applicable need no row: they are cannot_tell and not_applicable,
// informational.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "check/judgement.hpp"

namespace assay::check {

inline constexpr std::size_t profile_octets_max = 1u << 20;  // ours
inline constexpr unsigned profile_extends_max = 8;           // ours

// Text of another profile by name, for `extends`.
using ProfileSource = std::function<base::Result<std::string>(std::string_view name)>;

// Error: usage, with file and line, for an unknown check or outcome, a missing outcome, or a word
// that is none.
base::Result<Profile> parse_profile(std::string_view yaml, std::string_view file,
                                    const ProfileSource& others);

}  // namespace assay::check
