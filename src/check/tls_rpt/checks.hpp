// The checks of this area; each is defined in the file of its name.
#pragma once

#include "check/check.hpp"

namespace assay::check {

extern const Check tls_rpt_record, tls_rpt_reports, tls_rpt_retired_mailbox;

}  // namespace assay::check
