#include "net/real/stub_resolver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <numeric>
#include <unordered_map>

#include "base/text.hpp"
#include "net/real/exchange.hpp"
#include "net/real/open_questions.hpp"
#include "net/real/unbound_resolver.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;
using asio::ip::udp;

inline constexpr std::size_t tries_min = 3;    // ours: two datagrams may be lost
inline constexpr std::size_t sockets_max = 8;  // ours: ports to guess among, for each resolver
inline constexpr std::size_t receive_burst_max = 64;  // ours: then other work gets its turn
inline constexpr std::size_t datagram_octets_max = 65535;

struct Server {
    udp::endpoint endpoint;
    std::string text;
    unsigned silent = 0;      // tries since it last answered: who answers is asked first
    bool lacks_edns = false;  // it answers without an OPT record only
};

}  // namespace

struct StubResolver::State {
    struct Event {
        std::size_t server = 0;
        dns::Edns edns{};
        Reply reply;
    };
    // One question, which may have been sent several times. Each of these may still be answered.
    struct Question {
        dns::Name name;
        dns::Type type{};
        std::vector<Event> arrived;
        std::move_only_function<void()> wake;  // set while the question waits
        Deadlines::Ticket ticket = 0;          // of that wait
        std::string strange;                   // what came in place of an answer
        std::size_t open = 0;                  // entries in `pending`
    };
    struct Pending {
        dns::Header header;
        dns::Edns edns{};
        Question* question = nullptr;
    };
    struct Channel {
        Channel(State& state, std::size_t to)
            : socket(state.executor),
              server(to),
              watch(
                  socket, [this] { return !pending.empty(); },
                  [this, &state] { state.receive(*this); }) {}
        udp::socket socket;
        std::size_t server;
        std::unordered_map<std::uint16_t, Pending> pending;
        Watch<udp::socket> watch;
    };

    State(Executor e, StubOptions o, std::function<std::uint16_t()> r)
        : executor(e),
          options(std::move(o)),
          random(std::move(r)),
          deadlines(
              e, [this](auto ticket) { return waits.contains(ticket); },
              [this](auto ticket) { wake(*waits.at(ticket)); }) {}

    base::Result<void> open(const udp::endpoint& endpoint);
    Task<Reply> ask(dns::Name name, dns::Type type, Clock::time_point ends);
    std::vector<std::size_t> by_silence() const;
    void send(Question& question, std::size_t server, dns::Edns edns);
    Task<bool> arrival(Question& question, Clock::time_point until);
    Task<Reply> over_stream(Question& question, std::size_t server, dns::Edns edns,
                            Clock::time_point until);
    void close(Question& question);
    base::Error late() const;

    void receive(Channel& channel);
    void take(Channel& channel, std::span<const std::uint8_t> datagram);
    void fail_all(Channel& channel, const boost::system::error_code& failure);
    void deliver(Channel& channel, std::uint16_t id, Reply reply);
    void wake(Question& question);

    Executor executor;
    StubOptions options;
    std::function<std::uint16_t()> random;
    std::vector<Server> servers;
    std::vector<std::unique_ptr<Channel>> channels;  // sockets_max for each server, in its order
    std::unordered_map<Deadlines::Ticket, Question*> waits;
    Deadlines deadlines;
    Deadlines::Ticket next_ticket = 1;
    std::array<std::uint8_t, datagram_octets_max> buffer;
};

base::Result<void> StubResolver::State::open(const udp::endpoint& endpoint) {
    servers.push_back({endpoint, endpoint.address().to_string()});
    for (std::size_t i = 0; i < sockets_max; ++i) {
        auto channel = std::make_unique<Channel>(*this, servers.size() - 1);
        boost::system::error_code failure;
        channel->socket.open(endpoint.protocol(), failure);
        if (!failure) channel->socket.connect(endpoint, failure);
        if (!failure) channel->socket.non_blocking(true, failure);
        if (failure) return std::unexpected(unreachable(servers.back().text, failure));
        channels.push_back(std::move(channel));
    }
    return {};
}

void StubResolver::State::send(Question& question, std::size_t server, dns::Edns edns) {
    auto& channel = *channels[server * sockets_max + random() % sockets_max];
    dns::Header header;
    header.id = random();
    // The cache in front keeps far fewer open than there are ids.
    while (channel.pending.contains(header.id))
        header.id = random();
    header.recursion_desired = true;
    const auto query = dns::encode_query(header, question.name, question.type, edns);
    boost::system::error_code failure;
    channel.socket.send(asio::buffer(query), 0, failure);
    channel.pending.emplace(header.id, Pending{header, edns, &question});
    ++question.open;
    // A full buffer is a lost datagram: the deadline answers for it.
    if (failure && failure != asio::error::would_block) {
        deliver(channel, header.id, std::unexpected(unreachable(servers[server].text, failure)));
    } else {
        channel.watch.start();
    }
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
    auto& question = *open->second.question;
    auto message = dns::decode_message(datagram);
    // Somebody who guesses ids must not end the question: what does not fit is kept for the message
    // and waited past.
    const auto& server = servers[channel.server].text;
    if (!message) {
        question.strange =
            fmt::format("{} did not send an answer: {}", server, message.error().detail);
    } else if (!answers(*message, open->second.header, question.name, question.type)) {
        question.strange = server + " did not send an answer: It answered another question";
    } else {
        deliver(channel, id, *std::move(message));
    }
}

void StubResolver::State::fail_all(Channel& channel, const boost::system::error_code& failure) {
    std::vector<std::uint16_t> ids;
    for (const auto& [id, pending] : channel.pending)
        ids.push_back(id);
    for (const auto id : ids)
        deliver(channel, id, std::unexpected(unreachable(servers[channel.server].text, failure)));
}

void StubResolver::State::deliver(Channel& channel, std::uint16_t id, Reply reply) {
    const auto open = channel.pending.find(id);
    auto& question = *open->second.question;
    question.arrived.push_back({channel.server, open->second.edns, std::move(reply)});
    --question.open;
    channel.pending.erase(open);
    if (channel.pending.empty()) channel.watch.stop();
    wake(question);
}

void StubResolver::State::wake(Question& question) {
    if (!question.wake) return;
    waits.erase(question.ticket);
    if (waits.empty()) deadlines.clear();  // let the executor run out of work
    asio::post(executor, std::exchange(question.wake, nullptr));
}

// True when something arrived; false when the time has come first.
Task<bool> StubResolver::State::arrival(Question& question, Clock::time_point until) {
    if (question.arrived.empty()) {
        co_await suspend<void()>([&](auto handler) {
            question.wake = [handler = std::move(handler)]() mutable { std::move(handler)(); };
            question.ticket = next_ticket++;
            waits.emplace(question.ticket, &question);
            deadlines.add(until, question.ticket);
        });
    }
    co_return !question.arrived.empty();
}

void StubResolver::State::close(Question& question) {
    if (question.open == 0) return;
    for (const auto& channel : channels) {
        std::erase_if(channel->pending,
                      [&](const auto& entry) { return entry.second.question == &question; });
        if (channel->pending.empty()) channel->watch.stop();
    }
}

base::Error StubResolver::State::late() const {
    return {base::ErrorKind::timeout,
            fmt::format("no usable answer within {} ms", options.timeout.count())};
}

// Who answered last time is asked first, otherwise in the order of the options.
std::vector<std::size_t> StubResolver::State::by_silence() const {
    std::vector<std::size_t> out(servers.size());
    std::iota(out.begin(), out.end(), 0U);
    std::ranges::sort(
        out, {}, [&](std::size_t server) { return std::pair(servers[server].silent, server); });
    return out;
}

Task<Reply> StubResolver::State::over_stream(Question& question, std::size_t server, dns::Edns edns,
                                             Clock::time_point until) {
    const auto& to = servers[server];
    dns::Header header;
    header.id = random();
    header.recursion_desired = true;
    co_return co_await with_deadline(over_tcp({to.endpoint.address(), to.endpoint.port()}, to.text,
                                              header, question.name, question.type, edns),
                                     until, late());
}

// Each resolver is asked, one after the other, and the first again if there are few; an answer to
// any of these counts until the question ends.
Task<Reply> StubResolver::State::ask(dns::Name name, dns::Type type, Clock::time_point ends) {
    Question question;
    question.name = std::move(name);
    question.type = type;
    const auto order = by_silence();
    const auto tries = std::max(tries_min, order.size());
    // A datagram that was lost is sent again in the first half; the second is for slow answers.
    const auto interval = options.timeout / static_cast<long>(2 * tries);
    Reply failure = std::unexpected(late());
    bool told = false;  // the only resolver has said that it fails
    for (std::size_t number = 1; number <= tries && !told && Clock::now() < ends; ++number) {
        const bool last = number == tries;
        const auto server = order[(number - 1) % order.size()];
        send(question, server, servers[server].lacks_edns ? dns::Edns::none : dns::Edns::plain);
        const auto until = last ? ends : std::min(ends, Clock::now() + interval);
        bool failed = false;
        while (!failed || (last && !told && question.open + question.arrived.size() > 0)) {
            if (!co_await arrival(question, until)) {
                ++servers[server].silent;
                break;
            }
            auto event = std::move(question.arrived.front());
            question.arrived.erase(question.arrived.begin());
            auto& from = servers[event.server];
            if (event.reply && may_lack_edns(*event.reply, event.edns)) {
                send(question, event.server, dns::Edns::none);
                continue;
            }
            // A resolver whose TCP hangs may leave another no time: half is for that one.
            if (event.reply && event.reply->header.truncated) {
                const auto now = Clock::now();
                event.reply =
                    co_await over_stream(question, event.server, event.edns,
                                         last || order.size() == 1 ? ends : now + (ends - now) / 2);
            }
            failed = !event.reply || !is_answer(event.reply->header.rcode);
            from.silent = event.reply ? 0 : from.silent + 1;
            from.lacks_edns |= !failed && event.edns == dns::Edns::none;
            if (!failed) {
                close(question);
                co_return std::move(event.reply);
            }
            // Another resolver, or another try, may know more; a code says more than a silence.
            if (event.reply || !failure) failure = std::move(event.reply);
            told = failure && order.size() == 1;
        }
    }
    close(question);
    if (!failure && !question.strange.empty())
        co_return base::fail(base::ErrorKind::malformed, std::move(question.strange));
    co_return failure;
}

base::Result<std::unique_ptr<StubResolver>> StubResolver::create(
    Executor executor, StubOptions options, std::function<std::uint16_t()> random) {
    if (options.forwarders.empty())
        return base::fail(base::ErrorKind::usage, "no resolver was given");
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
    const auto ends = Clock::now() + state.options.timeout;
    auto answer = std::make_shared<Answer>();
    answer->security_reason = state.options.no_validation_reason;
    std::optional<base::Error> failed;
    for (auto at = name;; at = answer->aliases.back()) {
        const auto reply = co_await state.ask(at, type, ends);
        const auto ending = reply && is_answer(reply->header.rcode)
                                ? read_answer(*reply, at, type, *answer)
                                : Ending::told;
        if (!reply) {
            failed = reply.error();
        } else if (const auto rcode = reply->header.rcode; !is_answer(rcode)) {
            failed = base::Error{kind_of(rcode), describe_failure(rcode, at, type, &*reply)};
        } else if (ending == Ending::referral) {
            failed = referral(at, type);
        }
        // RFC 1034 section 5.3.3: read_answer lets no more than alias_chain_max of them through.
        if (failed || ending != Ending::alias_only) break;
    }
    if (failed && answer->aliases.empty()) co_return std::unexpected(*std::move(failed));
    if (failed) answer->broken = std::move(failed);
    co_return answer;
}

}  // namespace assay::net
