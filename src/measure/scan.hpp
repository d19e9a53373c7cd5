// Measures and judges a stream of domains on several threads; results come out in the order of the
// targets. Memory does not grow with their number: at most `window` finished domains wait for a
// slow one before them.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "check/judgement.hpp"
#include "codec/dns/suffix.hpp"
#include "net/nameserver_client.hpp"
#include "net/resolver.hpp"

namespace assay::measure {

inline constexpr std::size_t window_live =
    2048;  // ours: a slow domain takes as long as many others
inline constexpr std::size_t window_zones_each =
    4;  // ours, for each thread: from files all take about as long
inline constexpr unsigned jobs_max = 4096;  // ours: domains at once, over all threads

// What `prepare` may make of a domain; both are for `done` alone to read.
struct Prepared {
    std::string report;  // its part of the report
    std::string facts;   // a line for the file of facts
};

struct Measured {
    fact::Domain facts;
    check::Assessment assessment;
    Prepared prepared;
};

struct Profiles {
    check::Profile main;
    std::optional<check::Profile> parked;   // for domains that fact::is_parked says so of
    std::optional<check::Profile> reverse;  // for names at or below in-addr.arpa and ip6.arpa
};

struct ScanOptions {
    unsigned threads = 1;
    unsigned jobs = 64;  // domains at once, over all threads
    Profiles profiles;
    check::Selection selection;
    fact::Needs needs;  // beyond what the profiles need
    fact::Source source = fact::Source::live;
    std::vector<std::string> selectors;
    std::string control_label;
    std::function<base::Moment()> now;
    std::size_t window = window_live;
    // Optional: takes off `done` what need not be done for one domain after the other. Called on
    // the thread that measured, for several domains at once.
    std::function<void(Measured&)> prepare;
};

// What one thread measures with; made on its thread, used only there.
struct Instruments {
    std::vector<std::unique_ptr<net::Resolver>>
        resolvers;  // the last is asked; the others stand behind it
    std::unique_ptr<net::NameserverClient> nameservers;  // none: servers are not asked one by one
};
using MakeInstruments = std::function<base::Result<Instruments>(net::Executor)>;

check::Assessment judge(const fact::Domain& facts, const Profiles& profiles,
                        const check::Selection& selection);

// `next` and `done` are called by one thread at a time. Error: what making the instruments gave.
base::Result<void> scan(const ScanOptions& options, const codec::dns::SuffixList& suffixes,
                        const MakeInstruments& make,
                        const std::function<std::optional<codec::dns::Name>()>& next,
                        const std::function<void(Measured)>& done);

}  // namespace assay::measure
