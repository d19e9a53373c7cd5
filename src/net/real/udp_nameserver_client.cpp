#include "net/real/udp_nameserver_client.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/udp.hpp>

#include "net/real/exchange.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;

inline constexpr std::size_t udp_octets_max = 4096;  // ours: we announce 1,232 (RFC 6891)
constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);

using Bytes = std::vector<std::uint8_t>;

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
