// Measures one domain: which groups of facts are wanted, in which order they can be had.
#pragma once

#include "base/time.hpp"
#include "fact/domain.hpp"
#include "probe/context.hpp"

namespace assay::measure {

struct Order {
    codec::dns::Name domain;
    fact::Needs needs;
    fact::Source source = fact::Source::live;
    base::Moment at{};
};

// Adds the groups that others are built from: dkim looks at mx and spf, dane at mx, references at
// most of them.
fact::Needs with_prerequisites(fact::Needs needs);

net::Task<fact::Domain> measure(probe::Context& context, Order order);

}  // namespace assay::measure
