// The compliance process from beginning to end, over a real store and with real signatures.
#include <doctest/doctest.h>

#include <algorithm>

#include "certify/authority.hpp"
#include "cli/schemes.hpp"
#include "process_case.hpp"
#include "prove/pack.hpp"
#include "store/database.hpp"
#include "temporary_store.hpp"

namespace assay::test {

TEST_SUITE_BEGIN("any store");

namespace {

// A store and an authority for one test.
struct Place {
    TemporaryStore kept;
    certify::Authority authority = make_authority(kept.folder.path + "/authority");
    std::unique_ptr<certify::Store> store = open_store(kept.url);

    static certify::Authority make_authority(const std::string& folder) {
        REQUIRE(certify::Authority::create(folder, "https://assurance.example",
                                           *base::parse_moment("2026-01-01T00:00:00Z")));
        return *certify::Authority::open(folder);
    }
    static std::unique_ptr<certify::Store> open_store(const std::string& url) {
        auto store = store::open(url);
        REQUIRE_MESSAGE(store, store.error().detail);
        return *std::move(store);
    }
};

}  // namespace

TEST_CASE("the cases of the compliance process hold") {
    const auto schemes = *cli::load_schemes({});
    const auto cases = read_process_cases(ASSAY_SOURCE_DIR "/src/certify/cases");
    CHECK(cases.size() >= 20);
    for (const auto& one : cases) {
        const Place place;
        ProcessRunner runner(*place.store, schemes, place.authority);
        const auto problem = runner.run(one);
        CHECK_MESSAGE(problem.empty(), one.name << "\n" << problem);
    }
}

TEST_CASE("of a certificate and the one that takes its place, only the second is good") {
    const auto schemes = *cli::load_schemes({});
    const auto cases = read_process_cases(ASSAY_SOURCE_DIR "/src/certify/cases");
    const auto story = std::ranges::find_if(cases, [](const ProcessCase& one) {
        return one.name.starts_with("R-04 a change of scope is told, decided, signed again");
    });
    REQUIRE(story != cases.end());
    const Place place;
    ProcessRunner runner(*place.store, schemes, place.authority);
    REQUIRE(runner.run(*story).empty());
    const auto at = *base::parse_moment("2026-10-02T09:00:00Z");
    const auto published = place.authority.publish(*place.store, schemes, at);
    REQUIRE_MESSAGE(published, published.error().detail);
    const auto verdict = [&](const char* number) {
        const auto transaction = *place.store->read();
        const auto row = *transaction->find(certify::Kind::certificate, number);
        const auto pack =
            place.authority.pack(*certify::value_of<certify::Certificate>(*row, "certificate"));
        REQUIRE_MESSAGE(pack, pack.error().detail);
        return prove::verify(prove::print(*pack), place.authority.trust(), at, std::chrono::days(7))
            .verdict;
    };
    CHECK(verdict("psn-connection-2026-00001") == prove::Verdict::withdrawn);
    CHECK(verdict("psn-connection-2026-00002") == prove::Verdict::good);
}

TEST_CASE("a store that is not the log's is not published, however long it is") {
    const auto schemes = *cli::load_schemes({});
    const Place place, other;
    const auto at = *base::parse_moment("2026-03-02T10:00:00Z");
    const auto fill = [&](const Place& one, std::initializer_list<const char*> names) {
        ProcessRunner runner(*one.store, schemes, one.authority);
        REQUIRE(runner.given("team").empty());
        for (const auto* name : names)
            REQUIRE(runner.given(std::string("organisation ") + name + " supplier").empty());
    };
    fill(place, {"northam", "southby"});
    REQUIRE(place.authority.publish(*place.store, schemes, at));
    fill(other, {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"});
    const auto wrong = place.authority.publish(*other.store, schemes, at);
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().kind == base::ErrorKind::conflict);
    CHECK(place.authority.publish(*place.store, schemes, at));
}

namespace {

// Two organisations, each with an application, a certificate and an incident.
void give_everything(ProcessRunner& runner, const std::string& id) {
    for (const auto& step :
         {"organisation " + id + " local_authority", "case " + id, "certificate " + id}) {
        const auto problem = runner.given(step);
        REQUIRE_MESSAGE(problem.empty(), step << ": " << problem);
    }
    const auto reported = runner.office().run(
        {id + ".poc",
         "incident",
         {{"description", "secret of " + id}, {"noticed_at", "2026-03-01T09:00:00Z"}},
         *base::parse_moment("2026-03-02T10:00:00Z"),
         {}});
    REQUIRE_MESSAGE(reported, reported.error().detail);
}

}  // namespace

TEST_CASE("no command lets a person of one organisation see or change what is another's") {
    const auto schemes = *cli::load_schemes({});
    const Place place;
    ProcessRunner runner(*place.store, schemes, place.authority);
    REQUIRE(runner.given("team").empty());
    give_everything(runner, "northam");
    give_everything(runner, "southby");
    const auto rows_of = [&](certify::Kind kind) {
        const auto transaction = *place.store->read();
        return *transaction->list(kind, {.organisation = "northam", .state = {}});
    };
    const auto at = *base::parse_moment("2026-03-03T09:00:00Z");
    std::size_t asked = 0;
    for (const auto& command : certify::Office::commands()) {
        for (const auto* who : {"southby.poc", "southby.prep", "southby.chief", "southby.tester"}) {
            const boost::json::object body{
                {"case", rows_of(certify::Kind::application).at(0).id},
                {"certificate", rows_of(certify::Kind::certificate).at(0).id},
                {"incident", rows_of(certify::Kind::incident).at(0).id},
                {"organisation", "northam"},
                {"person", "northam.poc"}};
            boost::json::object only;
            if (!command.target.empty()) only[command.target] = body.at(command.target);
            for (const auto& asked_with : {body, only}) {
                const auto reply =
                    runner.office().run({who, std::string(command.name), asked_with, at, {}});
                const auto text =
                    reply ? boost::json::serialize(reply->body) : reply.error().detail;
                if (!command.target.empty()) CHECK_FALSE(reply);
                CHECK_MESSAGE(text.find("secret of northam") == std::string::npos, text);
                CHECK_MESSAGE(text.find("Example northam") == std::string::npos, text);
                ++asked;
            }
        }
    }
    CHECK(asked > 300);
    for (const auto kind : {certify::Kind::application, certify::Kind::certificate,
                            certify::Kind::incident, certify::Kind::organisation}) {
        for (const auto& row : rows_of(kind))
            CHECK_MESSAGE(row.json.find("southby") == std::string::npos, row.json);
    }
    const auto listed = runner.office().run({"southby.poc", "list", {}, at, {}});
    REQUIRE(listed);
    CHECK(boost::json::serialize(listed->body).find("northam") == std::string::npos);
    CHECK(listed->body.at("cases").as_array().size() == 1);
}

TEST_CASE("two people who act on the same version: one is done, the other gets a conflict") {
    const auto schemes = *cli::load_schemes({});
    const Place place;
    ProcessRunner runner(*place.store, schemes, place.authority);
    for (const auto* step : {"team", "organisation northam local_authority", "case northam"})
        REQUIRE(runner.given(step).empty());
    const auto at = *base::parse_moment("2026-03-03T09:00:00Z");
    const auto shown = runner.office().run({"northam.poc", "list", {}, at, {}});
    const auto id = shown->body.at("cases").as_array()[0].at("case");
    const auto answer = [&](const char* who, std::uint64_t version) {
        return runner.office().run(
            {who, "answer", {{"case", id}, {"answers", {{"C6", 12}}}}, at, version});
    };
    REQUIRE(answer("northam.poc", 1));
    const auto second = answer("northam.prep", 1);
    REQUIRE_FALSE(second);
    CHECK(second.error().kind == base::ErrorKind::conflict);
    CHECK(second.error().detail.find("you saw version 1, now it is 2") != std::string::npos);
    CHECK(answer("northam.prep", 2));
}

TEST_SUITE_END();

}  // namespace assay::test
