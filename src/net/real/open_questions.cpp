#include "net/real/open_questions.hpp"

#include <algorithm>

namespace assay::net {

// Nearly every deadline is the latest so far.
void Deadlines::add(Clock::time_point at, Ticket ticket) {
    auto place = deadlines_.end();
    while (place != deadlines_.begin() && std::prev(place)->at > at)
        --place;
    deadlines_.insert(place, {at, ticket});
    arm();
}

void Deadlines::clear() {
    deadlines_.clear();
    if (armed_at_ != Clock::time_point::max()) timer_.cancel();
    armed_at_ = Clock::time_point::max();
}

void Deadlines::arm() {
    while (!deadlines_.empty() && !is_open_(deadlines_.front().ticket))
        deadlines_.pop_front();
    // A timer that runs out early finds nothing and is set again.
    if (deadlines_.empty() || armed_at_ <= deadlines_.front().at) return;
    armed_at_ = deadlines_.front().at;
    timer_.expires_at(armed_at_);
    timer_.async_wait([this, at = armed_at_](const boost::system::error_code& failure) {
        if (failure == boost::asio::error::operation_aborted || at != armed_at_) return;
        armed_at_ = Clock::time_point::max();
        expire();
        arm();
    });
}

void Deadlines::expire() {
    const auto now = Clock::now();
    while (!deadlines_.empty() && deadlines_.front().at <= now) {
        const auto ticket = deadlines_.front().ticket;
        deadlines_.pop_front();
        if (is_open_(ticket)) expire_(ticket);
    }
}

}  // namespace assay::net
