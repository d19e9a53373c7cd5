// Merkle tree hashes as transparency logs use them (RFC 6962 section 2.1, RFC 9162 section 2.1):
// leaf = SHA-256(00 || entry), node = SHA-256(01 || left || right).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "crypto/sha256.hpp"

namespace assay::prove {

using Hash = crypto::Sha256;
inline constexpr std::size_t proof_hashes_max = 64;  // a tree of 2^64 leaves

Hash leaf_hash(std::string_view entry);
Hash node_hash(const Hash& left, const Hash& right);

// An append-only tree that keeps the hash of every complete subtree: roots and proofs of any of its
// sizes cost a walk of logarithmic length. 64 bytes a leaf.
class Tree {
  public:
    void append(const Hash& leaf);
    std::uint64_t size() const { return levels_.empty() ? 0 : levels_[0].size(); }
    // Of the first `size` leaves; `size` <= size(). The root of an empty tree is SHA-256 of
    // nothing.
    Hash root(std::uint64_t size) const;
    // RFC 9162 section 2.1.3.1: `index` < `size` <= size().
    std::vector<Hash> inclusion_proof(std::uint64_t index, std::uint64_t size) const;
    // RFC 9162 section 2.1.4.1: 0 < `from` <= `size` <= size().
    std::vector<Hash> consistency_proof(std::uint64_t from, std::uint64_t size) const;
    // The hash of the complete subtree `index` of 2^level leaves.
    const Hash& node(unsigned level, std::uint64_t index) const;

  private:
    Hash range(std::uint64_t begin, std::uint64_t end) const;
    void prove_inclusion(std::uint64_t index, std::uint64_t begin, std::uint64_t end,
                         std::vector<Hash>& out) const;
    void prove_consistency(std::uint64_t from, std::uint64_t begin, std::uint64_t end, bool whole,
                           std::vector<Hash>& out) const;

    std::vector<std::vector<Hash>> levels_;  // levels_[l][i]: 2^l leaves from i * 2^l
};

// RFC 9162 section 2.1.3.2.
bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Hash> proof, const Hash& root);
// RFC 9162 section 2.1.4.2. Everything is consistent with the empty tree, by an empty proof.
bool verify_consistency(std::uint64_t from, const Hash& from_root, std::uint64_t size,
                        const Hash& root, std::span<const Hash> proof);

}  // namespace assay::prove
