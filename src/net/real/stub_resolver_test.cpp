#include "net/real/stub_resolver.hpp"

#include <doctest/doctest.h>

#include "net/fake/loopback_server.hpp"
#include "net/fake/run_task.hpp"

namespace assay::net {

namespace {

using namespace std::chrono_literals;
using Query = LoopbackServer::Query;

dns::Name name(std::string_view text) {
    return dns::parse_name(text).value();
}

std::vector<dns::Record> records(std::initializer_list<std::string_view> lines) {
    std::vector<dns::Record> out;
    for (const auto line : lines)
        out.push_back(dns::parse_record(line).value());
    return out;
}

LoopbackServer::Behave answering(std::vector<dns::Record> answer,
                                 std::vector<dns::Record> authority = {}) {
    return [=](LoopbackServer& server, const Query& query) {
        auto message = response_to(query, answer);
        message.authority = authority;
        server.reply(query, encode(message));
    };
}

const LoopbackServer::Behave silent = [](LoopbackServer&, const Query&) {};

// So many servers, and a resolver that was given all of them.
struct World {
    explicit World(const std::vector<LoopbackServer::Behave>& behaviours,
                   std::chrono::milliseconds timeout = 5000ms) {
        StubOptions options{.forwarders = {}, .timeout = timeout, .no_validation_reason = "none"};
        asked.resize(behaviours.size());
        for (std::size_t i = 0; i < behaviours.size(); ++i) {
            servers.push_back(std::make_unique<LoopbackServer>(
                io, [this, i, behave = behaviours[i]](LoopbackServer& server, const Query& query) {
                    asked[i].push_back(query);
                    behave(server, query);
                }));
            options.forwarders.push_back(servers.back()->address());
        }
        std::uint16_t next = 0;
        resolver = StubResolver::create(io.get_executor(), options, [next] mutable {
                       return next++;
                   }).value();
    }
    base::Result<AnswerPtr> ask(std::string_view text = "a.example",
                                dns::Type type = dns::Type::TXT) {
        return run_task(io, resolver->resolve(name(text), type));
    }

    boost::asio::io_context io{1};
    std::vector<std::unique_ptr<LoopbackServer>> servers;
    std::vector<std::vector<Query>> asked;  // for each server
    std::unique_ptr<StubResolver> resolver;
};

}  // namespace

TEST_CASE("an empty answer is no data when a resolver that recurses gives it") {
    CHECK(World({answering({})}).ask().value()->existence == Existence::no_data);
    const auto soa = records({"example. 60 IN SOA ns h 1 2 3 4 5"});
    CHECK(World({answering({}, soa)}).ask().value()->existence == Existence::no_data);
    const auto authoritative = [&](LoopbackServer& server, const Query& query) {
        auto message = response_to(query, {});
        message.header.recursion_available = false;
        message.authority = soa;
        server.reply(query, encode(message));
    };
    CHECK(World({authoritative}).ask().value()->existence == Existence::no_data);
}

TEST_CASE("a referral says nothing about the records") {
    const auto servers = records({"example. 60 IN NS ns.example."});
    const auto referral = World({answering({}, servers)}).ask();
    REQUIRE(!referral);
    CHECK(referral.error().kind == base::ErrorKind::server);
    CHECK(referral.error().detail.contains("does not recurse"));
    const auto empty = [&](LoopbackServer& server, const Query& query) {
        auto message = response_to(query, {});
        message.header.recursion_available = false;
        server.reply(query, encode(message));
    };
    CHECK(World({empty}).ask().error().detail.contains("does not recurse"));
}

TEST_CASE("an alias whose target is not in the answer is followed by another question") {
    const auto half = [](LoopbackServer& server, const Query& query) {
        const bool first = query.message.question == name("a.example");
        server.reply(query, encode(response_to(query, first ? records({"a.example. CNAME b.net."})
                                                            : records({"b.net. TXT \"b\""}))));
    };
    World world({half});
    const auto answer = world.ask().value();
    CHECK(answer->aliases == std::vector{name("b.net")});
    REQUIRE(answer->records.size() == 1);
    CHECK(answer->records[0].name == name("b.net"));
    CHECK(world.asked[0].size() == 2);

    // With the SOA record of the target's zone there is nothing to ask.
    World known({answering(records({"a.example. CNAME b.net."}),
                           records({"net. 60 IN SOA ns h 1 2 3 4 5"}))});
    CHECK(known.ask().value()->existence == Existence::no_data);
    CHECK(known.asked[0].size() == 1);
}

TEST_CASE("an alias whose target cannot be asked is broken, not absent") {
    World world({[](LoopbackServer& server, const Query& query) {
        auto message = response_to(query, {});
        if (query.message.question == name("a.example")) {
            message.answer = records({"a.example. CNAME b.net."});
        } else {
            message.header.rcode = dns::Rcode::server_failure;
        }
        server.reply(query, encode(message));
    }});
    const auto answer = world.ask().value();
    CHECK(answer->aliases == std::vector{name("b.net")});
    REQUIRE(answer->broken);
    CHECK(answer->broken->detail.contains("SERVFAIL for b.net TXT"));
}

TEST_CASE("half aliases without an end are followed for so many steps") {
    World world({[](LoopbackServer& server, const Query& query) {
        const auto& at = query.message.question;
        const dns::Record alias{at, 60, dns::Cname{at.child("x").value()}};
        server.reply(query, encode(response_to(query, {alias})));
    }});
    const auto answer = world.ask().value();
    REQUIRE(answer->broken);
    CHECK(answer->broken->detail.contains("do not end"));
    CHECK(answer->aliases.size() == alias_chain_max);
}

TEST_CASE("a truncated answer whose last record is cut short is asked again over TCP") {
    World world({[](LoopbackServer& server, const Query& query) {
        auto message = response_to(query, records({"a.example. TXT \"hello\""}));
        message.header.truncated = !query.stream;
        auto bytes = encode(message);
        if (!query.stream) bytes.resize(bytes.size() - 3);
        server.reply(query, bytes);
    }});
    CHECK(world.ask().value()->records.size() == 1);
}

TEST_CASE("what comes over TCP must be an answer, and whole") {
    const auto over_tcp = [](bool truncated, std::uint8_t opcode) {
        World world({[=](LoopbackServer& server, const Query& query) {
            auto message = response_to(query, records({"a.example. TXT \"hello\""}));
            message.header.truncated = truncated || !query.stream;
            if (query.stream) message.header.opcode = opcode;
            server.reply(query, encode(message));
        }});
        return world.ask();
    };
    CHECK(over_tcp(false, 0).has_value());
    CHECK(over_tcp(true, 0).error().kind == base::ErrorKind::malformed);
    CHECK(over_tcp(false, 4).error().kind == base::ErrorKind::malformed);
}

TEST_CASE("a server that does not know EDNS is asked without it, from then on at once") {
    World world({[](LoopbackServer& server, const Query& query) {
        auto message = response_to(query, records({"a.example. TXT \"hello\""}));
        if (query.edns) {
            message.header.rcode = dns::Rcode::format_error;
            auto bytes = encode(message);
            bytes.resize(12);
            std::fill(bytes.begin() + 4, bytes.end(), std::uint8_t{0});
            return server.reply(query, bytes);
        }
        server.reply(query, encode(message));
    }});
    CHECK(world.ask().value()->records.size() == 1);
    CHECK(world.asked[0].size() == 2);
    CHECK(world.ask().value()->records.size() == 1);
    CHECK(world.asked[0].size() == 3);
}

TEST_CASE("a failure that stays one without EDNS ends the question") {
    World world({[](LoopbackServer& server, const Query& query) {
        auto message = response_to(query, {});
        message.header.rcode = dns::Rcode::format_error;
        server.reply(query, encode(message));
    }});
    CHECK(world.ask().error().detail.contains("FORMERR"));
    CHECK(world.asked[0].size() == 2);
}

TEST_CASE("a late answer to an earlier try counts") {
    std::optional<Query> first;
    World world({[&](LoopbackServer& server, const Query& query) {
                    if (!first) {
                        first = query;
                    } else {
                        server.reply(*first, encode(response_to(
                                                 *first, records({"a.example. TXT \"late\""}))));
                    }
                }},
                300ms);
    CHECK(world.ask().value()->records.size() == 1);
    CHECK(world.asked[0].size() == 2);
}

TEST_CASE("a question over TCP that hangs ends with its time, and is not asked again") {
    World world({[](LoopbackServer& server, const Query& query) {
                    auto message = response_to(query, {});
                    message.header.truncated = true;
                    if (!query.stream) server.reply(query, encode(message));
                }},
                200ms);
    const auto answer = world.ask();
    CHECK(answer.error().kind == base::ErrorKind::timeout);
    CHECK(answer.error().detail.contains("no usable answer within 200 ms"));
    CHECK(world.asked[0].size() == 2);  // one of them over TCP
}

TEST_CASE("every resolver is asked, and who answered is asked first") {
    World world({silent, silent, silent, answering(records({"a.example. TXT \"hello\""}))}, 400ms);
    CHECK(world.ask().value()->records.size() == 1);
    CHECK(world.ask().value()->records.size() == 1);
    for (const std::size_t server : {0U, 1U, 2U})
        CHECK(world.asked[server].size() == 1);
    CHECK(world.asked[3].size() == 2);
}

TEST_CASE("a resolver that fails is heard when no other says more") {
    const auto failing = [](LoopbackServer& server, const Query& query) {
        auto message = response_to(query, {});
        message.header.rcode = dns::Rcode::server_failure;
        server.reply(query, encode(message));
    };
    World mixed({failing, answering(records({"a.example. TXT \"hello\""}))});
    CHECK(mixed.ask().value()->records.size() == 1);
    World hopeless({failing, silent}, 300ms);
    CHECK(hopeless.ask().error().detail.contains("SERVFAIL"));
    World alone({failing});
    CHECK(alone.ask().error().detail.contains("SERVFAIL"));
    CHECK(alone.asked[0].size() == 1);
}

TEST_CASE("an answer of another kind of message is waited past, and named") {
    World world({[](LoopbackServer& server, const Query& query) {
                    auto message = response_to(query, records({"a.example. TXT \"hello\""}));
                    message.header.opcode = 4;  // NOTIFY
                    server.reply(query, encode(message));
                }},
                200ms);
    CHECK(world.ask().error().kind == base::ErrorKind::malformed);
}

TEST_CASE("one broken record leaves the others") {
    auto answer = records({"a.example. TXT \"good\""});
    answer.push_back({name("a.example"), 60, dns::Opaque{dns::Type::TXT, {9, 'x'}}});
    CHECK(World({answering(answer)}).ask().value()->records.size() == 2);
}

}  // namespace assay::net
