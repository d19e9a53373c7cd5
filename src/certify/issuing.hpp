// The seam between a decision and its certificate: what signs, and how numbers and addresses are
// made. The real one has keys (authority.hpp).
#pragma once

#include "base/result.hpp"
#include "certify/model.hpp"
#include "certify/scheme.hpp"

namespace assay::certify {

// Places of the status list are taken at random from blocks of this size, so that neighbours say
// nothing about one another (draft-ietf-oauth-status-list, "Privacy Considerations").
inline constexpr std::uint64_t status_block = 16'384;

struct IssueOrder {
    const Scheme& scheme;
    const Organisation& organisation;
    const Case& application;
    Certificate certificate;  // everything but jwt, jwt_sha256
    base::Moment at{};
    std::string users_band, sites;
    std::string snapshot_sha256;
    std::vector<std::string> conditions;
};

struct Issued {
    std::string token;  // the signed certificate, as compact text
    std::string entry;  // its line in the public log
};

class Issuing {
  public:
    virtual ~Issuing() = default;
    virtual std::string status_uri() const = 0;
    virtual std::string organisation_uri(std::string_view organisation) const = 0;
    virtual base::Result<Issued> sign(const IssueOrder& order) const = 0;
};

}  // namespace assay::certify
