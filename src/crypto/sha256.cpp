#include "crypto/sha256.hpp"

#include <openssl/evp.h>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace assay::crypto {

Sha256 sha256(std::span<const std::uint8_t> bytes) {
    Sha256 out{};
    // Fails only without memory.
    ASSAY_ASSERT(
        EVP_Digest(bytes.data(), bytes.size(), out.data(), nullptr, EVP_sha256(), nullptr) == 1);
    return out;
}

Sha256 sha256(std::string_view text) {
    return sha256({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::string sha256_hex(std::string_view text) {
    return base::hex_encode(sha256(text));
}

Sha256Sum::Sha256Sum() : context_(EVP_MD_CTX_new(), EVP_MD_CTX_free) {
    ASSAY_ASSERT(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr) == 1);
}

void Sha256Sum::update(std::span<const std::uint8_t> bytes) {
    ASSAY_ASSERT(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

Sha256 Sha256Sum::finish() {
    Sha256 out{};
    ASSAY_ASSERT(EVP_DigestFinal_ex(context_.get(), out.data(), nullptr) == 1);
    return out;
}

}  // namespace assay::crypto
