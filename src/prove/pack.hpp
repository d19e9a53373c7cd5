// The certificate pack: certificate, proof of logging and status, one JSON file that anyone can
// verify without a network.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "prove/certificate.hpp"
#include "prove/status_list.hpp"
#include "prove/tlog_proof.hpp"

namespace assay::prove {

inline constexpr std::string_view pack_schema = "assay.certificate-pack/1";
inline constexpr std::size_t pack_octets_max = 200'000;  // ours: it has some 3 kB

struct Pack {
    std::string certificate, proof, status;
    bool operator==(const Pack&) const = default;
};

// Strict: print(*parse_pack(text)) == text. The member "crc32" is over the three texts: it notices
// damage where no signature does, as in the line of a witness whom the reader does not know.
base::Result<Pack> parse_pack(std::string_view text);
std::string print(const Pack& pack);

// Whom a verifier believes. JSON: {"schema":"assay.trust/1","issuers":[JWK...],"log":"vkey",
// "witnesses":["vkey"...],"witnesses_needed":1}.
struct Issuer {
    std::string iss, key_id;
    crypto::PublicKey key;
};
struct Trust {
    std::vector<Issuer> issuers;
    Verifier log;
    std::vector<Verifier> witnesses;
    std::size_t witnesses_needed = 0;
};
base::Result<Trust> parse_trust(std::string_view text);  // errors: usage
std::string print(const Trust& trust);

enum class Verdict { good, expired, withdrawn, suspended, status_stale, not_genuine, not_logged };
std::string_view print(Verdict verdict);  // "status-stale"

struct Verification {
    Verdict verdict = Verdict::not_genuine;
    std::string reason;                               // a sentence for a person
    std::optional<Certificate> certificate;           // only if it is genuine
    std::optional<base::Moment> not_withdrawn_as_of;  // the time of the status that was believed
    std::optional<std::uint64_t> log_index;
    std::vector<std::string> seen_by;  // witnesses
};

// In this order: signature of a trusted issuer, dates, proof of logging, status. Where the
// certificate is not genuine nothing else is looked at. A status that is older than
// `status_age_max`, or that has ended, is stale.
Verification verify(std::string_view pack, const Trust& trust, base::Moment at,
                    std::chrono::seconds status_age_max);

}  // namespace assay::prove
