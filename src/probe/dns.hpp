// Facts about the zone of a name: servers, signatures, CAA, wildcards.
#pragma once

#include "probe/context.hpp"

namespace assay::probe {

inline constexpr std::size_t nameservers_max = 16;       // ours: the root has 13
inline constexpr std::size_t server_addresses_max = 32;  // ours: two a server

Task<fact::Zone> zone(Context& context, dns::Name name);

Task<fact::Dnssec> dnssec(Context& context, dns::Name name);
Task<fact::Caa> caa(Context& context, dns::Name name);
Task<fact::Wildcard> wildcard(Context& context, dns::Name name);

}  // namespace assay::probe
