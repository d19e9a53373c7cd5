#include "net/real/udp_nameserver_client.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "net/fake/loopback_server.hpp"
#include "net/fake/run_task.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using Query = LoopbackServer::Query;
using Reply = base::Result<dns::Message>;

struct World {
    explicit World(LoopbackServer::Behave behave, NameserverOptions options = {})
        : server(io, [this, behave = std::move(behave)](LoopbackServer& self, const Query& query) {
              ++asked;
              behave(self, query);
          }) {
        options.port = server.port();
        std::uint16_t next = 0;
        client.emplace(io.get_executor(), options, [next] mutable { return next++; });
    }
    std::vector<Reply> ask(std::size_t count) {
        std::vector<Task<Reply>> tasks;
        for (std::size_t i = 0; i < count; ++i) {
            tasks.push_back(
                client->ask("127.0.0.1", dns::parse_name("a.example").value(), dns::Type::SOA));
        }
        return run_task(io, gather(std::move(tasks)));
    }

    asio::io_context io{1};
    std::size_t asked = 0;
    LoopbackServer server;
    std::optional<UdpNameserverClient> client;
};

}  // namespace

TEST_CASE("a nameserver that sends garbage is not called silent") {
    World world(
        [](LoopbackServer& server, const Query& query) {
            auto bytes = encode(response_to(query, {}));
            bytes.resize(13);
            server.reply(query, bytes);
        },
        {.timeout = 50ms, .attempts = 1});
    const auto reply = world.ask(1).front();
    CHECK(reply.error().kind == base::ErrorKind::malformed);
    CHECK(reply.error().detail.contains("did not send an answer"));
}

TEST_CASE("a nameserver that does not know EDNS is asked without it") {
    World world([](LoopbackServer& server, const Query& query) {
        auto message = response_to(query, {});
        if (query.edns) message.header.rcode = dns::Rcode::format_error;
        server.reply(query, encode(message));
    });
    CHECK(world.ask(1).front().value().header.rcode == dns::Rcode::no_error);
    CHECK(world.asked == 2);
}

TEST_CASE("no more questions are open to one address than allowed, and all are answered") {
    std::size_t open = 0, most_open = 0;
    World* here = nullptr;
    // Answers after so many turns that every other question could have come.
    const auto answer_later = [&](LoopbackServer& server, const Query& query) {
        most_open = std::max(most_open, ++open);
        const auto later = [&](this auto self, Query asked, unsigned turns) -> void {
            if (turns > 0) {
                asio::post(here->io, [=] { self(asked, turns - 1); });
                return;
            }
            --open;
            server.reply(asked, encode(response_to(asked, {})));
        };
        later(query, 100);
    };
    World world(answer_later, {.sockets_each_max = 2});
    here = &world;
    const auto replies = world.ask(20);
    CHECK(std::ranges::all_of(replies, [](const Reply& reply) { return reply.has_value(); }));
    CHECK(most_open == 2);
    CHECK(world.asked == 20);
}

TEST_CASE("no more sockets are open than allowed, and all questions are answered") {
    World world([](LoopbackServer& server,
                   const Query& query) { server.reply(query, encode(response_to(query, {}))); },
                {.sockets_max = 1, .sockets_each_max = 3});
    const auto replies = world.ask(10);
    CHECK(std::ranges::all_of(replies, [](const Reply& reply) { return reply.has_value(); }));
}

TEST_CASE("an address that is silent for long is not asked again") {
    World world([](LoopbackServer&, const Query&) {},
                {.timeout = 20ms, .attempts = 1, .sockets_each_max = 1, .silent_questions_max = 2});
    const auto replies = world.ask(5);
    CHECK(std::ranges::all_of(replies, [](const Reply& reply) {
        return !reply && reply.error().kind == base::ErrorKind::timeout;
    }));
    CHECK(world.asked == 2);
    CHECK(replies.back().error().detail.contains("did not ask again"));
}

TEST_CASE("an address that was silent is asked now and then, and comes back") {
    bool silent = true;
    World world(
        [&](LoopbackServer& server, const Query& query) {
            if (!silent) server.reply(query, encode(response_to(query, {})));
        },
        {.timeout = 20ms,
         .attempts = 1,
         .sockets_each_max = 1,
         .silent_questions_max = 2,
         .silent_retry_each = 4});
    world.ask(2 + 3);
    CHECK(world.asked == 2);
    world.ask(1 + 3);
    CHECK(world.asked == 3);
    silent = false;
    const auto replies = world.ask(3);
    CHECK(world.asked == 6);
    CHECK(std::ranges::all_of(replies, [](const Reply& reply) { return reply.has_value(); }));
}

}  // namespace assay::net
