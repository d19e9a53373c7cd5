// The certificate itself: an SD-JWT VC without disclosures (RFC 9901; draft-ietf-oauth-sd-jwt-vc),
// that is, a signed token and "~". No personal data.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "prove/jws.hpp"

namespace assay::prove {

inline constexpr std::string_view certificate_type = "dc+sd-jwt";

struct Certificate {
    std::string iss;  // https origin of the authority
    std::string vct;  // iss + "/vct/connection-compliance/1"
    std::string jti;  // the certificate's number
    base::Moment iat{}, nbf{}, exp{};
    std::string sub;  // the organisation's page in the register
    std::string organisation, organisation_type, registration;
    bool whole = true;  // scope: the whole organisation, or a part
    std::string environment, statement, sites, users_band;
    std::vector<std::string> domains;
    std::string scheme, scheme_version;
    std::string decided_on, snapshot_sha256;
    std::vector<std::string> conditions;
    std::string supersedes;  // the number of the certificate before; may be empty
    bool amends = false;     // it says anew what `supersedes` is about; else it renews it
    std::string log_origin;
    std::string status_uri;
    std::uint64_t status_index = 0;
    bool operator==(const Certificate&) const = default;
};

base::Result<std::string> sign_certificate(const Certificate& certificate, std::string_view key_id,
                                           const crypto::PrivateKey& key);

// The line of the public log for this certificate, made from nothing but the certificate: who has
// it can make the line again and look it up, so that the line need not travel with it.
// {"v":1,"t":"cert.issued"|"cert.renewed"|"cert.amended","at":...,"cert":...,"org":...,
// "jwt_sha256":...,...}
std::string log_entry(const Certificate& certificate, std::string_view token);

struct SignedCertificate {
    Certificate certificate;
    Jws jws;
};
// Not yet verified. Errors: malformed, limit.
base::Result<SignedCertificate> parse_certificate(std::string_view text);

}  // namespace assay::prove
