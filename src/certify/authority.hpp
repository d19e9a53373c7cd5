// The authority that issues: its name, its keys, its log and register as files that anyone may
// copy.
//
// Folder: authority.json, keys/issuer-<id>.pem (P-256), keys/log.pem (Ed25519), public/
// (checkpoint, tile/, register.json, status.jwt, trust.json).
#pragma once

#include <memory>

#include "certify/issuing.hpp"
#include "certify/store.hpp"
#include "prove/log_directory.hpp"
#include "prove/pack.hpp"

namespace assay::certify {

struct AuthorityName {
    std::string origin;                  // "https://assurance.example"; no final slash
    std::string log_origin;              // "assurance.example/log"
    std::string issuer_key;              // id of the key that signs now
    std::vector<std::string> witnesses;  // verifier keys
    std::size_t witnesses_needed = 0;
};
BOOST_DESCRIBE_STRUCT(AuthorityName, (),
                      (origin, log_origin, issuer_key, witnesses, witnesses_needed))

class Authority : public Issuing {
  public:
    // Makes folder, keys and files; refuses where there are some. Error: usage.
    static base::Result<void> create(const std::string& folder, const std::string& origin,
                                     base::Moment at);
    static base::Result<Authority> open(const std::string& folder);

    std::string status_uri() const override { return name_.origin + "/status/1"; }
    std::string organisation_uri(std::string_view organisation) const override;
    base::Result<Issued> sign(const IssueOrder& order) const override;

    const prove::Trust& trust() const { return trust_; }

    // Brings the public files up to what the store has acknowledged: log, register, status list.
    // Safe to repeat after a crash at any point.
    base::Result<void> publish(Store& store, base::Moment at) const;
    // The pack of a certificate, from the public files.
    base::Result<prove::Pack> pack(const Certificate& certificate) const;

  private:
    base::Result<void> publish_log(Transaction& store, prove::LogDirectory& log) const;
    base::Result<void> publish_status(Transaction& store, base::Moment at) const;

    std::string folder_;
    AuthorityName name_;
    crypto::PrivateKey issuer_, log_;
    prove::Trust trust_;
};

}  // namespace assay::certify
