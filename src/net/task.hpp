// Coroutines: Task<T> and gather(). One io_context a thread, share nothing; nothing is detached.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.hpp"

namespace assay::net {

// There is one kind of executor; naming it saves what asking it about itself would cost.
using Executor = boost::asio::io_context::executor_type;

template <class T>
using Task = boost::asio::awaitable<T, Executor>;

inline constexpr boost::asio::use_awaitable_t<Executor> use_task;

// Leaves the coroutine until the handler that `start` is given is called. `Signature` says with
// what: co_await gives it.
template <class Signature, class Start>
auto suspend(Start start) {
    return boost::asio::async_initiate<decltype(use_task)&, Signature>(std::move(start), use_task);
}

// Runs all tasks at once on this coroutine's executor and returns their results in the same order.
// Every task ends by itself: deadlines live in net, so joining is bounded.
template <class T>
Task<std::vector<T>> gather(std::vector<Task<T>> tasks) {
    if (tasks.empty()) co_return std::vector<T>();
    const auto executor = co_await boost::asio::this_coro::executor;
    std::vector<std::optional<T>> results(tasks.size());
    std::size_t left = tasks.size();
    co_await suspend<void()>([&](auto handler) {
        auto done = std::make_shared<decltype(handler)>(std::move(handler));
        for (std::size_t i = 0; i < tasks.size(); ++i) {
            boost::asio::co_spawn(executor, std::move(tasks[i]),
                                  [&, done, i](std::exception_ptr failure, T result) {
                                      ASSAY_ASSERT(!failure);
                                      results[i] = std::move(result);
                                      if (--left == 0) std::move (*done)();
                                  });
        }
    });
    std::vector<T> out;
    out.reserve(results.size());
    for (auto& result : results)
        out.push_back(std::move(*result));
    co_return out;
}

}  // namespace assay::net
