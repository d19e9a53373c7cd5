#include "store/database.hpp"

#include <doctest/doctest.h>

#include "store/schema.hpp"
#include "temporary_store.hpp"

namespace assay::store {

TEST_SUITE_BEGIN("any store");

namespace {

using certify::Kind;

using Place = test::TemporaryStore;

certify::Row row(std::string id, std::uint64_t version, std::string json = "{}") {
    return {std::move(id), "", "active", version, std::move(json)};
}

certify::Event event(std::uint64_t number) {
    certify::Event out{.stream = "case/1", .number = number, .actor = "pat", .command = "answer"};
    out.hash = certify::hash_of(out);
    return out;
}

}  // namespace

TEST_CASE("what is committed is there, and what is not is gone") {
    const Place place;
    {
        const auto store = open(place.url);
        REQUIRE_MESSAGE(store, store.error().detail);
        {
            const auto lost = *(*store)->write();
            REQUIRE(lost->save(Kind::person, row("lost", 0)));
        }
        const auto kept = *(*store)->write();
        REQUIRE(kept->save(Kind::person, row("kept", 0, R"({"a":"ü'\""})")));
        REQUIRE(kept->append(event(1)));
        REQUIRE(kept->commit());
    }
    const auto store = open(place.url);
    REQUIRE(store);
    const auto read = *(*store)->read();
    CHECK_FALSE((*read->find(Kind::person, "lost")).has_value());
    const auto found = *read->find(Kind::person, "kept");
    REQUIRE(found);
    CHECK(found->json == R"({"a":"ü'\""})");
    CHECK(found->version == 1);
    CHECK(read->events("case/1")->at(0) == event(1));
    CHECK(*read->last_event("case/1") == event(1));
    CHECK_FALSE((*read->last_event("case/2")).has_value());
}

TEST_CASE("of two writers of the same version one wins, and the other gets a conflict") {
    const Place place;
    const auto store = open(place.url);
    REQUIRE(store);
    {
        const auto first = *(*store)->write();
        REQUIRE(first->save(Kind::person, row("pat", 0)));
        REQUIRE(first->commit());
    }
    const auto winner = *(*store)->write();
    REQUIRE(winner->save(Kind::person, row("pat", 1)));
    REQUIRE(winner->commit());
    for (const std::uint64_t version : {0u, 1u, 3u}) {
        const auto loser = *(*store)->write();
        const auto saved = loser->save(Kind::person, row("pat", version));
        REQUIRE_FALSE(saved);
        CHECK(saved.error().kind == base::ErrorKind::conflict);
    }
    const auto writer = *(*store)->write();
    REQUIRE(writer->append(event(1)));
    const auto twice = writer->append(event(1));
    REQUIRE_FALSE(twice);
    CHECK(twice.error().kind == base::ErrorKind::conflict);
}

TEST_CASE("the outbox keeps each message once, and gives out what is due") {
    const Place place;
    const auto store = open(place.url);
    REQUIRE(store);
    const auto at = *base::parse_moment("2026-11-24T10:00:00Z");
    const auto out = *(*store)->write();
    const certify::Message message{"expiry/1", "pat@example.gov.uk", "Subject", "Body", at};
    REQUIRE(out->post(message));
    REQUIRE(out->post({"expiry/1", "other", "", "", at}));
    CHECK(out->waiting(at - std::chrono::seconds(1), 10)->empty());
    CHECK(*out->waiting(at, 10) == std::vector{certify::Waiting{message, at, 0, ""}});
    REQUIRE(out->postpone("expiry/1", at + std::chrono::hours(1), "450 try later"));
    CHECK(out->waiting(at, 10)->empty());
    const auto later = at + std::chrono::hours(1);
    CHECK(*out->waiting(later, 10) ==
          std::vector{certify::Waiting{message, later, 1, "450 try later"}});
    REQUIRE(out->mark_sent("expiry/1", at));
    CHECK(out->waiting(later, 10)->empty());
    CHECK(out->waiting(at + std::chrono::hours(2), 10)->empty());
}

TEST_CASE("log entries have numbers without gaps, places are given once, series count") {
    const Place place;
    const auto store = open(place.url);
    REQUIRE(store);
    {
        const auto rolled_back = *(*store)->write();
        CHECK(*rolled_back->append_entry("a") == 0);
        CHECK(*rolled_back->next_number("x") == 1);
    }
    const auto writer = *(*store)->write();
    CHECK(*writer->append_entry("b") == 0);
    CHECK(*writer->append_entry("c") == 1);
    CHECK(*writer->entries(1, 5) == std::vector<std::string>{"c"});
    CHECK(*writer->claim_status(7, "one"));
    CHECK_FALSE(*writer->claim_status(7, "two"));
    CHECK(*writer->next_number("x") == 1);
    CHECK(*writer->next_number("x") == 2);
    CHECK(*writer->next_number("y") == 1);
    REQUIRE(writer->keep("sha", "text"));
    REQUIRE(writer->keep("sha", "other"));
    CHECK(**writer->kept("sha") == "text");
}

TEST_CASE("a store of any earlier schema is brought up to date, and keeps what it has") {
    for (unsigned step = 0; step <= schema_steps(); ++step) {
        CAPTURE(step);
        const Place place;
        const auto address = *parse_url(place.url);
        {
            const auto session = *connect(address);
            REQUIRE(migrate_to(*session, address.engine, step));
            if (step > 0)
                *session << "INSERT INTO organisation (id, state, version, json) VALUES "
                            "('northam', 'active', 7, '{}')";
        }
        for (int again = 0; again < 2; ++again) {
            const auto store = open(place.url);
            REQUIRE_MESSAGE(store, store.error().detail);
            const auto read = *(*store)->read();
            const auto row = *read->find(Kind::organisation, "northam");
            REQUIRE(row.has_value() == (step > 0));
            if (row) CHECK(row->version == 7);
            CHECK(*read->log_size() == 0);
        }
    }
}

TEST_CASE("a store of a newer program is refused, and one that is no store too") {
    const Place place;
    const auto address = *parse_url(place.url);
    {
        const auto session = *connect(address);
        REQUIRE(migrate(*session, address.engine));
        *session << "INSERT INTO schema_version (version) VALUES (999)";
    }
    const auto newer = open(place.url);
    REQUIRE_FALSE(newer);
    CHECK(newer.error().kind == base::ErrorKind::usage);
    CHECK(newer.error().detail.find("schema 999") != std::string::npos);
    for (const auto wrong : {"", "mysql://x", "sqlite:", "a b.db", "sqlite:x'y"})
        CHECK_MESSAGE(!open(wrong), wrong);
    CHECK_FALSE(open("sqlite:/nowhere/at/all/store.db"));
}

TEST_SUITE_END();

}  // namespace assay::store
