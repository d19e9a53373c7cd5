#include "crypto/aead.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

#include "base/assert.hpp"

namespace assay::crypto {

namespace {

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

std::unexpected<base::Error> openssl_failed() {
    return base::fail(base::ErrorKind::internal, "OpenSSL could not encrypt or decrypt");
}

int length_of(std::span<const std::uint8_t> bytes) {
    ASSAY_ASSERT(bytes.size() < (1U << 30));
    return static_cast<int>(bytes.size());
}

struct ChunkNames {
    std::array<std::uint8_t, gcm_nonce_size> nonce;
    std::array<std::uint8_t, 5> associated;
};

ChunkNames names_of(const NoncePrefix& prefix, Chunk chunk) {
    ASSAY_ASSERT(chunk.number <= stream_chunks_max);
    const std::array<std::uint8_t, 4> number{static_cast<std::uint8_t>(chunk.number >> 24),
                                             static_cast<std::uint8_t>(chunk.number >> 16),
                                             static_cast<std::uint8_t>(chunk.number >> 8),
                                             static_cast<std::uint8_t>(chunk.number)};
    ChunkNames out{};
    std::ranges::copy(number, std::ranges::copy(prefix, out.nonce.begin()).out);
    *std::ranges::copy(number, out.associated.begin()).out = chunk.last ? 1 : 0;
    return out;
}

}  // namespace

SecretKey::~SecretKey() {
    OPENSSL_cleanse(bytes.data(), bytes.size());
}

base::Result<std::vector<std::uint8_t>> seal(const SecretKey& key,
                                             std::span<const std::uint8_t, gcm_nonce_size> nonce,
                                             std::span<const std::uint8_t> associated,
                                             std::span<const std::uint8_t> plain) {
    const Cipher cipher(EVP_CIPHER_CTX_new());
    std::vector<std::uint8_t> out(plain.size() + gcm_tag_size);
    int count = 0;
    if (!cipher ||
        EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(),
                           nonce.data()) != 1 ||
        EVP_EncryptUpdate(cipher.get(), nullptr, &count, associated.data(),
                          length_of(associated)) != 1 ||
        EVP_EncryptUpdate(cipher.get(), out.data(), &count, plain.data(), length_of(plain)) != 1 ||
        EVP_EncryptFinal_ex(cipher.get(), out.data() + count, &count) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, static_cast<int>(gcm_tag_size),
                            out.data() + plain.size()) != 1) {
        return openssl_failed();
    }
    return out;
}

base::Result<std::vector<std::uint8_t>> unseal(const SecretKey& key,
                                               std::span<const std::uint8_t, gcm_nonce_size> nonce,
                                               std::span<const std::uint8_t> associated,
                                               std::span<const std::uint8_t> sealed) {
    if (sealed.size() < gcm_tag_size) {
        return base::fail(base::ErrorKind::malformed, "shorter than its authentication tag");
    }
    const auto body = sealed.first(sealed.size() - gcm_tag_size);
    std::array<std::uint8_t, gcm_tag_size> tag{};
    std::ranges::copy(sealed.last(gcm_tag_size), tag.begin());
    const Cipher cipher(EVP_CIPHER_CTX_new());
    std::vector<std::uint8_t> out(sealed.size());  // never empty: OpenSSL wants a place
    int count = 0;
    if (!cipher ||
        EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, key.bytes.data(),
                           nonce.data()) != 1 ||
        EVP_DecryptUpdate(cipher.get(), nullptr, &count, associated.data(),
                          length_of(associated)) != 1 ||
        EVP_DecryptUpdate(cipher.get(), out.data(), &count, body.data(), length_of(body)) != 1 ||
        EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, static_cast<int>(gcm_tag_size),
                            tag.data()) != 1) {
        return openssl_failed();
    }
    if (EVP_DecryptFinal_ex(cipher.get(), out.data() + body.size(), &count) != 1) {
        return base::fail(base::ErrorKind::malformed, "its authentication tag does not match");
    }
    out.resize(body.size());
    return out;
}

base::Result<std::vector<std::uint8_t>> seal_chunk(const SecretKey& key, const NoncePrefix& prefix,
                                                   Chunk chunk,
                                                   std::span<const std::uint8_t> plain) {
    const auto names = names_of(prefix, chunk);
    return seal(key, names.nonce, names.associated, plain);
}

base::Result<std::vector<std::uint8_t>> unseal_chunk(const SecretKey& key,
                                                     const NoncePrefix& prefix, Chunk chunk,
                                                     std::span<const std::uint8_t> sealed) {
    const auto names = names_of(prefix, chunk);
    return unseal(key, names.nonce, names.associated, sealed);
}

base::Result<void> fill_random(std::span<std::uint8_t> out) {
    if (RAND_bytes(out.data(), length_of(out)) == 1) return {};
    return base::fail(base::ErrorKind::internal, "OpenSSL has no random bytes");
}

}  // namespace assay::crypto
