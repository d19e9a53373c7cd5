// The layout of a vault file: a header, then chunks (crypto/aead.hpp). Private to the vault.
#pragma once

#include "crypto/aead.hpp"
#include "crypto/sha256.hpp"
#include "document/file.hpp"

namespace assay::document {

constexpr std::size_t vault_chunk_size = 64 * 1024;
constexpr std::size_t vault_sealed_chunk_size = vault_chunk_size + crypto::gcm_tag_size;
constexpr std::size_t vault_header_size = 116;

struct VaultHeader {
    std::array<std::uint8_t, 8> master_id{};
    crypto::NoncePrefix nonce_prefix{};
    std::array<std::uint8_t, crypto::gcm_nonce_size> wrap_nonce{};
    std::array<std::uint8_t, 32 + crypto::gcm_tag_size> wrapped_key{};
    crypto::Sha256 sha256{};
};

std::array<std::uint8_t, 8> master_key_id(const crypto::SecretKey& master);

std::array<std::uint8_t, vault_header_size> print(const VaultHeader& header);
base::Result<VaultHeader> read_header(std::span<const std::uint8_t> bytes);

// Sets master_id, wrap_nonce and wrapped_key; the rest is bound by the associated data.
base::Result<void> wrap_key(VaultHeader& header, const crypto::SecretKey& master,
                            const crypto::SecretKey& key);
base::Result<crypto::SecretKey> unwrap_key(const VaultHeader& header,
                                           const crypto::SecretKey& master);

}  // namespace assay::document
