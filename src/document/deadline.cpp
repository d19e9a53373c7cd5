#include "document/deadline.hpp"

#include <sys/timerfd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/assert.hpp"

namespace assay::document {

base::Result<Deadline> Deadline::after(int milliseconds) {
    File timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK));
    if (!timer) return system_error("timer");
    itimerspec when{};
    when.it_value.tv_sec = milliseconds / 1000;
    when.it_value.tv_nsec = milliseconds % 1000 * 1'000'000L;
    // Zero would mean never.
    if (milliseconds <= 0) when.it_value = {0, 1};
    if (::timerfd_settime(timer.descriptor(), 0, &when, nullptr) != 0) return system_error("timer");
    return Deadline(std::move(timer));
}

base::Result<void> Deadline::wait(std::span<pollfd> wanted) const {
    std::array<pollfd, 5> all{};
    ASSAY_ASSERT(wanted.size() < all.size());
    std::ranges::copy(wanted, all.begin());
    all[wanted.size()] = {timer_.descriptor(), POLLIN, 0};
    for (;;) {
        const auto count = ::poll(all.data(), wanted.size() + 1, -1);
        if (count < 0 && errno != EINTR) return system_error("poll");
        if (count > 0) break;
    }
    if (all[wanted.size()].revents != 0) {
        return base::fail(base::ErrorKind::timeout, "not done within the time given");
    }
    std::copy_n(all.begin(), wanted.size(), wanted.begin());
    return {};
}

}  // namespace assay::document
