#include "net/caching_resolver.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

namespace assay::net {

namespace {

namespace asio = boost::asio;

dns::Name name(std::size_t number) {
    return dns::parse_name("n" + std::to_string(number) + ".example").value();
}

// Answers after a few turns of the executor; names below "bad" fail.
class SlowResolver : public Resolver {
  public:
    Task<base::Result<AnswerPtr>> resolve(dns::Name asked, dns::Type) override {
        ++questions;
        most_open = std::max(most_open, ++open);
        for (int turn = 0; turn < 3; ++turn)
            co_await asio::post(co_await asio::this_coro::executor, use_task);
        --open;
        if (asked.first_label() == "bad")
            co_return base::fail(base::ErrorKind::timeout, "no answer");
        auto answer = std::make_shared<Answer>();
        if (texts > 0) {
            answer->records.push_back({asked, 60, dns::Txt{std::vector<std::string>(texts, "x")}});
        }
        co_return answer;
    }
    std::size_t texts = 0;  // in the one record of each answer, an octet each
    std::size_t questions = 0, open = 0, most_open = 0;
};

struct World {
    explicit World(CacheLimits limits) : cache(inner, limits) {}

    // All at once.
    std::vector<base::Result<AnswerPtr>> ask(const std::vector<dns::Name>& names,
                                             dns::Type type = dns::Type::A) {
        std::vector<base::Result<AnswerPtr>> out;
        asio::io_context io(1);
        const auto run = [&]() -> Task<void> {
            std::vector<Task<base::Result<AnswerPtr>>> tasks;
            for (const auto& asked : names)
                tasks.push_back(cache.resolve(asked, type));
            out = co_await gather(std::move(tasks));
        };
        asio::co_spawn(io, run(), [](std::exception_ptr failure) { CHECK(!failure); });
        io.run();
        return out;
    }

    SlowResolver inner;
    CachingResolver cache;
};

}  // namespace

TEST_CASE("a question is asked once for all who want it, at once and later") {
    World world({.entries_max = 10, .in_flight_max = 4});
    const auto answers = world.ask(std::vector<dns::Name>(20, name(1)));
    CHECK(world.inner.questions == 1);
    CHECK(std::ranges::all_of(
        answers, [&](const auto& answer) { return answer && *answer == *answers.front(); }));
    world.ask({name(1)});
    CHECK(world.inner.questions == 1);
    world.ask({name(1)}, dns::Type::AAAA);
    CHECK(world.inner.questions == 2);
    CHECK(world.cache.questions() == 2);
}

TEST_CASE("failures are kept too, so that a dead server is not asked again") {
    World world({.entries_max = 10, .in_flight_max = 4});
    const auto bad = dns::parse_name("bad.example").value();
    for (int i = 0; i < 2; ++i) {
        const auto answers = world.ask({bad, bad});
        for (const auto& answer : answers)
            CHECK(answer.error().kind == base::ErrorKind::timeout);
    }
    CHECK(world.inner.questions == 1);
}

TEST_CASE("no more questions are open than allowed, and all are answered") {
    World world({.entries_max = 1000, .in_flight_max = 4});
    std::vector<dns::Name> names;
    for (std::size_t i = 0; i < 100; ++i)
        names.push_back(name(i));
    const auto answers = world.ask(names);
    CHECK(std::ranges::all_of(answers, [](const auto& answer) { return answer.has_value(); }));
    CHECK(world.inner.questions == 100);
    CHECK(world.inner.most_open == 4);
}

TEST_CASE("the answer that was not used for longest falls out first") {
    World world({.entries_max = 2, .in_flight_max = 4});
    for (const std::size_t number : {1U, 2U, 1U, 3U, 1U})  // 3 takes the place of 2
        world.ask({name(number)});
    CHECK(world.inner.questions == 3);
    world.ask({name(2)});
    CHECK(world.inner.questions == 4);
}

TEST_CASE("answers are kept within a number of octets, of which small strings take many") {
    World world({.octets_max = 100'000, .answer_octets_max = 50'000, .in_flight_max = 4});
    world.inner.texts = 1000;  // 2 kB on the wire
    for (const std::size_t number : {1U, 2U, 3U})
        world.ask({name(number)});
    world.ask({name(2)});
    world.ask({name(3)});
    CHECK(world.inner.questions == 3);
    world.ask({name(4)});  // a fourth puts the first out
    world.ask({name(1)});
    CHECK(world.inner.questions == 5);
}

TEST_CASE("an answer that is too large is not kept, and is still asked once for all who wait") {
    World world({.answer_octets_max = 10'000, .in_flight_max = 4});
    world.inner.texts = 1000;
    const auto answers = world.ask({name(1), name(1), name(1)});
    CHECK(world.inner.questions == 1);
    CHECK(answers.back().value()->records.size() == 1);
    world.ask({name(1)});
    CHECK(world.inner.questions == 2);
}

TEST_CASE("an answer's size counts what its lists take") {
    Answer answer;
    const auto empty = octets(answer);
    answer.records.push_back({name(1), 60, dns::Txt{std::vector<std::string>(1000, "x")}});
    CHECK(octets(answer) > empty + 1000 * sizeof(std::string));
    answer.records.clear();
    answer.records.shrink_to_fit();
    CHECK(octets(answer) == empty);
}

}  // namespace assay::net
