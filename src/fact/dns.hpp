// Facts about a name in the DNS: its zone, servers, signatures, addresses, CAA, and the names it
// leans on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codec/dns/record.hpp"
#include "codec/dns/security.hpp"
#include "fact/observed.hpp"

namespace assay::fact {

namespace dns = codec::dns;

struct Host {
    dns::Name name;                  // as the record that led here names it
    std::vector<dns::Name> aliases;  // the CNAME chain, if there is one (RFC 2181 section 10.3
                                     // forbids it for NS and MX)
    Observed<std::vector<dns::A>> ipv4;
    Observed<std::vector<dns::Aaaa>> ipv6;

    bool exists() const { return ipv4.has_value() || ipv6.has_value(); }
    bool is_unknown() const { return !exists() && (ipv4.is_error() || ipv6.is_error()); }
    bool operator==(const Host&) const = default;
};

// What one address of one nameserver says when asked itself, without recursion.
struct ServerAnswer {
    dns::Name server;
    std::string address;
    bool authoritative = false;
    Observed<std::uint32_t> serial;  // of the SOA; absent: it does not serve the zone
    bool operator==(const ServerAnswer&) const = default;
};

struct Zone {
    Observed<dns::Soa> soa;  // absent: the name is not the apex of a zone
    Observed<std::vector<Host>> nameservers;
    std::vector<ServerAnswer> servers;  // empty when servers were not asked one by one (zone files)
    bool is_apex() const { return soa.has_value() || nameservers.has_value(); }
    bool operator==(const Zone&) const = default;
};

struct Dnssec {
    dns::Security status = dns::Security::indeterminate;
    std::string reason;  // why it is bogus or indeterminate; empty otherwise
    Observed<std::vector<dns::Ds>> ds;
    Observed<std::vector<dns::Dnskey>> keys;
    Observed<dns::Nsec3Param> nsec3;  // absent: NSEC, or not signed
    bool operator==(const Dnssec&) const = default;
};

struct Caa {
    dns::Name found_at;  // where the climb ended (RFC 8659 section 3)
    Observed<std::vector<dns::Caa>> properties;
    bool operator==(const Caa&) const = default;
};

// A label that nobody would publish, asked below the name: whatever answers is a wildcard.
struct Wildcard {
    Observed<std::vector<std::string>> txt;
    Observed<bool> mx;  // true: mail records too
    Observed<std::vector<std::string>> addresses;
    std::vector<dns::Name> aliases;  // the CNAME chain, when the wildcard is an alias
    bool operator==(const Wildcard&) const = default;
};

enum class ReferenceKind { cname, ns, mx, spf_include, dmarc_report, tls_report };

// A name that one of the domain's records points at.
struct Reference {
    ReferenceKind kind = ReferenceKind::cname;
    dns::Name owner, target;
    Observed<bool> exists;  // value: true. absent: NXDOMAIN, or no data where an address is needed
    std::optional<dns::Name> registrable_domain;  // of the target, by the public suffix list
    Observed<bool> registrable_exists;            // asked only when the target does not exist
    bool operator==(const Reference&) const = default;
};

}  // namespace assay::fact
