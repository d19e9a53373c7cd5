#include "net/caching_resolver.hpp"

#include <boost/asio/post.hpp>

namespace assay::net {

namespace asio = boost::asio;

Task<base::Result<AnswerPtr>> CachingResolver::resolve(dns::Name name, dns::Type type) {
    const Key key{std::move(name), type};
    if (const auto found = index_.find(key); found != index_.end()) {
        entries_.splice(entries_.begin(), entries_, found->second);
        co_return found->second->result;
    }
    if (const auto asked = waiting_.find(key); asked != waiting_.end()) {
        co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Result)>(
            [&](auto handler) {
                asked->second.push_back([handler = std::move(handler)](Result result) mutable {
                    std::move(handler)(std::move(result));
                });
            },
            asio::use_awaitable);
    }
    waiting_.try_emplace(key);
    co_await acquire();
    ++questions_;
    auto result = co_await inner_.resolve(key.name, key.type);
    release();
    keep(key, result);
    auto waiters = std::move(waiting_.extract(key).mapped());
    const auto executor = co_await asio::this_coro::executor;
    for (auto& waiter : waiters) {
        asio::post(executor,
                   [waiter = std::move(waiter), result]() mutable { waiter(std::move(result)); });
    }
    co_return result;
}

Task<void> CachingResolver::acquire() {
    if (in_flight_ < limits_.in_flight_max) {
        ++in_flight_;
        co_return;
    }
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
        [&](auto handler) {
            queue_.push_back([handler = std::move(handler)]() mutable { std::move(handler)(); });
        },
        asio::use_awaitable);
}

// The slot passes to the next in the queue, or becomes free.
void CachingResolver::release() {
    if (queue_.empty()) {
        --in_flight_;
        return;
    }
    auto next = std::move(queue_.front());
    queue_.pop_front();
    next();
}

void CachingResolver::keep(const Key& key, const Result& result) {
    entries_.push_front({key, result});
    index_[key] = entries_.begin();
    if (entries_.size() > limits_.entries_max) {
        index_.erase(entries_.back().key);
        entries_.pop_back();
    }
}

}  // namespace assay::net
