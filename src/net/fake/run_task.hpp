// Runs one task of a test to its end, whatever else keeps the executor busy.
#pragma once

#include <boost/asio/io_context.hpp>

#include "net/task.hpp"

namespace assay::net {

template <class T>
T run_task(boost::asio::io_context& io, Task<T> task) {
    std::optional<T> out;
    boost::asio::co_spawn(io, std::move(task), [&](std::exception_ptr failure, T result) {
        ASSAY_ASSERT(!failure);
        out = std::move(result);
        io.stop();
    });
    io.restart();
    io.run();
    return *std::move(out);
}

}  // namespace assay::net
