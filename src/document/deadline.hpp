// A deadline as a descriptor: the kernel counts, and poll() sees when it is over.
#pragma once

#include <poll.h>

#include <span>

#include "document/file.hpp"

namespace assay::document {

class Deadline {
  public:
    static base::Result<Deadline> after(int milliseconds);

    // Waits until one of them is ready, filling in `revents`. Error timeout: the time is over.
    base::Result<void> wait(std::span<pollfd> wanted) const;  // at most 4

  private:
    explicit Deadline(File timer) : timer_(std::move(timer)) {}
    File timer_;
};

}  // namespace assay::document
