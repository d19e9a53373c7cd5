// At most so many at once; who comes later waits in line. One object a thread.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>

#include "net/task.hpp"

namespace assay::net {

class Slots {
  public:
    explicit Slots(std::size_t slots_max) : free_(slots_max), slots_max_(slots_max) {}

    // Whoever acquired releases, once.
    Task<void> acquire();
    void release();  // the slot passes to the next in the line, or becomes free

    bool idle() const { return free_ == slots_max_; }

  private:
    std::size_t free_;
    std::size_t slots_max_;
    std::deque<std::move_only_function<void()>> line_;
};

}  // namespace assay::net
