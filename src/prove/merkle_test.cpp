#include "prove/merkle.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <string>

#include "base/text.hpp"

namespace assay::prove {

namespace {

constexpr std::uint64_t leaves = 300;

std::vector<Hash> hashes() {
    std::vector<Hash> out;
    for (std::uint64_t i = 0; i < leaves; ++i)
        out.push_back(leaf_hash("entry " + std::to_string(i)));
    return out;
}

Tree tree() {
    Tree out;
    for (const auto& hash : hashes())
        out.append(hash);
    return out;
}

// The definitions of RFC 9162, written down as they stand, over a list of leaves.
Hash root_of(std::span<const Hash> d) {
    if (d.empty()) return crypto::sha256(std::string_view());
    if (d.size() == 1) return d[0];
    const auto k = std::bit_ceil(d.size()) / 2;
    return node_hash(root_of(d.first(k)), root_of(d.subspan(k)));
}

std::vector<Hash> path_of(std::size_t m, std::span<const Hash> d) {
    if (d.size() == 1) return {};
    const auto k = std::bit_ceil(d.size()) / 2;
    auto out = m < k ? path_of(m, d.first(k)) : path_of(m - k, d.subspan(k));
    out.push_back(m < k ? root_of(d.subspan(k)) : root_of(d.first(k)));
    return out;
}

std::vector<Hash> subproof_of(std::size_t m, std::span<const Hash> d, bool b) {
    if (m == d.size()) return b ? std::vector<Hash>{} : std::vector{root_of(d)};
    const auto k = std::bit_ceil(d.size()) / 2;
    auto out = m <= k ? subproof_of(m, d.first(k), b) : subproof_of(m - k, d.subspan(k), false);
    out.push_back(m <= k ? root_of(d.subspan(k)) : root_of(d.first(k)));
    return out;
}

}  // namespace

TEST_CASE("roots and inclusion proofs are those of RFC 9162 for every tree up to 300 leaves") {
    const auto all = hashes();
    const auto log = tree();
    for (std::uint64_t size = 0; size <= leaves; ++size) {
        const std::span d(all.data(), size);
        const auto root = log.root(size);
        REQUIRE(root == root_of(d));
        for (std::uint64_t index = 0; index < size; ++index) {
            auto proof = log.inclusion_proof(index, size);
            if (size % 7 == 0) REQUIRE(proof == path_of(index, d));
            REQUIRE(verify_inclusion(all[index], index, size, proof, root));
            const auto other = (index + 1) % size;
            if (other != index) REQUIRE(!verify_inclusion(all[other], index, size, proof, root));
            if (size % 16 != 0) continue;
            REQUIRE(!verify_inclusion(all[index], other, size, proof, root));
            proof.push_back(root);
            REQUIRE(!verify_inclusion(all[index], index, size, proof, root));
            proof.pop_back();
            proof.pop_back();
            REQUIRE(!verify_inclusion(all[index], index, size, proof, root));
        }
    }
}

TEST_CASE("consistency proofs are those of RFC 9162 for every pair of trees up to 300 leaves") {
    const auto all = hashes();
    const auto log = tree();
    std::vector<Hash> roots;
    for (std::uint64_t size = 0; size <= leaves; ++size)
        roots.push_back(log.root(size));
    for (std::uint64_t size = 1; size <= leaves; ++size) {
        for (std::uint64_t from = 1; from <= size; ++from) {
            const auto proof = log.consistency_proof(from, size);
            if (size % 29 == 0) {
                REQUIRE(proof == subproof_of(from, std::span(all.data(), size), true));
            }
            REQUIRE(verify_consistency(from, roots[from], size, roots[size], proof));
            REQUIRE(!verify_consistency(from, roots[from - 1], size, roots[size], proof));
            if (from == size) continue;
            REQUIRE(!verify_consistency(from, roots[from], size, roots[size - 1], proof));
            if (proof.empty()) continue;
            REQUIRE(!verify_consistency(from, roots[from], size, roots[size],
                                        std::span(proof).first(proof.size() - 1)));
        }
    }
    CHECK(verify_consistency(0, roots[0], 5, roots[5], {}));
}

// The tree heads that RFC 6962 gives for its own example are built from these hashes.
TEST_CASE("the hash of an empty tree and of an empty leaf are the known ones") {
    CHECK(base::hex_encode(Tree().root(0)) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(base::hex_encode(leaf_hash("")) ==
          "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

}  // namespace assay::prove
