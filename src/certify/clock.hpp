// how long the scheme's team has had a case. The clock stands still while it waits for the
// applicant.
#pragma once

#include "certify/model.hpp"

namespace assay::certify {

// Whole days; nothing before the first submission.
std::optional<int> days_on_clock(const Case& application, base::Moment now);
void start_clock(Case& application, base::Moment at);  // or goes on
void stop_clock(Case& application, base::Moment at);   // the applicant's turn

}  // namespace assay::certify
