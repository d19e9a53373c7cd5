#include "crypto/aead.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.hpp"
#include "crypto/sha256.hpp"

namespace assay::crypto {

namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes(std::string_view hex) {
    return base::hex_decode(hex).value();
}

template <std::size_t size>
std::array<std::uint8_t, size> array_of(std::string_view hex) {
    std::array<std::uint8_t, size> out{};
    const auto all = bytes(hex);
    REQUIRE(all.size() == size);
    std::ranges::copy(all, out.begin());
    return out;
}

SecretKey key_of(std::string_view hex) {
    SecretKey out;
    out.bytes = array_of<32>(hex);
    return out;
}

constexpr const char* key_hex = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
constexpr const char* nonce_hex = "cafebabefacedbaddecaf888";

const NoncePrefix prefix{1, 2, 3, 4, 5, 6, 7, 8};

// A stream of three chunks, the last of which is short.
std::vector<Bytes> stream(const SecretKey& key) {
    std::vector<Bytes> out;
    const std::vector<Bytes> plain{{1, 1, 1, 1}, {2, 2, 2, 2}, {3}};
    for (std::uint64_t i = 0; i < plain.size(); ++i)
        out.push_back(seal_chunk(key, prefix, {i, i + 1 == plain.size()}, plain[i]).value());
    return out;
}

bool opens(const SecretKey& key, const std::vector<Bytes>& chunks) {
    for (std::uint64_t i = 0; i < chunks.size(); ++i) {
        const auto opened = unseal_chunk(key, prefix, {i, i + 1 == chunks.size()}, chunks[i]);
        if (!opened) {
            CHECK(opened.error().kind == base::ErrorKind::malformed);
            return false;
        }
    }
    return true;
}

}  // namespace

// Test cases 13 and 16 of "The Galois/Counter Mode of Operation", which NIST SP 800-38D cites.
TEST_CASE("AES-256-GCM gives what its specification's examples say") {
    const SecretKey zero;
    CHECK(base::hex_encode(seal(zero, std::array<std::uint8_t, 12>{}, {}, {}).value()) ==
          "530f8afbc74536b9a963b4f1c4cb738b");
    const auto sealed = seal(
        key_of(key_hex), array_of<12>(nonce_hex), bytes("feedfacedeadbeeffeedfacedeadbeefabaddad2"),
        bytes("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809"
              "532fcf0e2449a6b525b16aedf5aa0de657ba637b39"));
    CHECK(base::hex_encode(sealed.value()) ==
          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b10"
          "56828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b");
}

TEST_CASE("what was sealed opens with the same key, nonce and data, and with no others") {
    const auto key = key_of(key_hex);
    const auto nonce = array_of<12>(nonce_hex);
    const Bytes plain{'t', 'e', 'x', 't'}, data{'d'};
    const auto sealed = seal(key, nonce, data, plain).value();
    CHECK(unseal(key, nonce, data, sealed) == plain);
    const auto fails = [](const base::Result<Bytes>& result) {
        return !result && result.error().kind == base::ErrorKind::malformed;
    };
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        auto changed = sealed;
        changed[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
        CHECK(fails(unseal(key, nonce, data, changed)));
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        CHECK(fails(unseal(key, nonce, data, std::span(sealed).first(size))));
    auto longer = sealed;
    longer.push_back(0);
    CHECK(fails(unseal(key, nonce, data, longer)));
    CHECK(fails(unseal(SecretKey(), nonce, data, sealed)));
    CHECK(fails(unseal(key, array_of<12>("000000000000000000000000"), data, sealed)));
    CHECK(fails(unseal(key, nonce, {}, sealed)));
}

TEST_CASE("a stream that was cut, swapped, repeated or lengthened does not open") {
    const auto key = key_of(key_hex);
    const auto all = stream(key);
    CHECK(opens(key, all));
    CHECK(!opens(key, {all[0], all[1]}));
    CHECK(!opens(key, {all[0]}));
    CHECK(!opens(key, {all[1], all[0], all[2]}));
    CHECK(!opens(key, {all[0], all[0], all[2]}));
    CHECK(!opens(key, {all[0], all[2]}));
    CHECK(!opens(key, {all[0], all[1], all[2], all[2]}));
    CHECK(!opens(SecretKey(), all));
    const NoncePrefix other{};
    CHECK(!unseal_chunk(key, other, {0, false}, all[0]));
}

TEST_CASE("random bytes are not the same twice") {
    std::array<std::uint8_t, 32> a{}, b{};
    CHECK(fill_random(a));
    CHECK(fill_random(b));
    CHECK(a != b);
}

TEST_CASE("SHA-256 of a text in pieces is that of the whole") {
    const std::string text(1'000, 'a');
    for (const std::size_t step : {1UL, 63UL, 64UL, 65UL, 1'000UL}) {
        Sha256Sum sum;
        for (std::size_t at = 0; at < text.size(); at += step) {
            const auto part = text.substr(at, step);
            sum.update({reinterpret_cast<const std::uint8_t*>(part.data()), part.size()});
        }
        CHECK(sum.finish() == sha256(text));
    }
    // FIPS 180-4, the example "abc".
    CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

}  // namespace assay::crypto
