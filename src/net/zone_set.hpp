// Zones answered together, as a set of authoritative servers and a resolver in front would (RFC
// 1034 section 4.3.2). Immutable after building: shared by all threads.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "codec/zone/zone.hpp"
#include "net/resolver.hpp"

namespace assay::net {

class ZoneSet {
  public:
    // Error: usage, when the zone is there already.
    base::Result<void> add(codec::zone::ZoneData data);

    bool empty() const { return zones_.empty(); }
    std::vector<dns::Name> apexes() const;  // ascending
    // The zone that speaks for the name: the longest apex at or above it. For DS, the parent's
    // side.
    const codec::zone::Zone* zone_of(const dns::Name& name, dns::Type type) const;

    // Follows CNAMEs and ALIASes through all zones of the set. Error: not_covered.
    base::Result<AnswerPtr> resolve(const dns::Name& name, dns::Type type) const;
    std::optional<std::vector<dns::Name>> list(const dns::Name& name) const;

    // Names worth checking: every apex, and every name that holds mail records (MX, SPF, DMARC,
    // MTA-STS, TLS-RPT, DKIM keys). Ascending, without wildcards and underscored names.
    std::vector<dns::Name> mail_names() const;

  private:
    // An owner name with its labels from the root downwards: sorted by it, every subtree is one
    // run.
    struct Owner {
        std::string key;
        dns::Name name;
    };
    struct Entry {
        codec::zone::Zone zone;
        std::vector<Owner> owners;
    };
    const Entry* entry_of(const dns::Name& name, dns::Type type) const;
    base::Result<AnswerPtr> resolve(const dns::Name& name, dns::Type type, unsigned depth) const;

    std::unordered_map<dns::Name, Entry> zones_;
};

}  // namespace assay::net
