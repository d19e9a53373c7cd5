// The layout of a vault file: header and chunks. Private to the vault.
#pragma once

#include "document/file.hpp"
#include "document/vault_crypto.hpp"

namespace assay::document {

constexpr std::size_t vault_chunk_size = 64 * 1024;
constexpr std::size_t vault_sealed_chunk_size = vault_chunk_size + gcm_tag_size;
constexpr std::size_t vault_header_size = 116;
constexpr std::uint64_t vault_chunks_max = 0xFFFFFFFF;  // the counter in the nonce has 32 bits

struct VaultHeader {
    std::array<std::uint8_t, 8> master_id{};
    std::array<std::uint8_t, 8> nonce_prefix{};
    std::array<std::uint8_t, gcm_nonce_size> wrap_nonce{};
    std::array<std::uint8_t, 32 + gcm_tag_size> wrapped_key{};
    Digest sha256{};
};

std::array<std::uint8_t, 8> master_key_id(const SecretKey& master);

std::array<std::uint8_t, vault_header_size> print(const VaultHeader& header);
base::Result<VaultHeader> read_header(std::span<const std::uint8_t> bytes);

// Sets master_id, wrap_nonce and wrapped_key; the rest is bound by the associated data.
base::Result<void> wrap_key(VaultHeader& header, const SecretKey& master, const SecretKey& key);
base::Result<SecretKey> unwrap_key(const VaultHeader& header, const SecretKey& master);

base::Result<std::vector<std::uint8_t>> seal_chunk(const VaultHeader& header, const SecretKey& key,
                                                   std::uint64_t number, bool last,
                                                   std::span<const std::uint8_t> plain);
base::Result<std::vector<std::uint8_t>> unseal_chunk(const VaultHeader& header,
                                                     const SecretKey& key, std::uint64_t number,
                                                     bool last,
                                                     std::span<const std::uint8_t> sealed);

}  // namespace assay::document
