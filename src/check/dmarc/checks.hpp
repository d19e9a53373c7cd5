// The checks of this area; each is defined in the file of its name.
#pragma once

#include "check/check.hpp"

namespace assay::check {

extern const Check dmarc_present, dmarc_single, dmarc_syntax, dmarc_policy, dmarc_subdomain_policy,
    dmarc_nonexistent_policy, dmarc_reports, dmarc_reports_authorised,
    dmarc_reports_retired_mailbox, dmarc_reports_duplicate, dmarc_alignment, dmarc_tenant_isolation,
    dmarc_obsolete_tags, dmarc_testing;

}  // namespace assay::check
