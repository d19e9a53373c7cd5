// The authority that issues: its name, its keys, its log and register as files that anyone may
// copy.
//
// Folder: authority.json, keys/issuer-<id>.pem (P-256), keys/log.pem (Ed25519), public/
// (checkpoint, checkpoint.witnessed, tile/, register.json, status.jwt, trust.json), lock.
#pragma once

#include <memory>
#include <span>

#include "certify/issuing.hpp"
#include "certify/register.hpp"
#include "certify/store.hpp"
#include "prove/log_directory.hpp"
#include "prove/pack.hpp"
#include "prove/status_list.hpp"
#include "prove/witness_client.hpp"

namespace assay::certify {

struct WitnessAddress {
    std::string url;  // add-checkpoint stands below it: "https://witness.example"
    std::string key;  // its verifier key
};
BOOST_DESCRIBE_STRUCT(WitnessAddress, (), (url, key))

struct AuthorityName {
    std::string origin;      // "https://assurance.example"; no final slash
    std::string log_origin;  // "assurance.example/log"
    std::string issuer_key;  // id of the key that signs now
    // Signed before: certificates of `former_keys` are still believed, of `retired_keys` no more.
    std::vector<std::string> former_keys, retired_keys;
    std::vector<WitnessAddress> witnesses;
    std::size_t witnesses_needed = 0;
};
BOOST_DESCRIBE_STRUCT(AuthorityName, (),
                      (origin, log_origin, issuer_key, former_keys, retired_keys, witnesses,
                       witnesses_needed))

// What the witnesses said of the newest checkpoint.
struct Cosigning {
    std::uint64_t size = 0;             // entries in the log
    std::vector<std::string> seen_by;   // names of those whose signature it carries now
    std::vector<base::Error> failures;  // a witness that did not sign this time, and why
    bool enough = false;                // as many as the trust file needs
};

class Authority : public Issuing {
  public:
    // Makes folder, keys and files; refuses where there are some. Error: usage.
    static base::Result<void> create(const std::string& folder, const std::string& origin,
                                     base::Moment at);
    static base::Result<Authority> open(const std::string& folder);
    // Signs with a new key from now on; the one before stays among those that are believed, until
    // it is retired. Its id.
    static base::Result<std::string> rotate(const std::string& folder, base::Moment at);
    // Refused where it signs now, or where a certificate of it is not over. Error: usage.
    static base::Result<void> retire(const std::string& folder, const std::string& key,
                                     Store& store);

    std::string status_uri() const override { return name_.origin + "/status/1"; }
    std::string organisation_uri(std::string_view organisation) const override;
    base::Result<Issued> sign(const IssueOrder& order) const override;

    const prove::Trust& trust() const { return trust_; }

    // Brings the public files up to what the store has acknowledged: log, register, status list.
    // What the log does not say yet of keys, schemes and the status list is entered first. Safe to
    // repeat after a crash at any point.
    base::Result<void> publish(Store& store, std::span<const Scheme> schemes,
                               base::Moment at) const;
    // Asks every witness for its signature on the newest checkpoint, and publishes the checkpoint
    // with them. `ask` carries a request to a URL. Errors: usage (nothing is published yet),
    // conflict (the log grew meanwhile).
    using Ask = std::function<base::Result<prove::WitnessAnswer>(const std::string& url,
                                                                 const std::string& body)>;
    base::Result<Cosigning> collect_cosignatures(const Ask& ask) const;
    // The pack of a certificate, from the public files: with the newest checkpoint that enough
    // witnesses signed, or else the newest.
    base::Result<prove::Pack> pack(const Certificate& certificate) const;

  private:
    base::Result<prove::StatusList> status_list(Transaction& store) const;
    // Adds what the store has and the files have not, to both.
    base::Result<void> catch_up(Transaction& store, prove::LogDirectory& log, Register& all) const;
    // The entries that are missing in the log.
    std::vector<json::object> news(const Register& all, std::span<const Scheme> schemes,
                                   const prove::StatusList& list) const;
    base::Result<void> publish_checkpoint(prove::LogDirectory& log) const;
    std::vector<std::string> seen_by(const prove::Note& checkpoint) const;
    prove::Note checkpoint_with(const prove::LogDirectory& log, std::uint64_t index) const;

    std::string folder_;
    AuthorityName name_;
    crypto::PrivateKey issuer_, log_;
    prove::Trust trust_;
};

}  // namespace assay::certify
