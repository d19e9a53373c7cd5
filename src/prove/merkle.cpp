#include "prove/merkle.hpp"

#include <array>
#include <bit>

#include "base/assert.hpp"

namespace assay::prove {

Hash leaf_hash(std::string_view entry) {
    std::vector<std::uint8_t> bytes{0};
    bytes.insert(bytes.end(), entry.begin(), entry.end());
    return crypto::sha256(bytes);
}

Hash node_hash(const Hash& left, const Hash& right) {
    std::array<std::uint8_t, 65> bytes{1};
    std::copy(left.begin(), left.end(), bytes.begin() + 1);
    std::copy(right.begin(), right.end(), bytes.begin() + 33);
    return crypto::sha256(bytes);
}

void Tree::append(const Hash& leaf) {
    Hash hash = leaf;
    for (std::size_t level = 0;; ++level) {
        if (level == levels_.size()) levels_.emplace_back();
        levels_[level].push_back(hash);
        const auto count = levels_[level].size();
        if (count % 2 != 0) return;
        hash = node_hash(levels_[level][count - 2], levels_[level][count - 1]);
    }
}

const Hash& Tree::node(unsigned level, std::uint64_t index) const {
    ASSAY_ASSERT(level < levels_.size() && index < levels_[level].size());
    return levels_[level][index];
}

// `begin` is a multiple of the largest power of two below the length, as it always is in the
// recursions of RFC 9162.
Hash Tree::range(std::uint64_t begin, std::uint64_t end) const {
    const auto length = end - begin;
    if (std::has_single_bit(length)) {
        const auto level = static_cast<unsigned>(std::countr_zero(length));
        return node(level, begin >> level);
    }
    const auto half = std::bit_floor(length);
    return node_hash(range(begin, begin + half), range(begin + half, end));
}

Hash Tree::root(std::uint64_t size) const {
    ASSAY_ASSERT(size <= this->size());
    return size == 0 ? crypto::sha256(std::string_view()) : range(0, size);
}

// The largest power of two that is smaller than the length.
static std::uint64_t split(std::uint64_t length) {
    return std::bit_ceil(length) / 2;
}

void Tree::prove_inclusion(std::uint64_t index, std::uint64_t begin, std::uint64_t end,
                           std::vector<Hash>& out) const {
    if (end - begin == 1) return;
    const auto middle = begin + split(end - begin);
    if (index < middle) {
        prove_inclusion(index, begin, middle, out);
        out.push_back(range(middle, end));
    } else {
        prove_inclusion(index, middle, end, out);
        out.push_back(range(begin, middle));
    }
}

std::vector<Hash> Tree::inclusion_proof(std::uint64_t index, std::uint64_t size) const {
    ASSAY_ASSERT(index < size && size <= this->size());
    std::vector<Hash> out;
    prove_inclusion(index, 0, size, out);
    return out;
}

void Tree::prove_consistency(std::uint64_t from, std::uint64_t begin, std::uint64_t end, bool whole,
                             std::vector<Hash>& out) const {
    if (from == end) {
        if (!whole) out.push_back(range(begin, end));
        return;
    }
    const auto middle = begin + split(end - begin);
    if (from <= middle) {
        prove_consistency(from, begin, middle, whole, out);
        out.push_back(range(middle, end));
    } else {
        prove_consistency(from, middle, end, false, out);
        out.push_back(range(begin, middle));
    }
}

std::vector<Hash> Tree::consistency_proof(std::uint64_t from, std::uint64_t size) const {
    ASSAY_ASSERT(from > 0 && from <= size && size <= this->size());
    std::vector<Hash> out;
    prove_consistency(from, 0, size, true, out);
    return out;
}

bool verify_inclusion(const Hash& leaf, std::uint64_t index, std::uint64_t size,
                      std::span<const Hash> proof, const Hash& root) {
    if (index >= size) return false;
    std::uint64_t fn = index, sn = size - 1;
    Hash r = leaf;
    for (const auto& p : proof) {
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            r = node_hash(p, r);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            r = node_hash(r, p);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && r == root;
}

bool verify_consistency(std::uint64_t from, const Hash& from_root, std::uint64_t size,
                        const Hash& root, std::span<const Hash> proof) {
    if (from > size) return false;
    if (from == size) return proof.empty() && from_root == root;
    if (from == 0) return proof.empty();
    std::vector<Hash> path(proof.begin(), proof.end());
    if (std::has_single_bit(from)) path.insert(path.begin(), from_root);
    if (path.empty()) return false;
    std::uint64_t fn = from - 1, sn = size - 1;
    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    Hash fr = path[0], sr = path[0];
    for (std::size_t i = 1; i < path.size(); ++i) {
        const auto& c = path[i];
        if (sn == 0) return false;
        if ((fn & 1) != 0 || fn == sn) {
            fr = node_hash(c, fr);
            sr = node_hash(c, sr);
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            sr = node_hash(sr, c);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && fr == from_root && sr == root;
}

}  // namespace assay::prove
