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

// Where a walk along aliases through the zones came to its end.
struct Stop {
    enum class Reason {
        done,     // the answer is whole
        outside,  // `at` is for others to say; why, in `error`
        alias,    // an ALIAS at `at`: the addresses of `target` are served there
        failed,   // `error`
    };
    Reason reason = Reason::done;
    dns::Name at, target;
    base::Error error;
};

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
    // One part of it: from `at` along CNAMEs to where these zones have no more to say. The aliases,
    // and in the end the records, are put into `answer`.
    Stop walk(dns::Name at, dns::Type type, Answer& answer) const;
    // Do these zones say something about the name themselves, and not by a delegation?
    bool speaks_for(const dns::Name& name, dns::Type type) const;
    std::optional<Listing> list(const dns::Name& name) const;

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

// Ends a walk with an error: the answer with a broken chain, or the error where there is no chain.
base::Result<AnswerPtr> stop_with(base::Error error, std::shared_ptr<Answer> answer);
// Ends a walk at an ALIAS with what its target has: the addresses, under the name of the ALIAS.
// `depth`: 0 for the ALIAS that was asked for, more for one behind it.
base::Result<AnswerPtr> serve_alias(const Stop& alias, const base::Result<AnswerPtr>& target,
                                    unsigned depth, std::shared_ptr<Answer> answer);
base::Error too_many_aliases(const dns::Name& name);

}  // namespace assay::net
