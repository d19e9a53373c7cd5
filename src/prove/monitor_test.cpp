#include "prove/monitor.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "temporary_folder.hpp"

namespace assay::prove {

namespace {

const std::string origin = "assurance.example/log";

std::string issued(std::string_view number, std::string_view hash) {
    return fmt::format(R"({{"v":1,"t":"cert.issued","cert":"{}","jwt_sha256":"{}"}})", number,
                       hash);
}

std::vector<std::string> numbered(std::uint64_t from, std::uint64_t to) {
    std::vector<std::string> out;
    for (auto i = from; i < to; ++i)
        out.push_back(issued(fmt::format("n{}", i), fmt::format("h{}", i)));
    return out;
}

// A log in a folder of its own.
struct Copy {
    test::TemporaryFolder folder;
    crypto::PrivateKey key;

    explicit Copy(crypto::PrivateKey with) : key(std::move(with)) {}
    LogDirectory grow(const std::vector<std::string>& entries,
                      std::vector<NoteSignature> more = {}) const {
        auto log = *LogDirectory::open(folder.path);
        REQUIRE(log.append(log.size(), entries));
        auto checkpoint = *log.sign_checkpoint(origin, key);
        for (auto& line : more)
            checkpoint.signatures.push_back(std::move(line));
        REQUIRE(log.publish(checkpoint));
        return *LogDirectory::open(folder.path);
    }
};

crypto::PrivateKey ed25519() {
    return *crypto::PrivateKey::generate(crypto::KeyKind::ed25519);
}

}  // namespace

TEST_CASE("a monitor sees a log begin, grow and stay, and which entries are new") {
    const Copy copy(ed25519());
    MonitorState state;
    for (const auto& [from, to, course] : {std::tuple{0u, 10u, Course::first},
                                           {10u, 10u, Course::same},
                                           {10u, 300u, Course::grown},
                                           {300u, 301u, Course::grown}}) {
        const auto log = copy.grow(numbered(from, to));
        const auto look = look_at(log, state, nullptr);
        REQUIRE(look);
        CHECK(look->course == course);
        CHECK(look->size_before == from);
        CHECK(look->size == to);
        CHECK(look->strange.empty());
        state = after(*look, log, std::move(state));
        CHECK(state.seen == log.checkpoint());
        REQUIRE(parse_monitor_state(print(state)));
        CHECK(*parse_monitor_state(print(state)) == state);
    }
}

TEST_CASE("a monitor tells a fork and a roll-back, and keeps both checkpoints") {
    const Copy good(ed25519());
    const auto log = good.grow(numbered(0, 100));
    const auto state = after(*look_at(log, {}, nullptr), log, {});
    auto entries = numbered(0, 120);
    entries[50] = issued("other", "other");
    for (const auto& [size, course] : {std::pair{120u, Course::forked},
                                       {100u, Course::forked},
                                       {99u, Course::rolled_back},
                                       {0u, Course::rolled_back}}) {
        const Copy bad(good.key);
        entries.resize(size);
        const auto other = bad.grow(entries);
        const auto look = look_at(other, state, nullptr);
        REQUIRE(look);
        CHECK(look->course == course);
        CHECK_FALSE(look->consistent());
        auto kept = after(*look, other, state);
        CHECK(kept.seen == log.checkpoint());
        CHECK(kept.evidence == std::vector{*other.checkpoint()});
        // Seen again, it is no second piece of evidence; and the good log goes on being good.
        CHECK(after(*look_at(other, kept, nullptr), other, kept) == kept);
        CHECK(look_at(log, kept, nullptr)->course == Course::same);
        CHECK(*parse_monitor_state(print(kept)) == kept);
    }
}

TEST_CASE("a monitor names what was issued twice and what nobody knows, once") {
    const Copy copy(ed25519());
    auto log = copy.grow({issued("a", "1"), issued("a", "2"), R"({"v":1,"t":"org.created"})",
                          issued("b", "1"), R"({"v":1,"t":"cert.imagined"})", "no JSON",
                          R"({"v":1,"t":"cert.renewed"})", issued("c", "3")});
    const auto look = look_at(log, {}, nullptr);
    REQUIRE(look);
    CHECK(look->strange ==
          std::vector<Strange>{{1, "it issues certificate a again, as entry 0 did"},
                               {3, "it issues the same token as entry 0, under another number"},
                               {4, "nobody knows the type 'cert.imagined'"},
                               {5, "it is not a JSON object"},
                               {6, "it issues a certificate without saying which"}});
    const auto state = after(*look, log, {});
    log = copy.grow({R"({"v":1,"t":"cert.renewed","cert":"c","jwt_sha256":"4"})"});
    CHECK(look_at(log, state, nullptr)->strange ==
          std::vector<Strange>{{8, "it issues certificate c again, as entry 7 did"}});
}

TEST_CASE("with a trust file, a monitor checks the log's signature and counts its witnesses") {
    const Copy copy(ed25519());
    const auto witness = ed25519();
    auto log = copy.grow(numbered(0, 3));
    log = copy.grow({}, {*cosign(log.checkpoint()->text, "witness.example", witness, {})});
    Trust trust{.issuers = {},
                .log = {origin, NoteKind::ed25519, copy.key.public_key()},
                .witnesses = {{"witness.example", NoteKind::cosignature, witness.public_key()},
                              {"other.example", NoteKind::cosignature, ed25519().public_key()}},
                .witnesses_needed = 1};
    const auto look = look_at(log, {}, &trust);
    REQUIRE(look);
    CHECK(look->seen_by == std::vector<std::string>{"witness.example"});
    trust.log.key = ed25519().public_key();
    CHECK_FALSE(look_at(log, {}, &trust));
}

TEST_CASE("another log, no log, and what is no state are errors, never a first look") {
    const Copy copy(ed25519());
    const auto log = copy.grow(numbered(0, 3));
    const auto state = after(*look_at(log, {}, nullptr), log, {});
    const test::TemporaryFolder empty;
    CHECK_FALSE(look_at(*LogDirectory::open(empty.path), state, nullptr));
    auto other = state;
    other.seen->text.replace(0, 9, "elsewhere");
    CHECK_FALSE(look_at(log, other, nullptr));
    for (const std::string_view wrong :
         {"", "{}", "[]", R"({"schema":"assay.monitor/1"})", R"({"schema":"assay.monitor/2"})",
          R"({"schema":"assay.monitor/1","seen":1,"evidence":[]})",
          R"({"schema":"assay.monitor/1","seen":"x","evidence":[]})",
          R"({"schema":"assay.monitor/1","evidence":[""]})"}) {
        CHECK_MESSAGE(!parse_monitor_state(wrong), wrong);
    }
    CHECK(parse_monitor_state(R"({"schema":"assay.monitor/1","evidence":[]})"));
}

}  // namespace assay::prove
