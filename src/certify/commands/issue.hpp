// A decision becomes a certificate.
#pragma once

#include <string>

#include "certify/commands/desk.hpp"

namespace assay::certify {

// Issues, logs and announces the certificate of the case on the desk; supersedes the one before.
// Returns its number.
base::Result<std::string> issue_certificate(Desk& desk);

}  // namespace assay::certify
