#include "net/real/stub_resolver.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <unordered_map>

#include "base/text.hpp"
#include "net/real/exchange.hpp"
#include "net/real/unbound_resolver.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;
using asio::ip::udp;

inline constexpr unsigned attempts_max = 3;    // ours: two datagrams may be lost
inline constexpr std::size_t sockets_max = 8;  // ours: ports to guess among, for each resolver
inline constexpr std::size_t receive_burst_max = 64;  // ours: then other work gets its turn
inline constexpr std::size_t datagram_octets_max = 65535;

}  // namespace

struct StubResolver::State {
    using Complete = std::move_only_function<void(Reply)>;
    struct Pending {
        dns::Header header;
        dns::Name name;
        dns::Type type{};
        Complete complete;
        std::uint64_t ticket = 0;
        std::string strange;  // what came in place of an answer
    };
    struct Channel {
        Channel(asio::any_io_executor executor, udp::endpoint to)
            : socket(executor), server(to), text(to.address().to_string()) {}
        udp::socket socket;
        udp::endpoint server;
        std::string text;
        std::unordered_map<std::uint16_t, Pending> pending;
        bool watching = false;
    };
    struct Deadline {
        Clock::time_point at;
        Channel* channel;
        std::uint16_t id;
        std::uint64_t ticket;
    };

    State(asio::any_io_executor e, StubOptions o, std::function<std::uint16_t()> r)
        : executor(e), options(std::move(o)), random(std::move(r)), timer(e) {}

    base::Result<void> open(const udp::endpoint& server);
    Task<Reply> ask(std::size_t server, dns::Name name, dns::Type type);
    void send(Channel& channel, dns::Name name, dns::Type type, Complete complete);
    void watch(Channel& channel);
    void receive(Channel& channel);
    void take(Channel& channel, std::span<const std::uint8_t> datagram);
    void fail_all(Channel& channel, const boost::system::error_code& failure);
    void arm();
    void expire();
    void finish(Channel& channel, std::uint16_t id, Reply reply);

    asio::any_io_executor executor;
    StubOptions options;
    std::function<std::uint16_t()> random;
    std::vector<udp::endpoint> servers;
    std::vector<std::unique_ptr<Channel>> channels;  // sockets_max for each server, in its order
    asio::steady_timer timer;
    std::deque<Deadline> deadlines;  // ascending, because every attempt has the same time
    std::uint64_t next_ticket = 1;
    std::size_t open_questions = 0;
    bool timer_armed = false;
    std::array<std::uint8_t, datagram_octets_max> buffer;
};

base::Result<void> StubResolver::State::open(const udp::endpoint& server) {
    servers.push_back(server);
    for (std::size_t i = 0; i < sockets_max; ++i) {
        auto channel = std::make_unique<Channel>(executor, server);
        boost::system::error_code failure;
        channel->socket.open(server.protocol(), failure);
        if (!failure) channel->socket.connect(server, failure);
        if (!failure) channel->socket.non_blocking(true, failure);
        if (failure) return std::unexpected(unreachable(channel->text, failure));
        channels.push_back(std::move(channel));
    }
    return {};
}

void StubResolver::State::send(Channel& channel, dns::Name name, dns::Type type,
                               Complete complete) {
    std::uint16_t id = random();
    while (
        channel.pending.contains(id))  // the cache in front keeps far fewer open than there are ids
        ++id;
    dns::Header header;
    header.id = id;
    header.recursion_desired = true;
    const auto query = dns::encode_query(header, name, type, false);
    boost::system::error_code failure;
    channel.socket.send(asio::buffer(query), 0, failure);
    const auto ticket = next_ticket++;
    channel.pending.emplace(
        id, Pending{header, std::move(name), type, std::move(complete), ticket, {}});
    ++open_questions;
    // A full buffer is a lost datagram: the deadline answers for it.
    if (failure && failure != asio::error::would_block)
        return finish(channel, id, std::unexpected(unreachable(channel.text, failure)));
    deadlines.push_back({Clock::now() + options.timeout / attempts_max, &channel, id, ticket});
    watch(channel);
    arm();
}

// Sockets and the timer are watched only while a question is open, so that an idle executor can
// end.
void StubResolver::State::watch(Channel& channel) {
    if (channel.watching || channel.pending.empty()) return;
    channel.watching = true;
    channel.socket.async_wait(udp::socket::wait_read,
                              [this, &channel](const boost::system::error_code& failure) {
                                  if (failure == asio::error::operation_aborted) return;
                                  channel.watching = false;
                                  receive(channel);
                                  watch(channel);
                              });
}

void StubResolver::State::receive(Channel& channel) {
    for (std::size_t i = 0; i < receive_burst_max; ++i) {
        boost::system::error_code failure;
        const auto size = channel.socket.receive(asio::buffer(buffer), 0, failure);
        if (failure == asio::error::would_block) return;
        if (failure) return fail_all(channel, failure);
        take(channel, std::span(buffer).first(size));
    }
}

void StubResolver::State::take(Channel& channel, std::span<const std::uint8_t> datagram) {
    if (datagram.size() < 2) return;
    const auto id = static_cast<std::uint16_t>(datagram[0] << 8 | datagram[1]);
    const auto open = channel.pending.find(id);
    if (open == channel.pending.end()) return;
    auto& pending = open->second;
    auto message = dns::decode_message(datagram);
    // Somebody who guesses ids must not end the question: what does not fit is kept for the message
    // and waited past.
    if (!message) {
        pending.strange = message.error().detail;
    } else if (!answers(*message, pending.header, pending.name, pending.type)) {
        pending.strange = "It answered another question";
    } else {
        finish(channel, id, *std::move(message));
    }
}

void StubResolver::State::fail_all(Channel& channel, const boost::system::error_code& failure) {
    std::vector<std::uint16_t> ids;
    for (const auto& [id, pending] : channel.pending)
        ids.push_back(id);
    for (const auto id : ids)
        finish(channel, id, std::unexpected(unreachable(channel.text, failure)));
}

void StubResolver::State::arm() {
    const auto is_open = [](const Deadline& deadline) {
        const auto pending = deadline.channel->pending.find(deadline.id);
        return pending != deadline.channel->pending.end() &&
               pending->second.ticket == deadline.ticket;
    };
    while (!deadlines.empty() && !is_open(deadlines.front()))
        deadlines.pop_front();
    if (timer_armed || deadlines.empty()) return;
    timer_armed = true;
    timer.expires_at(deadlines.front().at);
    timer.async_wait([this](const boost::system::error_code& failure) {
        if (failure == asio::error::operation_aborted) return;
        timer_armed = false;
        expire();
        arm();
    });
}

void StubResolver::State::expire() {
    const auto now = Clock::now();
    while (!deadlines.empty() && deadlines.front().at <= now) {
        const auto deadline = deadlines.front();
        deadlines.pop_front();
        const auto open = deadline.channel->pending.find(deadline.id);
        if (open == deadline.channel->pending.end() || open->second.ticket != deadline.ticket)
            continue;
        auto error =
            open->second.strange.empty()
                ? base::Error{base::ErrorKind::timeout,
                              fmt::format("no usable answer within {} ms", options.timeout.count())}
                : base::Error{base::ErrorKind::malformed,
                              fmt::format("{} did not send an answer: {}", deadline.channel->text,
                                          open->second.strange)};
        finish(*deadline.channel, deadline.id, std::unexpected(std::move(error)));
    }
}

void StubResolver::State::finish(Channel& channel, std::uint16_t id, Reply reply) {
    const auto open = channel.pending.find(id);
    auto complete = std::move(open->second.complete);
    channel.pending.erase(open);
    asio::post(executor, [complete = std::move(complete), reply = std::move(reply)]() mutable {
        complete(std::move(reply));
    });
    if (channel.pending.empty() && channel.watching) {
        channel.socket.cancel();
        channel.watching = false;
    }
    if (--open_questions > 0) return;
    if (timer_armed) timer.cancel();  // let the executor run out of work
    timer_armed = false;
    deadlines.clear();
}

Task<Reply> StubResolver::State::ask(std::size_t server, dns::Name name, dns::Type type) {
    auto& channel = *channels[server * sockets_max + random() % sockets_max];
    co_return co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Reply)>(
        [&](auto handler) {
            send(channel, name, type, [handler = std::move(handler)](Reply reply) mutable {
                std::move(handler)(std::move(reply));
            });
        },
        asio::use_awaitable);
}

base::Result<std::unique_ptr<StubResolver>> StubResolver::create(
    asio::any_io_executor executor, StubOptions options, std::function<std::uint16_t()> random) {
    auto state = std::make_unique<State>(executor, std::move(options), std::move(random));
    for (const auto& forwarder : state->options.forwarders) {
        ASSAY_TRY(const auto parsed, parse_forwarder(forwarder));
        const auto at = parsed.find('@');
        const auto port = at == std::string::npos
                              ? 53
                              : base::parse_decimal(parsed.substr(at + 1), 65535).value_or(53);
        const udp::endpoint server(asio::ip::make_address(parsed.substr(0, at)),
                                   static_cast<std::uint16_t>(port));
        if (auto done = state->open(server); !done) return std::unexpected(done.error());
    }
    return std::unique_ptr<StubResolver>(new StubResolver(std::move(state)));
}

StubResolver::StubResolver(std::unique_ptr<State> state) : state_(std::move(state)) {}
StubResolver::~StubResolver() = default;

Task<base::Result<AnswerPtr>> StubResolver::resolve(dns::Name name, dns::Type type) {
    auto& state = *state_;
    Reply reply = base::fail(base::ErrorKind::unreachable, "no resolver was given");
    for (unsigned attempt = 0; attempt < attempts_max && !state.servers.empty(); ++attempt) {
        const auto server = attempt % state.servers.size();
        reply = co_await state.ask(server, name, type);
        if (reply && reply->header.truncated) {
            const auto& to = state.servers[server];
            dns::Header header;
            header.id = state.random();
            header.recursion_desired = true;
            reply = co_await with_deadline(
                over_tcp({to.address(), to.port()}, to.address().to_string(), header, name, type),
                state.options.timeout, to.address().to_string());
        }
        // Another resolver, or another try, may know more than one that failed.
        if (reply && is_answer(reply->header.rcode)) break;
        const bool told = reply.has_value() && state.servers.size() == 1;
        if (told) break;
    }
    if (!reply) co_return std::unexpected(std::move(reply).error());
    const auto rcode = reply->header.rcode;
    if (!is_answer(rcode)) {
        co_return base::fail(kind_of(rcode), describe_failure(rcode, name, type, &*reply));
    }
    auto answer = std::make_shared<Answer>();
    read_answer(*reply, name, type, *answer);
    answer->security_reason = state.options.no_validation_reason;
    co_return answer;
}

}  // namespace assay::net
