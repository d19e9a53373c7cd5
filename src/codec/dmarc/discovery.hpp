// Policy discovery and the organisational domain by DNS tree walk (RFC 9989 section 4.10), as pure
// functions over what was found at each name. All names of a walk are known beforehand, so they are
// asked at once.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "codec/dmarc/record.hpp"

namespace assay::codec::dmarc {

inline constexpr std::size_t walk_queries_max = 8;  // RFC 9989 section 4.10

// The names whose "_dmarc" is asked, longest first, the start name included, down to the single
// label. With 8 labels or more, the walk jumps from the start to its last 7 labels. Of the root:
// the root alone.
std::vector<dns::Name> walk_names(const dns::Name& start);

enum class StepState {
    found,
    absent,
    several,
    unusable,
    unknown
};  // several: more than one record, all discarded

struct Step {
    dns::Name domain;                     // where "_dmarc." was asked below
    StepState state = StepState::absent;  // unusable: claims DMARC1 but no receiver applies it;
                                          // unknown: the query failed
    std::optional<Record> record;         // of found; of unusable what its tags say, if known: the
                                          // walk looks at psd
    bool operator==(const Step&) const = default;
};

// The step for a name that was asked and answered; `texts` are all TXT records there, or those that
// claim.
Step read_step(const dns::Name& domain, std::span<const std::string> texts);

struct Discovery {
    // The record that holds for mail of the start domain, and the domain it stands at.
    std::optional<dns::Name> policy_domain;
    enum class Source {
        author_domain,
        organizational_domain,
        public_suffix_domain,
        none
    } source = Source::none;
    // The policy that applies to the start name: p at the author domain, else sp if the name
    // exists, np if not.
    std::optional<Policy> policy;
    // The organisational domain for alignment; the start name when no record was found. Empty when
    // a failed query leaves it open.
    std::optional<dns::Name> organizational_domain;
    // false: a failed query leaves open which record holds, or whether one does. Then the three
    // fields at the top are empty. true and no policy: certainly none.
    bool policy_known = true;
    bool operator==(const Discovery&) const = default;
};

// `steps` in the order of walk_names. `exists`: does the start name exist (not NXDOMAIN)?
// A failed query that could have changed the answer leaves the fields it decides empty.
//
// A record that is unusable counts as found for the walk (RFC 9989 section 4.10 discards only what
// does not start with the version), and where it is the one that would hold, there is no policy
// (section 4.10.1): the search does not go on above it.
Discovery discover(const std::vector<Step>& steps, bool exists);

// Same organisational domain, or equal in strict mode. Pure comparison.
bool aligned(const dns::Name& a, const dns::Name& a_organization, const dns::Name& b,
             const dns::Name& b_organization, Alignment mode);

// Where an external report destination must authorise: "<policy domain>._report._dmarc.<host>" (RFC
// 9990 section 4). Nothing when the name would be too long: then it is not authorised.
std::optional<dns::Name> authorization_name(const dns::Name& policy_domain, const dns::Name& host);

}  // namespace assay::codec::dmarc
