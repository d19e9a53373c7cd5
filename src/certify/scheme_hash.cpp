#include <algorithm>

#include "base/text.hpp"
#include "certify/scheme.hpp"
#include "crypto/sha256.hpp"

namespace assay::certify {

namespace {

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
    return crypto::sha256_hex(base::join(parts, ""));
}

}  // namespace assay::certify
