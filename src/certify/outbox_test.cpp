#include "certify/outbox.hpp"

#include <doctest/doctest.h>

#include <map>

#include "store/database.hpp"
#include "temporary_folder.hpp"

namespace assay::certify {

namespace {

constexpr std::string_view from = "assurance@scheme.example.gov.uk";
const auto noon = *base::parse_moment("2026-11-24T12:00:00Z");

// Answers by recipient; whoever it does not know gets their letter.
struct Postman : Mailer {
    std::map<std::string, DeliveryAnswer> answers;
    std::vector<std::string> sent, letters;

    DeliveryAnswer send(const std::string&, const std::string& to,
                        const std::string& letter) override {
        sent.push_back(to);
        letters.push_back(letter);
        const auto found = answers.find(to);
        return found == answers.end() ? DeliveryAnswer{Delivery::accepted, "250 ok"}
                                      : found->second;
    }
};

struct Place : test::TemporaryFolder {
    std::unique_ptr<Store> store = *store::open("sqlite:" + path + "/store.db");

    void post(const std::string& key, const std::string& to) const {
        const auto open = *store->write();
        REQUIRE(open->post({key, to, "Subject", "Body", noon}));
        REQUIRE(open->commit());
    }
    std::vector<Waiting> waiting() const { return *(*store->read())->waiting(never, 100); }
};

}  // namespace

TEST_CASE("what is due is delivered once") {
    const Place place;
    place.post("a", "a@example.gov.uk");
    Postman postman;
    CHECK(*deliver(*place.store, postman, from, noon - std::chrono::seconds(1)) ==
          DeliveryCounts{});
    CHECK(*deliver(*place.store, postman, from, noon) == DeliveryCounts{.delivered = 1});
    CHECK(*deliver(*place.store, postman, from, noon) == DeliveryCounts{});
    CHECK(postman.sent == std::vector<std::string>{"a@example.gov.uk"});
    CHECK(place.waiting().empty());
}

TEST_CASE("a letter for later rests 1 minute, then doubled up to 4 hours, and then goes out") {
    const Place place;
    place.post("a", "a@example.gov.uk");
    Postman postman;
    postman.answers["a@example.gov.uk"] = {Delivery::later, "450 4.2.0 busy"};
    auto at = noon;
    for (const int minutes : {1, 2, 4, 8, 16, 32, 64, 128, 240, 240}) {
        REQUIRE(*deliver(*place.store, postman, from, at) == DeliveryCounts{.postponed = 1});
        const auto next = at + std::chrono::minutes(minutes);
        CHECK(place.waiting().at(0).not_before == next);
        CHECK(place.waiting().at(0).problem == "450 4.2.0 busy");
        CHECK(*deliver(*place.store, postman, from, next - std::chrono::seconds(1)) ==
              DeliveryCounts{});
        at = next;
    }
    postman.answers.clear();
    CHECK(*deliver(*place.store, postman, from, at) == DeliveryCounts{.delivered = 1});
    CHECK(postman.letters.front() == postman.letters.back());
}

TEST_CASE("a letter that is refused is kept with the words, and the others go out") {
    const Place place;
    place.post("a", "a@example.gov.uk");
    place.post("b", "b@example.gov.uk\r\nRCPT TO:<eve@example.net>");
    place.post("c", "c@example.gov.uk");
    Postman postman;
    postman.answers["a@example.gov.uk"] = {Delivery::refused, "550 5.1.1 nobody\r\nhere"};
    CHECK(*deliver(*place.store, postman, from, noon) ==
          DeliveryCounts{.delivered = 1, .postponed = 0, .refused = 2});
    CHECK(postman.sent == std::vector<std::string>{"a@example.gov.uk", "c@example.gov.uk"});
    REQUIRE(place.waiting().size() == 2);
    CHECK(place.waiting()[0].problem == "550 5.1.1 nobody\\x0d\\x0ahere");
    CHECK(place.waiting()[1].problem.contains("not an e-mail address"));
    CHECK(place.waiting()[0].not_before == never);
    CHECK(*deliver(*place.store, postman, from, noon + std::chrono::days(1000)) ==
          DeliveryCounts{});
}

TEST_CASE("where nobody answers, one try postpones all that is due") {
    const Place place;
    for (const auto* key : {"a", "b", "c"})
        place.post(key, std::string(key) + "@example.gov.uk");
    Postman postman;
    postman.answers["b@example.gov.uk"] = {Delivery::unreachable, "Connection refused"};
    CHECK(*deliver(*place.store, postman, from, noon) ==
          DeliveryCounts{.delivered = 1, .postponed = 2, .refused = 0});
    CHECK(postman.sent.size() == 2);
    CHECK(place.waiting().size() == 2);
    CHECK(place.waiting()[1].problem == "Connection refused");
}

TEST_CASE("a sender that is no address is refused before anything is sent") {
    const Place place;
    place.post("a", "a@example.gov.uk");
    Postman postman;
    const auto done = deliver(*place.store, postman, "nobody", noon);
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == base::ErrorKind::usage);
    CHECK(postman.sent.empty());
}

}  // namespace assay::certify
