// Facts about a domain's mail: MX, SPF, DMARC, DKIM keys, MTA-STS and TLS-RPT records, TLSA.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "codec/dkim/key_record.hpp"
#include "codec/dmarc/discovery.hpp"
#include "codec/spf/record.hpp"
#include "fact/dns.hpp"

namespace assay::fact {

struct MxHost {
    std::uint16_t preference = 0;
    Host host;                              // the root: null MX (RFC 7505)
    Observed<std::vector<dns::Tlsa>> tlsa;  // at _25._tcp.<host>; asked only for "dane"
    dns::Security tlsa_security = dns::Security::indeterminate;
    bool operator==(const MxHost&) const = default;
};

struct Mx {
    Observed<std::vector<MxHost>> hosts;  // by preference
    dns::Security security = dns::Security::indeterminate;
    bool is_null() const;  // exactly one MX, and it is "."
    bool operator==(const Mx&) const = default;
};

// One term of an SPF record with what it costs. Counters are those after the term, over the whole
// evaluation, for a sender that no term matches: the most expensive case.
struct SpfTerm {
    std::string text;
    unsigned lookups = 0, void_lookups = 0;  // caused by the term itself and everything below it
    unsigned lookups_after = 0, void_lookups_after = 0;
    bool depends_on_message = false;   // has a macro: its names cannot be known beforehand
    Observed<bool> resolves;           // value: asked and answered, or nothing to ask
    std::optional<std::size_t> child;  // index of the included or redirected node
    bool operator==(const SpfTerm&) const = default;
};

struct SpfNode {
    dns::Name domain;
    std::vector<std::string> texts;   // every TXT that claims to be SPF
    Observed<std::string> record;     // the one; fault: several
    std::vector<SpfTerm> terms;       // directives in order, then redirect
    bool answered_with_text = false;  // there is TXT that is not SPF: the answer is not void
    bool loop = false;                // this domain is already being evaluated above
    bool operator==(const SpfNode&) const = default;
};

struct Spf {
    std::vector<SpfNode> nodes;  // [0] is the domain itself; children come after parents
    unsigned lookups = 0, void_lookups = 0;  // over the whole tree
    bool complete = true;  // false: a term could not be resolved, or the tree was cut at a limit
    std::size_t txt_octets = 0;         // all TXT strings at the name: what a resolver must fetch
    std::vector<std::string> misspelt;  // TXT at the name that is meant as SPF and is none
    std::vector<std::string> keys;      // DKIM keys there, where no receiver looks for them

    const SpfNode& root() const { return nodes.front(); }
    // The root record as a receiver reads it; nothing when absent, several or unreadable.
    std::optional<codec::spf::Record> record() const;
    bool operator==(const Spf&) const = default;
};

struct DmarcStep {
    dns::Name domain;
    Observed<std::vector<std::string>> records;  // TXT at _dmarc.<domain> that claim v=DMARC1
    std::vector<std::string> mistaken;           // TXT there that only resemble a DMARC record
    std::vector<dns::Name> aliases;              // the CNAME chain that led to them
    bool operator==(const DmarcStep&) const = default;
};

enum class ReportKind { aggregate, failure };

struct ReportDestination {
    ReportKind kind = ReportKind::aggregate;
    std::string uri, mailbox;
    dns::Name host;
    Observed<bool> external = false;  // another organisational domain than the policy's
    Observed<bool> authorized;  // value: _report._dmarc says yes; absent: it does not. Not asked
                                // unless external
    bool operator==(const ReportDestination&) const = default;
};

struct Dmarc {
    std::vector<DmarcStep> walk;  // in the order of codec::dmarc::walk_names
    Observed<bool> exists;        // does the domain itself exist? absent: NXDOMAIN
    std::optional<dns::Name> suffix_organizational_domain;  // by the public suffix list (RFC 7489)
    std::vector<dns::Name> public_suffixes;       // names of the walk that are public suffixes
    std::vector<ReportDestination> destinations;  // of the policy that applies

    codec::dmarc::Discovery discover() const;
    // The domain's own record, as texts and as a receiver reads it.
    const Observed<std::vector<std::string>>& own() const;
    bool operator==(const Dmarc&) const = default;
};

enum class SelectorSource { user, provider, common, zone };

struct Selector {
    std::string name;  // "selector1"
    SelectorSource source = SelectorSource::common;
    std::string provider;                        // of source provider: whose habit this is
    std::vector<dns::Name> aliases;              // the CNAME chain
    Observed<std::vector<std::string>> records;  // the TXT texts there
    bool operator==(const Selector&) const = default;
};

struct Dkim {
    Observed<bool> domainkey_exists;  // _domainkey.<domain>; absent: NXDOMAIN, so no selector can
                                      // exist below it
    Observed<std::vector<std::string>> wildcard;  // TXT at a selector that nobody would use
    std::vector<Selector> selectors;  // found, failed, and asked for by name; common guesses that
                                      // are absent are left out
    unsigned guesses_absent = 0;
    bool complete = false;  // the zone itself was read: these are all
    bool operator==(const Dkim&) const = default;
};

struct TextPolicy {  // MTA-STS and TLS-RPT: TXT at a fixed name below the domain
    dns::Name name;
    Observed<std::vector<std::string>> records;  // those that claim; absent when none does
    std::vector<std::string> other;              // TXT there that does not claim
    std::vector<dns::Name> aliases;              // the CNAME chain that led to them
    bool operator==(const TextPolicy&) const = default;
};

}  // namespace assay::fact
