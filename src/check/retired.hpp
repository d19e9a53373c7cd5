// Report mailboxes of services that were closed. Data: a row a service; more can be added.
#pragma once

#include <string_view>

namespace assay::check {

struct RetiredMailbox {
    std::string_view
        address;  // a whole address, or "@domain": every address there and at names below
    std::string_view service;
    std::string_view closed;  // date
};

// The row for the mailbox, or nothing. Without regard to case.
const RetiredMailbox* find_retired(std::string_view mailbox);

}  // namespace assay::check
