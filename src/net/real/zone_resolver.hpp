// net::Resolver over zone files; names outside them go to `fallback`, or are "not covered". What
// the files say wins at every step of a chain of aliases.
#pragma once

#include <memory>

#include "net/resolver.hpp"
#include "net/zone_set.hpp"

namespace assay::net {

class ZoneResolver : public Resolver {
  public:
    explicit ZoneResolver(const ZoneSet& zones, Resolver* fallback = nullptr)
        : zones_(zones), fallback_(fallback) {}

    Task<base::Result<AnswerPtr>> resolve(dns::Name name, dns::Type type) override;
    std::optional<Listing> list(const dns::Name& name) const override { return zones_.list(name); }

  private:
    Task<base::Result<AnswerPtr>> resolve_both(dns::Name name, dns::Type type, unsigned depth);

    const ZoneSet& zones_;
    Resolver* fallback_;
};

}  // namespace assay::net
