#include "check/catalogue.hpp"

#include <algorithm>

#include "check/dane/checks.hpp"
#include "check/dkim/checks.hpp"
#include "check/dmarc/checks.hpp"
#include "check/dns/checks.hpp"
#include "check/mta_sts/checks.hpp"
#include "check/mx/checks.hpp"
#include "check/parked/checks.hpp"
#include "check/spf/checks.hpp"
#include "check/tls_rpt/checks.hpp"

namespace assay::check {

namespace {

constexpr const Check* checks[] = {
    &dns_delegation,
    &dns_ns_redundancy,
    &dns_soa,
    &dns_ipv6,
    &dns_wildcard,
    &dns_dnssec_signed,
    &dns_dnssec_valid,
    &dns_dnssec_algorithm,
    &dns_nsec3_parameters,
    &dns_caa,
    &dns_dangling_cname,
    &dns_dangling_ns,
    &dns_dangling_mx,
    &dns_dangling_include,
    &mx_present,
    &mx_resolves,
    &mx_not_cname,
    &mx_null_mx,
    &mx_retired_host,
    &spf_present,
    &spf_single,
    &spf_syntax,
    &spf_lookups,
    &spf_void_lookups,
    &spf_all,
    &spf_ptr,
    &spf_size,
    &spf_includes_resolve,
    &spf_too_permissive,
    &spf_redirect,
    &dkim_keys_found,
    &dkim_key_syntax,
    &dkim_key_strength,
    &dkim_testing_flag,
    &dkim_revoked,
    &dkim_wildcard_revoked,
    &dkim_stale_selector,
    &dmarc_present,
    &dmarc_single,
    &dmarc_syntax,
    &dmarc_policy,
    &dmarc_subdomain_policy,
    &dmarc_nonexistent_policy,
    &dmarc_reports,
    &dmarc_reports_authorised,
    &dmarc_reports_retired_mailbox,
    &dmarc_reports_duplicate,
    &dmarc_alignment,
    &dmarc_tenant_isolation,
    &dmarc_obsolete_tags,
    &dmarc_testing,
    &mta_sts_record,
    &tls_rpt_record,
    &tls_rpt_reports,
    &tls_rpt_retired_mailbox,
    &dane_present,
    &parked_spf,
    &parked_dmarc,
    &parked_dkim,
    &parked_mx,
};

}  // namespace

std::span<const Check* const> catalogue() {
    return checks;
}

const Check* find(std::string_view id) {
    const auto at = std::ranges::find(checks, id, &Check::id);
    return at == std::end(checks) ? nullptr : *at;
}

bool matches(std::string_view glob, std::string_view id) {
    if (glob.empty()) return id.empty();
    if (glob.front() != '*') {
        return !id.empty() && glob.front() == id.front() && matches(glob.substr(1), id.substr(1));
    }
    const auto rest = glob.substr(1);
    for (std::size_t skip = 0; skip <= id.size(); ++skip) {
        if (matches(rest, id.substr(skip))) return true;
    }
    return false;
}

}  // namespace assay::check
