// Who is reminded of what: the scheme's reminders, on the working day on or before their date.
#pragma once

#include "certify/commands/desk.hpp"

namespace assay::certify {

// Each needs the organisation and the scheme on the desk, and posts a reminder once.
base::Result<void> remind_of_expiry(Desk& desk, const Certificate& certificate);
base::Result<void> remind_of_contacts(Desk& desk);
base::Result<void> remind_of_plan(Desk& desk, Finding& finding);  // of the case on the desk
base::Result<void> remind_of_requests(Desk& desk);                // R-26; the case's open questions

// The plan is not done, and its day to finish has passed.
bool is_late(const Finding& finding, Date today);

}  // namespace assay::certify
