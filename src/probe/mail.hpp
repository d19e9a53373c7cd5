// Facts about a domain's mail, from the DNS alone.
#pragma once

#include "probe/context.hpp"

namespace assay::probe {

inline constexpr std::size_t mx_hosts_max = 32;  // ours: nobody needs more
inline constexpr std::size_t spf_nodes_max =
    64;  // ours: ten lookups reach at most eleven nodes in a valid tree
inline constexpr std::size_t spf_depth_max =
    20;  // ours: deeper than ten is an error for receivers already
inline constexpr std::size_t spf_terms_max =
    100;  // ours: a, mx and exists terms of the whole tree that are asked; receivers stop at ten

Task<fact::Mx> mx(Context& context, dns::Name name);
// TLSA records at port 25 of each MX host, or of the name that it is a secure alias of, into `mx`
// (RFC 7672 section 2.2).
Task<fact::Mx> with_tlsa(Context& context, fact::Mx mx);
Task<fact::Spf> spf(Context& context, dns::Name name);
Task<fact::Dmarc> dmarc(Context& context, dns::Name name);
// `mx` and `spf`, where known, tell the provider and so its selectors.
Task<fact::Dkim> dkim(Context& context, dns::Name name, std::optional<fact::Mx> mx,
                      std::optional<fact::Spf> spf);
Task<fact::TextPolicy> mta_sts(Context& context, dns::Name name);
Task<fact::TextPolicy> tls_rpt(Context& context, dns::Name name);

// Names that the facts so far point at, and whether they exist.
Task<std::vector<fact::Reference>> references(Context& context, fact::Domain facts);

}  // namespace assay::probe
