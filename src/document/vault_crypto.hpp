// The three things that documents need of OpenSSL: SHA-256, AES-256-GCM, random bytes.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.hpp"

namespace assay::document {

using Digest = std::array<std::uint8_t, 32>;  // SHA-256

// Key material; erased when it goes out of scope.
struct SecretKey {
    std::array<std::uint8_t, 32> bytes{};
    SecretKey() = default;
    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;
    ~SecretKey();
};

// Bytes in pieces; finish() once, at the end.
class Sha256 {
  public:
    Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    ~Sha256();
    void update(std::span<const std::uint8_t> bytes);
    Digest finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

Digest sha256(std::span<const std::uint8_t> bytes);

constexpr std::size_t gcm_nonce_size = 12;
constexpr std::size_t gcm_tag_size = 16;

// The cipher text with the tag behind it.
base::Result<std::vector<std::uint8_t>> seal(const SecretKey& key,
                                             std::span<const std::uint8_t, gcm_nonce_size> nonce,
                                             std::span<const std::uint8_t> associated,
                                             std::span<const std::uint8_t> plain);

// Error malformed when key, nonce, associated data or one bit of the text differ.
base::Result<std::vector<std::uint8_t>> unseal(const SecretKey& key,
                                               std::span<const std::uint8_t, gcm_nonce_size> nonce,
                                               std::span<const std::uint8_t> associated,
                                               std::span<const std::uint8_t> sealed);

base::Result<void> fill_random(std::span<std::uint8_t> out);

}  // namespace assay::document
