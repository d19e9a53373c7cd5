// Keys that sign: P-256 for certificates (ES256, RFC 7518 section 3.4), Ed25519 for the log
// (RFC 8032). Private keys are PKCS#8 PEM files that only their owner can read.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct evp_pkey_st;

namespace assay::crypto {

enum class KeyKind { p256, ed25519 };

using Signature = std::array<std::uint8_t, 64>;  // r || s, or R || S

// 64 bytes x || y for P-256, 32 bytes for Ed25519.
class PublicKey {
  public:
    // Error: malformed (not a point of the curve, or of another length).
    static base::Result<PublicKey> from_bytes(KeyKind kind, std::span<const std::uint8_t> bytes);

    KeyKind kind() const { return kind_; }
    const std::string& bytes() const { return bytes_; }
    bool verify(std::string_view message, std::span<const std::uint8_t> signature) const;

  private:
    friend class PrivateKey;
    KeyKind kind_ = KeyKind::ed25519;
    std::string bytes_;
    std::shared_ptr<evp_pkey_st> key_;
};

class PrivateKey {
  public:
    static base::Result<PrivateKey> generate(KeyKind kind);
    static base::Result<PrivateKey> from_pem(std::string_view pem);

    KeyKind kind() const { return public_.kind(); }
    const PublicKey& public_key() const { return public_; }
    base::Result<Signature> sign(std::string_view message) const;
    base::Result<std::string> pem() const;

  private:
    base::Result<void> adopt(evp_pkey_st* key);
    PublicKey public_;
    std::shared_ptr<evp_pkey_st> key_;
};

// Refuses a file that its group or others may read or write. Errors: usage.
base::Result<PrivateKey> read_key_file(const std::string& path);
// Never overwrites. On the disk when it returns. Errors: usage.
base::Result<void> write_key_file(const std::string& path, const PrivateKey& key);

}  // namespace assay::crypto
