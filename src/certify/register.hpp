// The public register: what the log says, and nothing else. Anyone who has the log can make it
// again, byte for byte.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>
#include <tuple>

#include "base/result.hpp"
#include "base/time.hpp"

namespace assay::certify {

// A line of the log: `what` with "t", its type, and when it was entered.
std::string print_entry(const boost::json::object& what, base::Moment at);

class Register {
  public:
    // One line of the log. Error: malformed (not an entry), with its index.
    base::Result<void> apply(std::string_view entry);
    // {"schema":"assay.register/1", ...}, certificates by number, organisations by id. It does not
    // depend on the day: a certificate after its "until" is expired for who reads it.
    std::string print() const;

    struct Key {
        std::string use, bytes, added_at, retired_at;  // use: "issuer", "log"; base64url
    };
    const std::map<std::string, Key>& keys() const { return keys_; }
    // Id: the version that is in force, with the hash of its text.
    struct SchemeVersion {
        std::string version, sha256;
    };
    const std::map<std::string, SchemeVersion>& schemes() const { return schemes_; }
    const std::string& status_list_sha256() const { return status_list_sha256_; }

  private:
    struct Organisation {
        std::string name, type;
    };
    struct Certificate {
        std::string organisation, scheme, scope, environment, until, status = "valid";
        std::string issued_at, changed_at, reason, supersedes, jwt_sha256;
        std::string renewal_under_review_since;
        std::uint64_t entry = 0;
    };
    // Agreed plans of those who did not achieve a certificate yet and want it to be known.
    using PlanKey = std::tuple<std::string, std::string, std::string>;  // org, scheme, scope
    base::Result<void> follow(std::string_view type, const boost::json::object& entry);
    base::Result<void> issue(const boost::json::object& entry);
    base::Result<void> change(const boost::json::object& entry, std::string_view status);
    base::Result<void> set_renewal(const boost::json::object& entry);
    std::unexpected<base::Error> never_issued(const boost::json::object& entry) const;
    base::Result<void> add_key(const boost::json::object& entry);
    base::Result<void> retire_key(const boost::json::object& entry);

    std::uint64_t entries_ = 0;
    std::map<std::string, Organisation> organisations_;
    std::map<std::string, Certificate> certificates_;
    std::map<PlanKey, std::string> plans_;  // the day since when
    std::map<std::string, Key> keys_;
    std::map<std::string, SchemeVersion> schemes_;
    std::string status_list_sha256_;
};

}  // namespace assay::certify
