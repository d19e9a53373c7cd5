// net::Resolver: one question to the DNS. Implementations: libunbound (real/unbound_resolver.hpp),
// zone files (real/zone_resolver.hpp), and for tests a script (fake/scripted_resolver.hpp).
// Timeouts, retries, caches and limits live here; a probe never starts a timer.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "codec/dns/record.hpp"
#include "codec/dns/security.hpp"
#include "net/task.hpp"

namespace assay::net {

namespace dns = codec::dns;

enum class Existence { found, no_data, nx_domain };

inline constexpr std::size_t alias_chain_max = 11;  // ours: unbound's own limit on CNAME steps

struct Answer {
    Existence existence = Existence::found;
    std::vector<dns::Name>
        aliases;  // targets of the CNAMEs followed, in order; the last is where `records` stand
    std::vector<dns::Record> records;  // of the type asked, at the end of the chain
    std::optional<base::Error>
        broken;  // the chain could not be followed to its end: `existence` says nothing then
    dns::Security security = dns::Security::indeterminate;
    std::string security_reason;  // of indeterminate
    bool wildcard = false;        // known to be synthesised (zone files only)
};
using AnswerPtr = std::shared_ptr<const Answer>;  // shared between all who asked the same

struct Listing {
    std::vector<dns::Name> names;  // owners, none of them at or below a delegation
    bool complete = true;  // false: parts of the tree stand elsewhere, behind a delegation or DNAME
};

class Resolver {
  public:
    Resolver() = default;
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;
    virtual ~Resolver() = default;

    // Error: timeout, refused, server (SERVFAIL ...), malformed, bogus, not_covered. NXDOMAIN and
    // NODATA are answers. A CNAME question returns the CNAME itself.
    virtual Task<base::Result<AnswerPtr>> resolve(dns::Name name, dns::Type type) = 0;

    // The owner names below `name`, where the source can list them: a zone file can, the DNS
    // cannot. Nothing also when the whole tree stands elsewhere.
    virtual std::optional<Listing> list(const dns::Name& name) const {
        static_cast<void>(name);
        return std::nullopt;
    }
};

}  // namespace assay::net
