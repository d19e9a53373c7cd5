// The DKIM public key record (RFC 6376 section 3.6.1, RFC 8301, RFC 8463).
#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"

namespace assay::codec::dkim {

inline constexpr unsigned rsa_bits_min =
    1024;  // RFC 8301 section 3.2: verifiers must not accept fewer
inline constexpr unsigned rsa_bits_advised = 2048;  // RFC 8301 section 3.2
inline constexpr unsigned rsa_bits_max =
    4096;  // RFC 8301 section 3.2: verifiers must accept up to this

enum class KeyType { rsa, ed25519, unknown };

struct KeyRecord {
    KeyType key_type = KeyType::rsa;
    std::string key_type_text = "rsa";
    std::vector<std::string> hashes;       // h=; empty: all allowed
    std::vector<std::string> services;     // s=; empty: all ("*")
    std::vector<std::string> flags;        // t=
    std::optional<std::string> notes;      // n=
    std::vector<std::uint8_t> public_key;  // p= decoded; empty: revoked
    unsigned key_bits = 0;  // RSA modulus, or 256; 0 when the key cannot be read or is revoked
    unsigned public_exponent = 0;  // RSA; 0 when larger than 32 bits or unknown

    bool is_revoked() const { return public_key.empty(); }
    bool is_testing() const;
    bool is_for_mail() const;  // s= allows "email"; verifiers of mail ignore other keys
    bool lists_service(std::string_view service) const;
    bool operator==(const KeyRecord&) const = default;
};

// A key record need not say v=DKIM1, so this is weaker than elsewhere: v=DKIM1 first, or a p= tag
// is present.
bool claims(std::string_view text);

// Rules: bad-syntax, duplicate-tag, bad-version, version-not-first, missing-key, bad-base64,
// bad-key, unknown-key-type, weak-key, short-key, long-key, sha1-only, no-usable-hash (section
// 6.1.2), not-for-mail, unknown-hash, unknown-service, unknown-flag, unknown-tag, empty-tag,
// control-byte. `record` is empty when a verifier must ignore the text (bad version, bad tag list,
// no p).
base::Linted<KeyRecord> lint(std::string_view text);
bool is_live(std::string_view text);  // a key that was not revoked, and is for mail
bool is_error(const base::Fault& fault);
std::expected<KeyRecord, base::Fault> parse(std::string_view text);
std::string print(const KeyRecord& record);

// Reads an RSA public key: SubjectPublicKeyInfo, or the bare RSAPublicKey that some publish. Strict
// DER, no OpenSSL.
struct RsaKey {
    unsigned bits = 0;
    unsigned exponent = 0;
};
std::optional<RsaKey> read_rsa_key(const std::vector<std::uint8_t>& der);

}  // namespace assay::codec::dkim
