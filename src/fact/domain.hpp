// fact::Domain: all that was observed of one domain. A value; JSON in and out (json.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "fact/dns.hpp"
#include "fact/mail.hpp"

namespace assay::fact {

// Groups of facts; a check names those it needs, and only those are measured.
enum class Need : std::uint32_t {
    zone = 1u << 0,
    dnssec = 1u << 1,
    caa = 1u << 2,
    wildcard = 1u << 3,
    mx = 1u << 4,
    spf = 1u << 5,
    dmarc = 1u << 6,
    dkim = 1u << 7,
    mta_sts = 1u << 8,
    tls_rpt = 1u << 9,
    dane = 1u << 10,
    references = 1u << 11,
};

struct Needs {
    std::uint32_t bits = 0;
    constexpr bool has(Need need) const { return (bits & static_cast<std::uint32_t>(need)) != 0; }
    constexpr Needs operator|(Needs other) const { return {bits | other.bits}; }
    static constexpr Needs all() { return {(1u << 12) - 1}; }
    constexpr Needs() = default;
    constexpr Needs(Need need) : bits(static_cast<std::uint32_t>(need)) {}
    constexpr Needs(std::uint32_t raw) : bits(raw) {}
    bool operator==(const Needs&) const = default;
};
constexpr Needs operator|(Need a, Need b) {
    return Needs(a) | Needs(b);
}

enum class Source { live, zones };

// A group that is empty was not measured; a check that needs it says "cannot tell".
struct Domain {
    dns::Name name;
    Source source = Source::live;
    base::Moment measured_at{};

    std::optional<Zone> zone;
    std::optional<Dnssec> dnssec;
    std::optional<Caa> caa;
    std::optional<Wildcard> wildcard;
    std::optional<Mx> mx;
    std::optional<Spf> spf;
    std::optional<Dmarc> dmarc;
    std::optional<Dkim> dkim;
    std::optional<TextPolicy> mta_sts, tls_rpt;
    std::optional<std::vector<Reference>> references;

    bool operator==(const Domain&) const = default;
};

// The record is "v=spf1 -all" and nothing else that counts.
bool forbids_sending(const Spf& spf);

// An MX record names a mail server. False for the null MX (RFC 7505) and without MX, for no new
// mailbox should lean on the fallback to the address (RFC 5321 section 5.1). Nothing when MX was
// not measured or could not be.
std::optional<bool> names_mail_server(const Domain& domain);

// No mail in (no MX, or the null MX) and none out ("v=spf1 -all" and nothing else, or a null MX
// with neither SPF nor a DKIM key in use). Nothing when it cannot be told.
std::optional<bool> is_parked(const Domain& domain);

}  // namespace assay::fact
