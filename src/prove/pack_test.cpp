#include "prove/pack.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

namespace assay::prove {

namespace {

base::Moment moment(std::string_view text) {
    return *base::parse_moment(text);
}

// An authority with a log of some entries, two witnesses, and one certificate in it.
struct World {
    crypto::PrivateKey issuer = *crypto::PrivateKey::generate(crypto::KeyKind::p256);
    crypto::PrivateKey log = *crypto::PrivateKey::generate(crypto::KeyKind::ed25519);
    crypto::PrivateKey witness_a = *crypto::PrivateKey::generate(crypto::KeyKind::ed25519);
    crypto::PrivateKey witness_b = *crypto::PrivateKey::generate(crypto::KeyKind::ed25519);
    Tree tree;
    Certificate certificate{
        .iss = "https://assurance.example",
        .vct = "https://assurance.example/vct/connection-compliance/1",
        .jti = "psn-connection-2026-00001",
        .iat = moment("2026-03-02T09:00:00Z"),
        .nbf = moment("2026-03-02T09:00:00Z"),
        .exp = moment("2027-03-03T00:00:00Z"),
        .sub = "https://assurance.example/register/example-council",
        .organisation = "Example Borough Council",
        .organisation_type = "local_authority",
        .environment = "Main network",
        .statement = "All offices and the data centre",
        .sites = "12",
        .users_band = "1000-4999",
        .domains = {"example.gov.uk"},
        .scheme = "psn-connection",
        .scheme_version = "2026.11",
        .decided_on = "2026-03-02",
        .snapshot_sha256 = crypto::sha256_hex("snapshot"),
        .log_origin = "assurance.example/log",
        .status_uri = "https://assurance.example/status/1",
        .status_index = 4711,
    };
    std::string token, entry;
    std::uint64_t index = 0;
    base::Moment status_at = moment("2026-11-24T09:00:00Z");
    StatusList list{2, 16'384};

    explicit World(std::uint64_t entries = 100) {
        for (std::uint64_t i = 0; i < 800; ++i)
            list.set(i * 19, i % 2 == 0 ? 1 : 2);
        list.set(4711, 0);
        token = *sign_certificate(certificate, "2026", issuer);
        entry = log_entry(certificate, token);
        index = entries / 3;
        for (std::uint64_t i = 0; i < entries; ++i)
            tree.append(leaf_hash(i == index ? entry : "other " + std::to_string(i)));
    }
    Note checkpoint() const {
        Note out{
            prove::print(Checkpoint{certificate.log_origin, tree.size(), tree.root(tree.size())}),
            {}};
        out.signatures.push_back(*sign_note(out.text, certificate.log_origin, log));
        out.signatures.push_back(*cosign(out.text, "witness-a.example", witness_a, status_at));
        out.signatures.push_back(*cosign(out.text, "witness-b.example", witness_b, status_at));
        return out;
    }
    TlogProof proof() const {
        return {{}, index, tree.inclusion_proof(index, tree.size()), checkpoint()};
    }
    std::string status(std::string uri = "https://assurance.example/status/1") const {
        return *sign_status({.uri = std::move(uri),
                             .issued = status_at,
                             .expires = status_at + std::chrono::days(7),
                             .list = list},
                            "2026", issuer);
    }
    Pack pack() const { return {token, prove::print(proof()), status()}; }
    Trust trust() const {
        return {{{certificate.iss, "2026", issuer.public_key()}},
                {certificate.log_origin, NoteKind::ed25519, log.public_key()},
                {{"witness-a.example", NoteKind::cosignature, witness_a.public_key()},
                 {"witness-b.example", NoteKind::cosignature, witness_b.public_key()}},
                2};
    }
    Verification check(const Pack& pack, std::string_view at = "2026-11-24T10:00:00Z") const {
        return verify(prove::print(pack), trust(), moment(at), std::chrono::days(7));
    }
};

}  // namespace

TEST_CASE("a good pack is genuine, in date, logged, and not withdrawn as of a time") {
    const World world;
    const auto result = world.check(world.pack());
    CHECK(result.verdict == Verdict::good);
    CHECK(result.reason == "Genuine, in date, and not withdrawn as of 2026-11-24T09:00:00Z.");
    REQUIRE(result.certificate);
    CHECK(*result.certificate == world.certificate);
    CHECK(result.log_index == 33);
    CHECK(result.seen_by == std::vector<std::string>{"witness-a.example", "witness-b.example"});
}

TEST_CASE("one witness is not counted for two") {
    const World world;
    auto trust = world.trust();
    CHECK(parse_trust(print(trust)));
    trust.witnesses[1] = trust.witnesses[0];
    CHECK_FALSE(parse_trust(print(trust)));
    trust.witnesses[1].name = "another.example";
    CHECK_FALSE(parse_trust(print(trust)));
}

TEST_CASE("a certificate is issued, renews or amends another, and the log says which") {
    World world(1);
    const auto type = [&](std::string supersedes, bool amends) {
        world.certificate.supersedes = std::move(supersedes);
        world.certificate.amends = amends;
        const auto token = *sign_certificate(world.certificate, "2026", world.issuer);
        const auto read = parse_certificate(token);
        REQUIRE_MESSAGE(read, read.error().detail);
        CHECK(read->certificate == world.certificate);
        const auto entry = log_entry(read->certificate, token);
        return entry.substr(7, entry.find(',', 7) - 7);
    };
    CHECK(type("", false) == R"("t":"cert.issued")");
    CHECK(type("psn-connection-2025-00001", false) == R"("t":"cert.renewed")");
    CHECK(type("psn-connection-2025-00001", true) == R"("t":"cert.amended")");
}

TEST_CASE("a pack with two witnesses, of a log of 100,000 entries, has 3,000 bytes at most") {
    World world(100'000);
    // A status list as in a scheme's daily life: a few certificates of many are withdrawn.
    world.list = StatusList(2, 16'384);
    for (std::uint64_t i = 0; i < 60; ++i)
        world.list.set(i * 271, 1);
    const auto text = print(world.pack());
    const auto parts = world.pack();
    MESSAGE("the pack has " << text.size() << " bytes: certificate " << parts.certificate.size()
                            << ", proof " << parts.proof.size() << ", status "
                            << parts.status.size());
    CHECK(text.size() <= 3'000);
    CHECK(world.check(world.pack()).verdict == Verdict::good);
}

TEST_CASE("flipping any byte of a pack makes it not genuine or not logged, never good") {
    const World world(9);
    const auto text = print(world.pack());
    const auto trust = world.trust();
    const auto at = moment("2026-11-24T10:00:00Z");
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        auto changed = text;
        changed[i] = static_cast<char>(changed[i] ^ (1 << (i % 7)));
        const auto verdict = verify(changed, trust, at, std::chrono::days(7)).verdict;
        if (verdict != Verdict::not_genuine && verdict != Verdict::not_logged) ++wrong;
    }
    CHECK(wrong == 0);
}

TEST_CASE("flipping any byte of a part is seen also where the checksum is made right again") {
    const World world(9);
    const auto whole = world.pack();
    std::vector<std::string> good;
    for (std::string Pack::* part : {&Pack::certificate, &Pack::proof, &Pack::status}) {
        for (std::size_t i = 0; i < (whole.*part).size(); ++i) {
            auto changed = whole;
            (changed.*part)[i] = static_cast<char>((changed.*part)[i] ^ (1 << (i % 7)));
            const auto verdict = world.check(changed).verdict;
            if (verdict != Verdict::not_genuine && verdict != Verdict::not_logged)
                good.push_back((changed.*part).substr(i));
        }
    }
    CHECK(good.empty());
}

TEST_CASE("dates, withdrawal, suspension and old statuses have their own verdicts") {
    World world;
    CHECK(world.check(world.pack(), "2027-03-02T23:59:59Z").verdict == Verdict::status_stale);
    CHECK(world.check(world.pack(), "2027-03-03T00:00:00Z").verdict == Verdict::expired);
    CHECK(world.check(world.pack(), "2026-03-02T08:59:59Z").verdict == Verdict::not_genuine);
    // The status lives for seven days, and is believed for seven.
    CHECK(world.check(world.pack(), "2026-12-01T08:59:59Z").verdict == Verdict::good);
    CHECK(world.check(world.pack(), "2026-12-01T09:00:00Z").verdict == Verdict::status_stale);
    // A status of the future proves nothing of today.
    CHECK(world.check(world.pack(), "2026-11-24T08:00:00Z").verdict == Verdict::status_stale);
    world.list.set(4711, 2);
    CHECK(world.check(world.pack()).verdict == Verdict::suspended);
    world.list.set(4711, 1);
    CHECK(world.check(world.pack()).verdict == Verdict::withdrawn);
    CHECK(world.check(world.pack(), "2027-06-01T00:00:00Z").verdict == Verdict::withdrawn);
    CHECK(world.check(world.pack()).certificate.has_value());
    world.list.set(4711, 3);
    CHECK(world.check(world.pack()).verdict == Verdict::not_genuine);
}

TEST_CASE("attacks on the certificate end as not genuine, before anything else is looked at") {
    const World world;
    auto pack = world.pack();
    const auto parts = base::split(world.token, '.');
    const auto with_header = [&](std::string_view header) {
        return base::base64url_encode(header) + "." + std::string(parts[1]) + "." +
               std::string(parts[2]);
    };
    for (const std::string_view header :
         {R"({"alg":"none","typ":"dc+sd-jwt","kid":"2026"})",
          R"({"alg":"HS256","typ":"dc+sd-jwt","kid":"2026"})",
          R"({"alg":"ES256","typ":"JWT","kid":"2026"})",
          R"({"alg":"ES256","typ":"dc+sd-jwt","kid":"2025"})",
          R"({"alg":"ES256","typ":"dc+sd-jwt","kid":"2026","crit":["x"]})",
          R"({"alg":"ES256","typ":"dc+sd-jwt","kid":"2026","jwk":{}})"}) {
        pack.certificate = with_header(header);
        CHECK_MESSAGE(world.check(pack).verdict == Verdict::not_genuine, header);
        CHECK_FALSE(world.check(pack).certificate);
    }
    // A key of somebody else under the same id.
    const auto other = *crypto::PrivateKey::generate(crypto::KeyKind::p256);
    pack.certificate = *sign_certificate(world.certificate, "2026", other);
    CHECK(world.check(pack).verdict == Verdict::not_genuine);
    // The same number issued again, by the right key, with other contents: the log has another.
    auto changed = world.certificate;
    changed.organisation = "Somebody Else";
    pack.certificate = *sign_certificate(changed, "2026", world.issuer);
    CHECK(world.check(pack).verdict == Verdict::not_logged);
}

TEST_CASE("attacks on the status end as not genuine") {
    const World world;
    auto pack = world.pack();
    pack.status = world.status("https://assurance.example/status/2");
    CHECK(world.check(pack).verdict == Verdict::not_genuine);
    World small;
    small.issuer = world.issuer;
    small.list = StatusList(2, 100);
    pack.status = small.status();
    CHECK(world.check(pack).verdict == Verdict::not_genuine);
    small.issuer = *crypto::PrivateKey::generate(crypto::KeyKind::p256);
    pack.status = small.status();
    CHECK(world.check(pack).verdict == Verdict::not_genuine);
    pack.status = world.token;
    CHECK(world.check(pack).verdict == Verdict::not_genuine);
}

TEST_CASE("a status of another issuer says nothing, even if that issuer is trusted") {
    const World world;
    World other;
    other.certificate.iss = "https://other.example";
    auto trust = world.trust();
    for (const auto* key_id : {"2026", "other"}) {
        trust.issuers.resize(1);
        trust.issuers.push_back({other.certificate.iss, key_id, other.issuer.public_key()});
        auto pack = world.pack();
        pack.status = *sign_status({.uri = world.certificate.status_uri,
                                    .issued = world.status_at,
                                    .expires = world.status_at + std::chrono::days(7),
                                    .list = world.list},
                                   key_id, other.issuer);
        const auto result =
            verify(print(pack), trust, moment("2026-11-24T10:00:00Z"), std::chrono::days(7));
        CHECK(result.verdict == Verdict::not_genuine);
    }
}

TEST_CASE("the status of another certificate's list does not do for this one") {
    World world;
    auto other = world.certificate;
    other.jti = "psn-connection-2026-00002";
    other.status_uri = "https://assurance.example/status/2";
    // Here this certificate is withdrawn, and in the other's list its place is free.
    const auto free = world.list;
    world.list.set(4711, 1);
    auto pack = world.pack();
    REQUIRE(world.check(pack).verdict == Verdict::withdrawn);
    world.list = free;
    pack.status = world.status(other.status_uri);
    CHECK(world.check(pack).verdict == Verdict::not_genuine);
}

TEST_CASE(
    "an older status, from before the withdrawal, is believed no longer than its age allows") {
    World world;
    world.status_at = moment("2026-11-20T09:00:00Z");
    auto old = world.pack();
    world.status_at = moment("2026-11-24T09:00:00Z");
    world.list.set(4711, 1);
    CHECK(world.check(world.pack()).verdict == Verdict::withdrawn);
    const auto age = [&](int days) {
        return verify(print(old), world.trust(), moment("2026-11-24T10:00:00Z"),
                      std::chrono::days(days));
    };
    // Offline nobody can know more; so the reader is told of which time it speaks.
    CHECK(age(7).verdict == Verdict::good);
    CHECK(age(7).not_withdrawn_as_of == moment("2026-11-20T09:00:00Z"));
    CHECK(age(4).verdict == Verdict::status_stale);
    CHECK(world.check(old, "2026-11-27T09:00:00Z").verdict == Verdict::status_stale);
}

TEST_CASE("attacks on the proof: another log, no log signature, one witness, another entry") {
    const World world;
    const auto with = [&](const TlogProof& proof) {
        auto pack = world.pack();
        pack.proof = print(proof);
        return world.check(pack).verdict;
    };
    auto proof = world.proof();
    // A root without the signature of its log proves nothing.
    proof.checkpoint.signatures.erase(proof.checkpoint.signatures.begin());
    CHECK(with(proof) == Verdict::not_logged);
    proof = world.proof();
    proof.checkpoint.signatures.pop_back();
    CHECK(with(proof) == Verdict::not_logged);
    // A fork: the log signs another history, and the witnesses do not.
    World fork(50);
    fork.log = world.log;
    CHECK(with(fork.proof()) == Verdict::not_logged);
    // A line under a witness's key that does not verify.
    proof = world.proof();
    proof.checkpoint.signatures.back().bytes.back() ^= 1;
    CHECK(with(proof) == Verdict::not_genuine);
    // A witness whom the reader does not know is ignored.
    auto knows_one = world.trust();
    knows_one.witnesses.pop_back();
    knows_one.witnesses_needed = 1;
    CHECK(
        verify(print(world.pack()), knows_one, moment("2026-11-24T10:00:00Z"), std::chrono::days(7))
            .verdict == Verdict::good);
    proof = world.proof();
    proof.hashes.pop_back();
    CHECK(with(proof) == Verdict::not_logged);
    proof = world.proof();
    proof.index += 1;
    CHECK(with(proof) == Verdict::not_logged);
    World elsewhere;
    elsewhere.certificate.log_origin = "evil.example/log";
    CHECK(with(elsewhere.proof()) == Verdict::not_logged);
}

TEST_CASE("a trust file is read and written") {
    const World world;
    const auto text = print(world.trust());
    const auto again = parse_trust(text);
    REQUIRE(again);
    CHECK(print(*again) == text);
    for (const std::string wrong :
         {"", "[]", "{}", R"({"schema":"assay.trust/1","issuers":[]})",
          R"({"schema":"assay.trust/1","issuers":[{"kty":"EC","crv":"P-256","x":"AA"}]})"}) {
        CHECK_MESSAGE(!parse_trust(wrong), wrong);
    }
    auto needs_three = text;
    needs_three.replace(needs_three.find("needed\":2"), 9, "needed\":3");
    CHECK_FALSE(parse_trust(needs_three));
}

}  // namespace assay::prove
