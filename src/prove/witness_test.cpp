#include "prove/witness.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>

#include "base/text.hpp"
#include "prove/log_directory.hpp"
#include "prove/witness_client.hpp"
#include "prove/witness_folder.hpp"
#include "temporary_folder.hpp"

namespace assay::prove {

namespace {

const std::string origin = "assurance.example/log";
const auto at = *base::parse_moment("2026-11-24T10:00:00Z");

crypto::PrivateKey ed25519() {
    return *crypto::PrivateKey::generate(crypto::KeyKind::ed25519);
}

// A log whose entries are numbers; from `fork_at` on they are others.
struct Log {
    crypto::PrivateKey key = ed25519();
    Tree tree;

    explicit Log(std::uint64_t entries, std::uint64_t fork_at = UINT64_MAX) {
        for (std::uint64_t i = 0; i < entries; ++i)
            tree.append(leaf_hash(fmt::format("{} {}", i < fork_at ? "entry" : "other", i)));
    }
    Verifier verifier() const { return {origin, NoteKind::ed25519, key.public_key()}; }
    Note checkpoint(std::uint64_t size) const {
        Note out{print(Checkpoint{origin, size, tree.root(size)}), {}};
        out.signatures.push_back(*sign_note(out.text, origin, key));
        return out;
    }
    WitnessRequest request(std::uint64_t from, std::uint64_t size) const {
        return {from, from == 0 ? std::vector<Hash>{} : tree.consistency_proof(from, size),
                checkpoint(size)};
    }
};

// A witness that remembers, as a process does that never ends.
struct Witness {
    WitnessKey key{"witness.example", ed25519()};
    WitnessedLogs logs;

    explicit Witness(const Log& log) { logs[origin].keys = {log.verifier()}; }
    WitnessAnswer ask(std::string_view body) {
        auto step = add_checkpoint(body, logs, key, at);
        CHECK(step.keep.has_value() == (step.answer.status == 200));
        if (step.keep) {
            const auto head = parse_checkpoint_head(step.keep->text);
            logs[origin].size = head->size;
            logs[origin].root = head->root;
        }
        return step.answer;
    }
    WitnessAnswer ask(const WitnessRequest& request) { return ask(print(request)); }
};

}  // namespace

TEST_CASE("a request is read and written in one way only") {
    const Log log(300);
    const auto request = log.request(100, 300);
    const auto text = print(request);
    CHECK(text.starts_with("old 100\n"));
    REQUIRE(parse_witness_request(text));
    CHECK(*parse_witness_request(text) == request);
    const auto first = print(log.request(0, 1));
    CHECK(first.starts_with("old 0\n\nassurance.example/log\n1\n"));
    const auto hash = base::base64_encode(Hash{}) + "\n";
    std::string many = "old 1\n";
    for (std::size_t i = 0; i < witness_proof_hashes_max; ++i)
        many += hash;
    const auto note = "\n" + print(log.checkpoint(2));
    CHECK(parse_witness_request(many + note));
    REQUIRE_FALSE(parse_witness_request(many + hash + note));
    for (const auto& wrong :
         {std::string(), std::string("\n\n"), "old 01\n" + note, "old\n" + note, "old -1\n" + note,
          "old  1\n" + note, "new 1\n" + note, "old 1\nAAAA\n" + note, "old 1\n \n" + note,
          "old 1\r\n" + note, "old 1\n" + note + "\n", "old 18446744073709551616\n" + note,
          "old 1\n\n" + print(log.checkpoint(2)).substr(0, 60), std::string(70'000, 'x')}) {
        CHECK_MESSAGE(!parse_witness_request(wrong), wrong.substr(0, 80));
    }
}

TEST_CASE("a witness signs what continues the log, and its signature verifies") {
    const Log log(300);
    Witness witness(log);
    for (const auto& [from, size] : {std::pair{0u, 1u}, {1u, 100u}, {100u, 100u}, {100u, 300u}}) {
        const auto answer = witness.ask(log.request(from, size));
        REQUIRE(answer.status == 200);
        CHECK(answer.body.starts_with("\xe2\x80\x94 witness.example "));
        CHECK(answer.body.ends_with("\n"));
        const auto line =
            find_cosignature(log.checkpoint(size).text, answer.body, witness.key.verifier());
        REQUIRE(line);
        CHECK(cosigned_at({log.checkpoint(size).text, {*line}}, witness.key.verifier()) == at);
        CHECK(witness.logs[origin].size == size);
    }
}

TEST_CASE("an empty log may be witnessed, with the root of an empty tree only") {
    const Log log(1);
    Witness witness(log);
    CHECK(witness.ask(log.request(0, 0)).status == 200);
    auto request = log.request(0, 0);
    request.checkpoint.text = print(Checkpoint{origin, 0, Hash{}});
    request.checkpoint.signatures = {*sign_note(request.checkpoint.text, origin, log.key)};
    CHECK(witness.ask(request).status == 409);
}

TEST_CASE("a witness refuses each kind of wrong request with its own status") {
    const Log log(300), fork = [&] {
        Log out(300, 50);
        out.key = log.key;
        return out;
    }();
    Witness witness(log);
    REQUIRE(witness.ask(log.request(0, 100)).status == 200);
    CHECK(witness.ask("hello").status == 400);
    CHECK(witness.ask(log.request(200, 200)).status == 409);
    auto request = log.request(100, 300);
    request.old_size = 301;
    CHECK(witness.ask(request).status == 400);
    auto unknown = log.checkpoint(300);
    unknown.text.replace(0, origin.size(), "elsewhere.example/log");
    CHECK(witness.ask({100, {}, unknown}).status == 404);
    auto unsigned_one = log.request(100, 300);
    unsigned_one.checkpoint.signatures = {
        *sign_note(unsigned_one.checkpoint.text, origin, ed25519())};
    CHECK(witness.ask(unsigned_one).status == 403);
    // The proof of another history, a proof too many, a proof too few.
    CHECK(witness.ask(fork.request(100, 300)).status == 422);
    request = log.request(100, 300);
    request.proof.push_back(Hash{});
    CHECK(witness.ask(request).status == 422);
    request.proof.clear();
    CHECK(witness.ask(request).status == 422);
    // The same size with another root. Nothing that was refused changed what the witness knows.
    const auto conflict = witness.ask(fork.request(100, 100));
    CHECK(conflict.status == 409);
    CHECK(conflict.content_type != size_content_type);
    CHECK(witness.ask(log.request(100, 300)).status == 200);
    Witness fresh(log);
    request = log.request(0, 100);
    request.proof.push_back(Hash{});
    CHECK(fresh.ask(request).status == 422);
}

TEST_CASE("an old request that is sent again is told which size the witness saw last") {
    const Log log(300);
    Witness witness(log);
    const auto old = log.request(0, 100);
    REQUIRE(witness.ask(old).status == 200);
    REQUIRE(witness.ask(log.request(100, 300)).status == 200);
    for (const auto& request : {old, log.request(0, 300), log.request(100, 200)}) {
        const auto answer = witness.ask(request);
        CHECK(answer == WitnessAnswer{409, "text/x.tlog.size", "300\n"});
    }
    CHECK(witness.logs[origin].size == 300);
}

TEST_CASE("lines of other keys and extension lines do not hinder a witness") {
    const Log log(10);
    Witness witness(log);
    auto request = log.request(0, 10);
    request.checkpoint.text += "an extension\n";
    auto& lines = request.checkpoint.signatures;
    lines = {*sign_note(request.checkpoint.text, "somebody.example", ed25519()),
             *sign_note("another text\n", origin, log.key),
             *sign_note(request.checkpoint.text, origin, log.key)};
    const auto step = add_checkpoint(print(request), witness.logs, witness.key, at);
    CHECK(step.answer.status == 200);
    REQUIRE(step.keep);
    CHECK(step.keep->signatures.size() == 2);
    CHECK(is_signed_by(*step.keep, log.verifier()));
    CHECK(is_signed_by(*step.keep, witness.key.verifier()));
    CHECK_FALSE(parse_checkpoint_head("a\n1\n"));
    CHECK_FALSE(parse_checkpoint_head(print(log.checkpoint(10)) + "\n"));
}

TEST_CASE("a log gets a signature from a witness that it knows nothing of") {
    const Log log(300);
    Witness witness(log);
    int asked = 0;
    const AskWitness ask = [&](const std::string& body) -> base::Result<WitnessAnswer> {
        ++asked;
        return witness.ask(body);
    };
    for (const auto& [size, requests] : {std::pair{100u, 1}, {300u, 2}, {300u, 2}}) {
        asked = 0;
        const auto line =
            request_cosignature(log.tree, log.checkpoint(size), witness.key.verifier(), ask);
        REQUIRE(line);
        CHECK(line->name == "witness.example");
        CHECK(asked == requests);
    }
    const auto rolled_back =
        request_cosignature(log.tree, log.checkpoint(200), witness.key.verifier(), ask);
    REQUIRE_FALSE(rolled_back);
    CHECK(rolled_back.error().kind == base::ErrorKind::conflict);
    Log fork(400, 50);
    fork.key = log.key;
    const auto forked =
        request_cosignature(fork.tree, fork.checkpoint(400), witness.key.verifier(), ask);
    REQUIRE_FALSE(forked);
    CHECK(forked.error().kind == base::ErrorKind::conflict);
}

TEST_CASE("what is no answer of a witness is not taken for one") {
    const Log log(10);
    const Witness witness(log);
    const auto ask_with = [&](const WitnessAnswer& answer) {
        return request_cosignature(
            log.tree, log.checkpoint(10), witness.key.verifier(),
            [&](const auto&) -> base::Result<WitnessAnswer> { return answer; });
    };
    const auto by_another =
        add_checkpoint(print(log.request(0, 10)), witness.logs, {"witness.example", ed25519()}, at);
    for (const auto& answer : {WitnessAnswer{200, "", ""},
                               {200, "", "hello"},
                               by_another.answer,
                               {200, "", "\n\xe2\x80\x94 witness.example AAAA\n"},
                               {200, "", "more\n\n\xe2\x80\x94 witness.example AAAAAAAAAA==\n"},
                               {409, "text/plain", "5\n"},
                               {409, "text/x.tlog.size", "5"},
                               {409, "text/x.tlog.size", "x\n"},
                               {409, "text/x.tlog.size", "11\n"},
                               // For ever another size.
                               {409, "text/x.tlog.size", "5\n"},
                               {404, "text/plain", "no"},
                               {500, "", ""}}) {
        CHECK_MESSAGE(!ask_with(answer), answer.body);
    }
    const auto gone =
        request_cosignature(log.tree, log.checkpoint(10), witness.key.verifier(),
                            [](const auto&) -> base::Result<WitnessAnswer> {
                                return base::fail(base::ErrorKind::unreachable, "no route");
                            });
    REQUIRE_FALSE(gone);
    CHECK(gone.error().kind == base::ErrorKind::unreachable);
}

TEST_CASE("a witness in a folder remembers, and forgets nothing when it ends before answering") {
    const test::TemporaryFolder folder;
    const auto path = folder.path + "/witness";
    const Log log(300);
    REQUIRE(WitnessFolder::create(path, "witness.example"));
    CHECK_FALSE(WitnessFolder::create(path, "witness.example"));
    CHECK_FALSE(WitnessFolder::create(folder.path + "/other", "a name"));
    // Each answer comes from a new process.
    const auto ask = [&](const WitnessRequest& request) {
        const auto witness = WitnessFolder::open(path);
        REQUIRE(witness);
        return witness->answer(print(request), {log.verifier()}, at);
    };
    CHECK(ask(log.request(0, 100))->status == 200);
    // The answer was lost on its way: the same request again is told where the witness stands, and
    // from there the log gets the signature that it did not see.
    const auto again = ask(log.request(0, 100));
    CHECK(*again == WitnessAnswer{409, "text/x.tlog.size", "100\n"});
    CHECK(ask(log.request(100, 100))->status == 200);
    CHECK(ask(log.request(100, 100))->status == 200);
    CHECK(ask(log.request(100, 300))->status == 200);
    // State that cannot be read is an error, never a log that was not seen before.
    const auto kept = path + "/logs/" + crypto::sha256_hex(origin);
    REQUIRE(std::filesystem::exists(kept));
    REQUIRE(write_file(kept, print(log.checkpoint(10))));
    const auto broken = ask(log.request(0, 100));
    REQUIRE_FALSE(broken);
    CHECK(broken.error().kind == base::ErrorKind::malformed);
    // State that cannot be kept: no signature leaves.
    std::filesystem::remove(kept);
    std::filesystem::create_directory(kept + ".new");
    CHECK_FALSE(ask(log.request(0, 100)));
    std::filesystem::remove(kept + ".new");
    CHECK(ask(log.request(0, 100))->status == 200);
}

}  // namespace assay::prove
