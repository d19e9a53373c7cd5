// The authority that issues: its name, its keys, its log and register as files that anyone may
// copy.
//
// Folder: authority.json, keys/issuer-<id>.pem (P-256), keys/log.pem (Ed25519), public/
// (checkpoint, tile/, register.json, status.jwt, trust.json).
#pragma once

#include <memory>
#include <span>

#include "certify/issuing.hpp"
#include "certify/register.hpp"
#include "certify/store.hpp"
#include "prove/log_directory.hpp"
#include "prove/pack.hpp"
#include "prove/status_list.hpp"

namespace assay::certify {

struct AuthorityName {
    std::string origin;      // "https://assurance.example"; no final slash
    std::string log_origin;  // "assurance.example/log"
    std::string issuer_key;  // id of the key that signs now
    // Signed before: certificates of `former_keys` are still believed, of `retired_keys` no more.
    std::vector<std::string> former_keys, retired_keys;
    std::vector<std::string> witnesses;  // verifier keys
    std::size_t witnesses_needed = 0;
};
BOOST_DESCRIBE_STRUCT(AuthorityName, (),
                      (origin, log_origin, issuer_key, former_keys, retired_keys, witnesses,
                       witnesses_needed))

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
    // The pack of a certificate, from the public files.
    base::Result<prove::Pack> pack(const Certificate& certificate) const;

  private:
    base::Result<prove::StatusList> status_list(Transaction& store) const;
    // Adds what the store has and the files have not, to both.
    base::Result<void> catch_up(Transaction& store, prove::LogDirectory& log, Register& all) const;
    // The entries that are missing in the log.
    std::vector<json::object> news(const Register& all, std::span<const Scheme> schemes,
                                   const prove::StatusList& list) const;

    std::string folder_;
    AuthorityName name_;
    crypto::PrivateKey issuer_, log_;
    prove::Trust trust_;
};

}  // namespace assay::certify
