#include "net/real/system_random.hpp"

#include <sys/random.h>

#include <array>
#include <memory>

#include "base/assert.hpp"

namespace assay::net {

namespace {

class Pool {
  public:
    std::uint16_t next() {
        if (used_ == numbers_.size()) fill();
        return numbers_[used_++];
    }

  private:
    void fill() {
        // Up to 256 octets come whole, once the system has gathered randomness (getrandom(2)).
        const auto got = getrandom(numbers_.data(), sizeof(numbers_), 0);
        ASSAY_ASSERT(got == static_cast<ssize_t>(sizeof(numbers_)));
        used_ = 0;
    }

    std::array<std::uint16_t, 128> numbers_{};
    std::size_t used_ = numbers_.size();
};

}  // namespace

std::function<std::uint16_t()> system_random() {
    return [pool = std::make_shared<Pool>()] { return pool->next(); };
}

}  // namespace assay::net
