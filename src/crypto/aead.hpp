// AES-256-GCM (NIST SP 800-38D): one piece, or a stream in chunks that nobody can cut, swap or
// lengthen; and random bytes.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "base/result.hpp"

namespace assay::crypto {

// Key material; erased when it goes out of scope.
struct SecretKey {
    std::array<std::uint8_t, 32> bytes{};
    SecretKey() = default;
    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;
    ~SecretKey();
};

inline constexpr std::size_t gcm_nonce_size = 12;
inline constexpr std::size_t gcm_tag_size = 16;

// The cipher text with the tag behind it. A key must never see the same nonce twice.
base::Result<std::vector<std::uint8_t>> seal(const SecretKey& key,
                                             std::span<const std::uint8_t, gcm_nonce_size> nonce,
                                             std::span<const std::uint8_t> associated,
                                             std::span<const std::uint8_t> plain);

// Error malformed when key, nonce, associated data or one bit of the text differ.
base::Result<std::vector<std::uint8_t>> unseal(const SecretKey& key,
                                               std::span<const std::uint8_t, gcm_nonce_size> nonce,
                                               std::span<const std::uint8_t> associated,
                                               std::span<const std::uint8_t> sealed);

// A stream is sealed chunk by chunk with a key of its own: nonce = prefix || number, associated
// data = number || last?. So a cut, a swapped or a repeated chunk is found.
using NoncePrefix = std::array<std::uint8_t, 8>;
inline constexpr std::uint64_t stream_chunks_max = 0xFFFFFFFF;  // the number has 32 bits

struct Chunk {
    std::uint64_t number = 0;  // from 0
    bool last = false;
};

base::Result<std::vector<std::uint8_t>> seal_chunk(const SecretKey& key, const NoncePrefix& prefix,
                                                   Chunk chunk,
                                                   std::span<const std::uint8_t> plain);
// Error malformed as above.
base::Result<std::vector<std::uint8_t>> unseal_chunk(const SecretKey& key,
                                                     const NoncePrefix& prefix, Chunk chunk,
                                                     std::span<const std::uint8_t> sealed);

base::Result<void> fill_random(std::span<std::uint8_t> out);

}  // namespace assay::crypto
