// Brings what waits in the outbox to a mailer: each letter once, again later where that may help.
#pragma once

#include <chrono>

#include "certify/mailer.hpp"
#include "certify/store.hpp"

namespace assay::certify {

// A letter that was refused for good waits until then: it is kept, and shown.
inline constexpr base::Moment never =
    std::chrono::sys_days(std::chrono::year(9999) / 12 / 31) + std::chrono::hours(23);

struct DeliveryCounts {
    unsigned delivered = 0, postponed = 0, refused = 0;
    bool operator==(const DeliveryCounts&) const = default;
};

// How long a letter rests after so many earlier failures: 1 minute, doubled up to 4 hours.
std::chrono::minutes back_off(std::uint64_t tries);

// Sends all that is due. A letter is marked as sent after the server has taken it over, so a crash
// between the two sends it once more, with the same Message-ID. Where the server cannot be reached,
// everything due is postponed. Run one at a time. Errors: usage (`from`), and the store's.
base::Result<DeliveryCounts> deliver(Store& store, Mailer& mailer, std::string_view from,
                                     base::Moment at);

}  // namespace assay::certify
