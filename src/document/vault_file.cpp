#include "document/vault_file.hpp"

#include <algorithm>
#include <string_view>

#include "base/assert.hpp"

namespace assay::document {

namespace {

constexpr std::string_view magic = "ASSAYVL1";

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& out, std::span<const std::uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

template <std::size_t size>
void take(std::span<const std::uint8_t>& from, std::array<std::uint8_t, size>& to) {
    std::ranges::copy(from.first(size), to.begin());
    from = from.subspan(size);
}

// Binds the wrapped key to this content and this master key, so that no header fits another file.
Bytes wrap_associated(const VaultHeader& header) {
    Bytes out;
    append(out, as_bytes(magic));
    append(out, header.master_id);
    append(out, header.nonce_prefix);
    append(out, header.sha256);
    return out;
}

}  // namespace

std::array<std::uint8_t, 8> master_key_id(const crypto::SecretKey& master) {
    crypto::Sha256Sum sum;
    sum.update(as_bytes("assay vault master key id"));
    sum.update(master.bytes);
    const auto digest = sum.finish();
    std::array<std::uint8_t, 8> out{};
    std::copy_n(digest.begin(), out.size(), out.begin());
    return out;
}

std::array<std::uint8_t, vault_header_size> print(const VaultHeader& header) {
    Bytes bytes;
    append(bytes, as_bytes(magic));
    append(bytes, header.master_id);
    append(bytes, header.nonce_prefix);
    append(bytes, header.wrap_nonce);
    append(bytes, header.wrapped_key);
    append(bytes, header.sha256);
    std::array<std::uint8_t, vault_header_size> out{};
    ASSAY_ASSERT(bytes.size() == out.size());
    std::ranges::copy(bytes, out.begin());
    return out;
}

base::Result<VaultHeader> read_header(std::span<const std::uint8_t> bytes) {
    if (bytes.size() < vault_header_size) {
        return base::fail(base::ErrorKind::malformed, "the file is cut off within its header");
    }
    if (!std::ranges::equal(bytes.first(magic.size()), as_bytes(magic))) {
        return base::fail(base::ErrorKind::malformed, "the file does not start as a vault file");
    }
    VaultHeader out;
    auto rest = bytes.subspan(magic.size());
    take(rest, out.master_id);
    take(rest, out.nonce_prefix);
    take(rest, out.wrap_nonce);
    take(rest, out.wrapped_key);
    take(rest, out.sha256);
    return out;
}

base::Result<void> wrap_key(VaultHeader& header, const crypto::SecretKey& master,
                            const crypto::SecretKey& key) {
    header.master_id = master_key_id(master);
    if (auto filled = crypto::fill_random(header.wrap_nonce); !filled) return filled;
    ASSAY_TRY(const auto sealed,
              crypto::seal(master, header.wrap_nonce, wrap_associated(header), key.bytes));
    std::ranges::copy(sealed, header.wrapped_key.begin());
    return {};
}

base::Result<crypto::SecretKey> unwrap_key(const VaultHeader& header,
                                           const crypto::SecretKey& master) {
    if (header.master_id != master_key_id(master)) {
        return base::fail(base::ErrorKind::usage,
                          "the document was sealed with another master key than the one given");
    }
    auto plain =
        crypto::unseal(master, header.wrap_nonce, wrap_associated(header), header.wrapped_key);
    if (!plain) {
        return base::fail(base::ErrorKind::malformed,
                          "the header is damaged: its key does not "
                          "open");
    }
    crypto::SecretKey out;
    std::ranges::copy(*plain, out.bytes.begin());
    std::ranges::fill(*plain, std::uint8_t{0});
    return out;
}

}  // namespace assay::document
