#include "document/vault_file.hpp"

#include <algorithm>
#include <string_view>

#include "base/assert.hpp"

namespace assay::document {

namespace {

constexpr std::string_view magic = "ASSAYVL1";
constexpr std::size_t counter_size = 4;

using Bytes = std::vector<std::uint8_t>;

void append(Bytes& out, std::span<const std::uint8_t> bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

template <std::size_t size>
void take(std::span<const std::uint8_t>& from, std::array<std::uint8_t, size>& to) {
    std::ranges::copy(from.first(size), to.begin());
    from = from.subspan(size);
}

std::array<std::uint8_t, counter_size> counter_bytes(std::uint64_t number) {
    ASSAY_ASSERT(number <= vault_chunks_max);
    return {static_cast<std::uint8_t>(number >> 24), static_cast<std::uint8_t>(number >> 16),
            static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
}

std::array<std::uint8_t, gcm_nonce_size> chunk_nonce(const VaultHeader& header,
                                                     std::uint64_t number) {
    std::array<std::uint8_t, gcm_nonce_size> out{};
    std::ranges::copy(header.nonce_prefix, out.begin());
    std::ranges::copy(counter_bytes(number), out.begin() + header.nonce_prefix.size());
    return out;
}

Bytes chunk_associated(std::uint64_t number, bool last) {
    Bytes out;
    append(out, counter_bytes(number));
    out.push_back(last ? 1 : 0);
    return out;
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

std::array<std::uint8_t, 8> master_key_id(const SecretKey& master) {
    Sha256 sum;
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

base::Result<void> wrap_key(VaultHeader& header, const SecretKey& master, const SecretKey& key) {
    header.master_id = master_key_id(master);
    if (auto filled = fill_random(header.wrap_nonce); !filled) return filled;
    ASSAY_TRY(const auto sealed,
              seal(master, header.wrap_nonce, wrap_associated(header), key.bytes));
    std::ranges::copy(sealed, header.wrapped_key.begin());
    return {};
}

base::Result<SecretKey> unwrap_key(const VaultHeader& header, const SecretKey& master) {
    if (header.master_id != master_key_id(master)) {
        return base::fail(base::ErrorKind::usage,
                          "the document was sealed with another master key than the one given");
    }
    auto plain = unseal(master, header.wrap_nonce, wrap_associated(header), header.wrapped_key);
    if (!plain) {
        return base::fail(base::ErrorKind::malformed,
                          "the header is damaged: its key does not "
                          "open");
    }
    SecretKey out;
    std::ranges::copy(*plain, out.bytes.begin());
    std::ranges::fill(*plain, std::uint8_t{0});
    return out;
}

base::Result<Bytes> seal_chunk(const VaultHeader& header, const SecretKey& key,
                               std::uint64_t number, bool last,
                               std::span<const std::uint8_t> plain) {
    return seal(key, chunk_nonce(header, number), chunk_associated(number, last), plain);
}

base::Result<Bytes> unseal_chunk(const VaultHeader& header, const SecretKey& key,
                                 std::uint64_t number, bool last,
                                 std::span<const std::uint8_t> sealed) {
    return unseal(key, chunk_nonce(header, number), chunk_associated(number, last), sealed);
}

}  // namespace assay::document
