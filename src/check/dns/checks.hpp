// The checks of this area; each is defined in the file of its name.
#pragma once

#include "check/check.hpp"

namespace assay::check {

extern const Check dns_delegation, dns_ns_redundancy, dns_soa, dns_ipv6, dns_wildcard,
    dns_dnssec_signed, dns_dnssec_valid, dns_dnssec_algorithm, dns_nsec3_parameters, dns_caa,
    dns_dangling_cname, dns_dangling_ns, dns_dangling_mx, dns_dangling_include;

}  // namespace assay::check
