#include "net/slots.hpp"

#include <boost/asio/post.hpp>

namespace assay::net {

namespace asio = boost::asio;

Task<void> Slots::acquire() {
    if (free_ > 0) {
        --free_;
        co_return;
    }
    co_await suspend<void()>([&](auto handler) {
        line_.push_back(
            [handler = std::move(handler)]() mutable { asio::post(std::move(handler)); });
    });
}

void Slots::release() {
    if (line_.empty()) {
        ++free_;
        return;
    }
    auto next = std::move(line_.front());
    line_.pop_front();
    next();
}

}  // namespace assay::net
