#include "net/real/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

#include "base/text.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator||;

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

using Bytes = std::vector<std::uint8_t>;

}  // namespace

base::Error unreachable(const std::string& address, const boost::system::error_code& failure) {
    const bool refused = failure == asio::error::connection_refused;
    return {refused ? base::ErrorKind::refused : base::ErrorKind::unreachable,
            fmt::format("{}: {}", address, failure.message())};
}

bool answers(const dns::Message& message, const dns::Header& query, const dns::Name& name,
             dns::Type type) {
    return message.header.response && message.header.id == query.id && message.question == name &&
           message.question_type == type;
}

Task<Reply> over_tcp(asio::ip::tcp::endpoint server, std::string address, dns::Header header,
                     dns::Name name, dns::Type type) {
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::socket socket(executor);
    if (const auto [error] = co_await socket.async_connect(server, no_throw); error) {
        co_return std::unexpected(unreachable(address, error));
    }
    Bytes query = dns::encode_query(header, name, type, false);
    const std::array<std::uint8_t, 2> length{static_cast<std::uint8_t>(query.size() >> 8),
                                             static_cast<std::uint8_t>(query.size())};
    query.insert(query.begin(), length.begin(), length.end());
    if (const auto [error, sent] =
            co_await asio::async_write(socket, asio::buffer(query), no_throw);
        error) {
        co_return std::unexpected(unreachable(address, error));
    }
    std::array<std::uint8_t, 2> size{};
    if (const auto [error, got] = co_await asio::async_read(socket, asio::buffer(size), no_throw);
        error) {
        co_return std::unexpected(unreachable(address, error));
    }
    Bytes reply(static_cast<std::size_t>(size[0]) << 8 | size[1]);
    if (const auto [error, got] = co_await asio::async_read(socket, asio::buffer(reply), no_throw);
        error) {
        co_return std::unexpected(unreachable(address, error));
    }
    auto message = dns::decode_message(reply);
    if (!message || !answers(*message, header, name, type)) {
        co_return base::fail(base::ErrorKind::malformed,
                             address + " answered with something else over TCP");
    }
    co_return *std::move(message);
}

Task<Reply> with_deadline(Task<Reply> exchange, std::chrono::milliseconds timeout,
                          std::string address) {
    asio::steady_timer timer(co_await asio::this_coro::executor, timeout);
    auto first = co_await (std::move(exchange) || timer.async_wait(no_throw));
    if (first.index() == 0) co_return std::get<0>(std::move(first));
    co_return base::fail(base::ErrorKind::timeout,
                         fmt::format("{} did not answer within {} ms", address, timeout.count()));
}

void read_answer(const dns::Message& message, const dns::Name& name, dns::Type type,
                 Answer& answer) {
    const auto* at = &name;
    for (std::size_t step = 0; type != dns::Type::CNAME; ++step) {
        const auto alias = std::ranges::find_if(message.answer, [&](const dns::Record& record) {
            return record.type() == dns::Type::CNAME && record.name == *at;
        });
        if (alias == message.answer.end()) break;
        if (step == alias_chain_max) {
            answer.broken = base::Error{
                base::ErrorKind::server,
                fmt::format("the aliases of {} do not end after {} steps", name.text(), step)};
            break;
        }
        answer.aliases.push_back(std::get<dns::Cname>(alias->data).target);
        at = &std::get<dns::Cname>(alias->data).target;
    }
    for (const auto& record : message.answer) {
        if (record.type() == type && record.name == *at) answer.records.push_back(record);
    }
    answer.existence = !answer.records.empty()                          ? Existence::found
                       : message.header.rcode == dns::Rcode::name_error ? Existence::nx_domain
                                                                        : Existence::no_data;
}

bool is_answer(dns::Rcode rcode) {
    return rcode == dns::Rcode::no_error || rcode == dns::Rcode::name_error;
}

base::ErrorKind kind_of(dns::Rcode rcode) {
    return rcode == dns::Rcode::refused ? base::ErrorKind::refused : base::ErrorKind::server;
}

std::string describe_failure(dns::Rcode rcode, const dns::Name& name, dns::Type type,
                             const dns::Message* message) {
    auto text = fmt::format("no resolver gave a usable answer; {} for {} {}", dns::print(rcode),
                            name.text(), dns::print(type));
    if (message != nullptr) {
        for (const auto& extended : message->extended_errors)
            text += "; " + extended;
    }
    return text;
}

}  // namespace assay::net
