// JSON Web Signature in its compact form, ES256 only (RFC 7515, RFC 7518 section 3.4).
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "crypto/keys.hpp"

namespace assay::prove {

inline constexpr std::size_t jws_octets_max = 65'536;  // ours: a status list has some 10 kB
inline constexpr std::size_t json_depth_max = 8;       // ours: a certificate needs three

struct Jws {
    std::string type, key_id;  // of the protected header: "typ", "kid"
    boost::json::object payload;
    std::string signed_part;  // header.payload, as it was signed
    std::string signature;    // 64 bytes
};

// Refuses every algorithm but ES256 ("none" too), every type but `type`, and header members that
// it does not know: nothing may be read that was not looked at. Errors: malformed, limit.
base::Result<Jws> parse_jws(std::string_view text, std::string_view type);
bool verify(const Jws& jws, const crypto::PublicKey& key);
base::Result<std::string> sign_jws(const boost::json::object& payload, std::string_view type,
                                   std::string_view key_id, const crypto::PrivateKey& key);

}  // namespace assay::prove
