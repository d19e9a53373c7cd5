// What every engine with many open questions needs: one timer for all their deadlines, and a watch
// on a descriptor. Neither keeps an executor busy when no question is open.
#pragma once

#include <boost/asio/error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>

#include "net/task.hpp"

namespace assay::net {

using Clock = std::chrono::steady_clock;

class Deadlines {
  public:
    using Ticket = std::uint64_t;
    // `expire` is called once for each ticket that is still open at its time, and closes it.
    Deadlines(Executor executor, std::function<bool(Ticket)> is_open,
              std::function<void(Ticket)> expire)
        : timer_(std::move(executor)), is_open_(std::move(is_open)), expire_(std::move(expire)) {}

    void add(Clock::time_point at, Ticket ticket);
    void clear();  // when nothing is open

  private:
    struct Deadline {
        Clock::time_point at;
        Ticket ticket;
    };

    void arm();
    void expire();

    boost::asio::steady_timer timer_;
    std::function<bool(Ticket)> is_open_;
    std::function<void(Ticket)> expire_;
    std::deque<Deadline> deadlines_;  // ascending
    Clock::time_point armed_at_ = Clock::time_point::max();
};

// Calls `ready` whenever the descriptor can be read, as long as `wanted` says so.
template <class Descriptor>
class Watch {
  public:
    Watch(Descriptor& descriptor, std::function<bool()> wanted, std::function<void()> ready)
        : descriptor_(descriptor), wanted_(std::move(wanted)), ready_(std::move(ready)) {}

    void start() {
        if (watching_ || !wanted_()) return;
        watching_ = true;
        descriptor_.async_wait(
            Descriptor::wait_read,
            [this, round = round_](const boost::system::error_code& failure) {
                if (failure == boost::asio::error::operation_aborted || round != round_) return;
                watching_ = false;
                ready_();
                start();
            });
    }

    void stop() {
        if (!watching_) return;
        descriptor_.cancel();
        watching_ = false;
        ++round_;  // a handler that is on its way comes too late
    }

  private:
    Descriptor& descriptor_;
    std::function<bool()> wanted_;
    std::function<void()> ready_;
    bool watching_ = false;
    unsigned round_ = 0;
};

}  // namespace assay::net
