#include "document/vault_crypto.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "base/assert.hpp"

namespace assay::document {

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

}  // namespace

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    State() = default;
    State(const State&) = delete;
    ~State() { EVP_MD_CTX_free(context); }
};

SecretKey::~SecretKey() {
    OPENSSL_cleanse(bytes.data(), bytes.size());
}

Sha256::Sha256() : state_(std::make_unique<State>()) {
    ASSAY_ASSERT(EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr) == 1);
}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(std::span<const std::uint8_t> bytes) {
    ASSAY_ASSERT(EVP_DigestUpdate(state_->context, bytes.data(), bytes.size()) == 1);
}

Digest Sha256::finish() {
    Digest out{};
    ASSAY_ASSERT(EVP_DigestFinal_ex(state_->context, out.data(), nullptr) == 1);
    return out;
}

Digest sha256(std::span<const std::uint8_t> bytes) {
    Sha256 sum;
    sum.update(bytes);
    return sum.finish();
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

base::Result<void> fill_random(std::span<std::uint8_t> out) {
    if (RAND_bytes(out.data(), length_of(out)) == 1) return {};
    return base::fail(base::ErrorKind::internal, "OpenSSL has no random bytes");
}

}  // namespace assay::document
