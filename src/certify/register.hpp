// The public register: what the log says, and nothing else. Anyone who has the log can make it
// again, byte for byte.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace assay::certify {

class Register {
  public:
    // One line of the log. Error: malformed (not an entry), with its index.
    base::Result<void> apply(std::string_view entry);
    // {"schema":"assay.register/1", ...}, certificates by number, organisations by id.
    std::string print() const;

  private:
    struct Organisation {
        std::string name, type;
    };
    struct Certificate {
        std::string organisation, scheme, scope, environment, until, status = "valid";
        std::string issued_at, changed_at, reason, supersedes, jwt_sha256;
        std::uint64_t entry = 0;
    };
    base::Result<void> issue(const boost::json::object& entry);
    base::Result<void> change(const boost::json::object& entry, std::string_view status);

    std::uint64_t entries_ = 0;
    std::map<std::string, Organisation> organisations_;
    std::map<std::string, Certificate> certificates_;
};

}  // namespace assay::certify
