// A decision becomes a certificate.
#pragma once

#include <string>

#include "certify/commands/desk.hpp"

namespace assay::certify {

struct IssueTerms {
    std::optional<Certificate> replaces;  // named in the new one; superseded where it is alive
    Date last_day{};
    bool interim = false;
};

// Issues, logs and announces the certificate of the decided case on the desk. Returns its number.
base::Result<std::string> issue_certificate(Desk& desk, const IssueTerms& terms);

// What the decision on the desk gives.
base::Result<IssueTerms> terms_of_decision(Desk& desk);

// The valid or suspended certificate of an infrastructure; there is one at most.
base::Result<std::optional<Certificate>> alive_certificate(Desk& desk, std::string_view scheme,
                                                           const std::string& organisation,
                                                           std::string_view infrastructure);

bool is_alive(const Certificate& certificate);

// The log says of a certificate that has ended that its renewal was sent, and when. Nothing where
// the case renews none, or one that goes on.
base::Result<void> log_pending_renewal(Desk& desk, const Case& application);

}  // namespace assay::certify
