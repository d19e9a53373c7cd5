#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "certify/scheme.hpp"

namespace assay::certify {

namespace {

std::string sha256_hex(std::string_view bytes) {
    std::array<std::uint8_t, 32> digest{};
    const auto done =
        EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
    ASSAY_ASSERT(done == 1);
    return base::hex_encode(digest);
}

std::string_view name_of(const SchemeFile& file) {
    const std::string_view path = file.path;
    return path.substr(path.rfind('/') + 1);
}

}  // namespace

// Each file counts as its name, its length and its text, so that no text can pass for another
// file's.
std::string scheme_hash(std::span<const SchemeFile> files) {
    std::vector<std::string> parts;
    for (const auto& file : files) {
        std::string part(name_of(file));
        part += '\n' + std::to_string(file.text.size()) + '\n' + file.text + '\n';
        parts.push_back(std::move(part));
    }
    std::ranges::sort(parts);
    return sha256_hex(base::join(parts, ""));
}

}  // namespace assay::certify
