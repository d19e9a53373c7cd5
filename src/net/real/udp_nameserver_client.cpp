#include "net/real/udp_nameserver_client.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>

namespace assay::net {

namespace {

namespace asio = boost::asio;
namespace dns = codec::dns;
using asio::experimental::awaitable_operators::operator||;

inline constexpr std::size_t udp_octets_max = 65535;
constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

using Bytes = std::vector<std::uint8_t>;
using Reply = base::Result<dns::Message>;

base::Error unreachable(const std::string& address, const boost::system::error_code& failure) {
    const bool refused = failure == asio::error::connection_refused;
    return {refused ? base::ErrorKind::refused : base::ErrorKind::unreachable,
            fmt::format("{}: {}", address, failure.message())};
}

// An answer to another question is not an answer: keep listening (RFC 5452 section 9).
bool answers(const dns::Message& message, const dns::Header& query, const dns::Name& name,
             dns::Type type) {
    return message.header.response && message.header.id == query.id && message.question == name &&
           message.question_type == type;
}

Task<Reply> over_udp(asio::ip::udp::endpoint server, std::string address, dns::Header header,
                     dns::Name name, dns::Type type) {
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::udp::socket socket(executor);
    boost::system::error_code failure;
    socket.open(server.protocol(), failure);
    if (!failure) socket.connect(server, failure);
    if (failure) co_return std::unexpected(unreachable(address, failure));
    const Bytes query = dns::encode_query(header, name, type, false);
    co_await socket.async_send(asio::buffer(query), no_throw);
    Bytes buffer(udp_octets_max);
    for (;;) {
        const auto [error, size] = co_await socket.async_receive(asio::buffer(buffer), no_throw);
        if (error) co_return std::unexpected(unreachable(address, error));
        auto message = dns::decode_message(std::span(buffer).first(size));
        if (message && answers(*message, header, name, type)) co_return *std::move(message);
    }
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
    query.insert(query.begin(), length.begin(), length.end());  // RFC 1035 section 4.2.2
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

}  // namespace

Task<Reply> UdpNameserverClient::ask(std::string address, dns::Name name, dns::Type type) {
    boost::system::error_code failure;
    const auto ip = asio::ip::make_address(address, failure);
    if (failure) co_return base::fail(base::ErrorKind::unreachable, address + " is not an address");
    dns::Header header;
    Reply reply = base::fail(base::ErrorKind::timeout, address + " was not asked");
    for (unsigned attempt = 0; attempt < options_.attempts; ++attempt) {
        header.id = random_();
        reply = co_await with_deadline(over_udp({ip, options_.port}, address, header, name, type),
                                       options_.timeout, address);
        if (reply || reply.error().kind != base::ErrorKind::timeout) break;
    }
    if (!reply || !reply->header.truncated) co_return reply;
    header.id = random_();
    co_return co_await with_deadline(over_tcp({ip, options_.port}, address, header, name, type),
                                     options_.timeout, address);
}

}  // namespace assay::net
