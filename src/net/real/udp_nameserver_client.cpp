#include "net/real/udp_nameserver_client.hpp"

#include <fmt/format.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/udp.hpp>

#include "net/real/exchange.hpp"
#include "net/real/open_questions.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;

inline constexpr std::size_t udp_octets_max = 4096;  // ours: we announce 1,232 (RFC 6891)
constexpr auto no_throw = asio::as_tuple(use_task);

using Bytes = std::vector<std::uint8_t>;

// `strange`: what came in place of an answer; the answer may still come (RFC 5452 section 9).
Task<Reply> over_udp(asio::ip::udp::endpoint server, std::string address, dns::Header header,
                     dns::Name name, dns::Type type, dns::Edns edns, std::string& strange) {
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::udp::socket socket(executor);
    boost::system::error_code failure;
    socket.open(server.protocol(), failure);
    if (!failure) socket.connect(server, failure);
    if (failure) co_return std::unexpected(unreachable(address, failure));
    const Bytes query = dns::encode_query(header, name, type, edns);
    co_await socket.async_send(asio::buffer(query), no_throw);
    Bytes buffer(udp_octets_max);
    for (;;) {
        const auto [error, size] = co_await socket.async_receive(asio::buffer(buffer), no_throw);
        if (error) co_return std::unexpected(unreachable(address, error));
        auto message = dns::decode_message(std::span(buffer).first(size));
        if (!message) {
            strange = message.error().detail;
        } else if (!answers(*message, header, name, type)) {
            strange = "It answered another question";
        } else {
            co_return *std::move(message);
        }
    }
}

}  // namespace

bool UdpNameserverClient::pass_over(const std::string& address) {
    const auto found = silences_.find(address);
    if (found == silences_.end() || found->second < options_.silent_questions_max) return false;
    const auto since = ++found->second - options_.silent_questions_max;
    if (since < options_.silent_retry_each) return true;
    found->second = options_.silent_questions_max;
    return false;
}

void UdpNameserverClient::note(const std::string& address, bool silent) {
    if (!silent) {
        silences_.erase(address);
    } else if (silences_.size() < options_.silences_max || silences_.contains(address)) {
        auto& questions = silences_[address];
        if (questions < options_.silent_questions_max) ++questions;
    }
}

Task<Reply> UdpNameserverClient::ask(std::string address, dns::Name name, dns::Type type) {
    auto& slots = addresses_.try_emplace(address, options_.sockets_each_max).first->second;
    co_await slots.acquire();
    co_await sockets_.acquire();
    Reply reply =
        base::fail(base::ErrorKind::timeout,
                   fmt::format("{} did not answer {} other questions, so we did not ask again",
                               address, options_.silent_questions_max));
    if (!pass_over(address)) {
        reply = co_await exchange(address, std::move(name), type);
        note(address, !reply && reply.error().kind == base::ErrorKind::timeout);
    }
    sockets_.release();
    slots.release();
    if (slots.idle()) addresses_.erase(address);
    co_return reply;
}

Task<Reply> UdpNameserverClient::exchange(std::string address, dns::Name name, dns::Type type) {
    boost::system::error_code failure;
    const auto ip = asio::ip::make_address(address, failure);
    if (failure) co_return base::fail(base::ErrorKind::unreachable, address + " is not an address");
    const base::Error late{
        base::ErrorKind::timeout,
        fmt::format("{} did not answer within {} ms", address, options_.timeout.count())};
    dns::Header header;
    dns::Edns edns = dns::Edns::plain;
    Reply reply = std::unexpected(late);
    std::string strange;
    for (unsigned attempt = 0; attempt < options_.attempts;) {
        header.id = random_();
        reply = co_await with_deadline(
            over_udp({ip, options_.port}, address, header, name, type, edns, strange),
            Clock::now() + options_.timeout, late);
        if (reply && may_lack_edns(*reply, edns)) {
            edns = dns::Edns::none;
            continue;
        }
        if (reply || reply.error().kind != base::ErrorKind::timeout) break;
        ++attempt;
    }
    if (!reply && reply.error().kind == base::ErrorKind::timeout && !strange.empty()) {
        co_return base::fail(base::ErrorKind::malformed,
                             fmt::format("{} did not send an answer: {}", address, strange));
    }
    if (!reply || !reply->header.truncated) co_return reply;
    header.id = random_();
    co_return co_await with_deadline(
        over_tcp({ip, options_.port}, address, header, name, type, edns),
        Clock::now() + options_.timeout, late);
}

}  // namespace assay::net
