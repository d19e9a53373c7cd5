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

}  // namespace assay::crypto
