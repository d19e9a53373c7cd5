#include "check/retired.hpp"

#include "base/text.hpp"

namespace assay::check {

namespace {

// The NCSC ended Mail Check on 31 March 2026; these addresses were its collectors.
constexpr RetiredMailbox retired[] = {
    {"@dmarc.service.gov.uk", "NCSC Mail Check", "31 March 2026"},
    {"@mailcheck.service.ncsc.gov.uk", "NCSC Mail Check", "31 March 2026"},
};

}  // namespace

const RetiredMailbox* find_retired(std::string_view mailbox) {
    const auto at = mailbox.rfind('@');
    if (at == std::string_view::npos) return nullptr;
    const auto host = mailbox.substr(at + 1);
    for (const auto& row : retired) {
        if (!row.address.starts_with('@')) {
            if (base::equals_ignoring_case(row.address, mailbox)) return &row;
            continue;
        }
        const auto domain = row.address.substr(1);
        if (base::equals_ignoring_case(host, domain)) return &row;
        const bool below =
            host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.' &&
            base::equals_ignoring_case(host.substr(host.size() - domain.size()), domain);
        if (below) return &row;
    }
    return nullptr;
}

}  // namespace assay::check
