#include "prove/note.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"
#include "prove/tlog_proof.hpp"

namespace assay::prove {

namespace {

crypto::PrivateKey ed25519() {
    return *crypto::PrivateKey::generate(crypto::KeyKind::ed25519);
}

const std::string text = "example.com/log\n7\n" + base::base64_encode(Hash{}) + "\n";

}  // namespace

TEST_CASE("the examples of C2SP signed-note verify, and a wrong key does not parse") {
    const std::string_view key =
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
    const auto verifier = parse_verifier(key);
    REQUIRE(verifier);
    CHECK(print(*verifier) == key);
    CHECK(verifier->id() == 0x530d903a);
    const std::string example =
        "This is an example message.\n\n\xe2\x80\x94 example.com/foo "
        "Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQ"
        "M="
        "\n";
    const auto note = parse_note(example);
    REQUIRE(note);
    CHECK(print(*note) == example);
    CHECK(note->text == "This is an example message.\n");
    CHECK(is_signed_by(*note, *verifier));
    auto changed = *note;
    changed.text = "This is an example massage.\n";
    CHECK_FALSE(is_signed_by(changed, *verifier));
    for (const std::string_view wrong :
         {"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
          "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
          "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2", "", "++",
          "a+b+c"})
        CHECK_MESSAGE(!parse_verifier(wrong), wrong);
}

TEST_CASE("a note is signed and cosigned, and any change of it is seen") {
    const auto log = ed25519(), witness = ed25519();
    const auto at = *base::parse_moment("2026-11-24T10:00:00Z");
    Note note{text, {}};
    note.signatures.push_back(*sign_note(text, "example.com/log", log));
    note.signatures.push_back(*cosign(text, "witness.example", witness, at));
    const Verifier by_log{"example.com/log", NoteKind::ed25519, log.public_key()};
    const Verifier by_witness{"witness.example", NoteKind::cosignature, witness.public_key()};
    CHECK(is_signed_by(note, by_log));
    CHECK(cosigned_at(note, by_witness) == at);
    const auto printed = print(note);
    const auto again = parse_note(printed);
    REQUIRE(again);
    CHECK(*again == note);
    for (std::size_t i = 0; i < printed.size(); ++i) {
        auto changed = printed;
        changed[i] = static_cast<char>(changed[i] ^ 1);
        const auto read = parse_note(changed);
        if (!read) continue;
        CHECK_FALSE((is_signed_by(*read, by_log) && is_signed_by(*read, by_witness)));
    }
    // A key of one kind does not verify a line of the other.
    CHECK_FALSE(is_signed_by(note, {"witness.example", NoteKind::ed25519, witness.public_key()}));
    const auto read_again = parse_verifier(print(by_witness));
    REQUIRE(read_again);
    CHECK(read_again->id() == by_witness.id());
}

TEST_CASE("what is no note or no checkpoint is refused") {
    for (const auto wrong :
         {"", "\n", "text\n", "text\n\n", "text\n\nx\n", "text\n\n\xe2\x80\x94 name\n",
          "text\n\n\xe2\x80\x94 name AAAA\n", "text\n\n\xe2\x80\x94 name AAAAAAA\n",
          "text\n\n\xe2\x80\x94 na+me AAAAAAAA\n", "text\n\n\xe2\x80\x94 name AAAAAAAA"}) {
        CHECK_MESSAGE(!parse_note(wrong), wrong);
    }
    CHECK(parse_checkpoint(text)->size == 7);
    for (const std::string& wrong :
         {std::string("log\n07\n") + base::base64_encode(Hash{}) + "\n",
          std::string("log\n7\nAAAA\n"), std::string("log\n7\n"), text + "more\n",
          std::string("\n7\n") + base::base64_encode(Hash{}) + "\n",
          std::string("log\n-1\n") + base::base64_encode(Hash{}) + "\n"}) {
        CHECK_MESSAGE(!parse_checkpoint(wrong), wrong);
    }
}

TEST_CASE("a proof of logging is read and written in one way only") {
    const auto log = ed25519();
    TlogProof proof{.extra = "{\"v\":1}",
                    .index = 5,
                    .hashes = {leaf_hash("a"), leaf_hash("b")},
                    .checkpoint = {text, {*sign_note(text, "example.com/log", log)}}};
    const auto printed = print(proof);
    CHECK(printed.starts_with("c2sp.org/tlog-proof@v1\nextra eyJ2IjoxfQ==\nindex 5\n"));
    REQUIRE(parse_tlog_proof(printed));
    CHECK(*parse_tlog_proof(printed) == proof);
    proof.extra.clear();
    proof.hashes.clear();
    CHECK(*parse_tlog_proof(print(proof)) == proof);
    for (std::string wrong : {"", "c2sp.org/tlog-proof@v1\n", "c2sp.org/tlog-proof@v2\nindex 5\n",
                              "c2sp.org/tlog-proof@v1\nindex 05\n\n", "index 1\n"}) {
        CHECK_MESSAGE(!parse_tlog_proof(wrong), wrong);
    }
    CHECK_FALSE(parse_tlog_proof(printed + "\n"));
}

}  // namespace assay::prove
