// Unpredictable numbers from the system, for message ids (RFC 5452 section 9.2).
#pragma once

#include <cstdint>
#include <functional>

namespace assay::net {

// A system call for every few hundred numbers. One object a thread.
std::function<std::uint16_t()> system_random();

}  // namespace assay::net
