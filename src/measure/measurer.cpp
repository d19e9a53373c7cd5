#include "measure/measurer.hpp"

#include "probe/dns.hpp"
#include "probe/mail.hpp"

namespace assay::measure {

namespace {

using fact::Need;
using net::Task;

template <class T>
Task<bool> into(std::optional<T>& slot, Task<T> task) {
    slot = co_await std::move(task);
    co_return true;
}

}  // namespace

fact::Needs with_prerequisites(fact::Needs needs) {
    if (needs.has(Need::dane)) needs = needs | Need::mx;
    if (needs.has(Need::dkim)) needs = needs | (Need::mx | Need::spf);
    if (needs.has(Need::references)) {
        needs = needs | Need::zone | Need::wildcard | Need::mx | Need::spf | Need::dmarc |
                Need::mta_sts | Need::tls_rpt;
    }
    return needs;
}

Task<fact::Domain> measure(probe::Context& context, Order order) {
    const auto needs = with_prerequisites(order.needs);
    const auto& name = order.domain;
    fact::Domain out;
    out.name = name;
    out.source = order.source;
    out.measured_at = order.at;

    std::vector<Task<bool>> first;
    if (needs.has(Need::zone)) first.push_back(into(out.zone, probe::zone(context, name)));
    if (needs.has(Need::dnssec)) first.push_back(into(out.dnssec, probe::dnssec(context, name)));
    if (needs.has(Need::caa)) first.push_back(into(out.caa, probe::caa(context, name)));
    if (needs.has(Need::wildcard))
        first.push_back(into(out.wildcard, probe::wildcard(context, name)));
    if (needs.has(Need::mx)) first.push_back(into(out.mx, probe::mx(context, name)));
    if (needs.has(Need::spf)) first.push_back(into(out.spf, probe::spf(context, name)));
    if (needs.has(Need::dmarc)) first.push_back(into(out.dmarc, probe::dmarc(context, name)));
    if (needs.has(Need::mta_sts)) first.push_back(into(out.mta_sts, probe::mta_sts(context, name)));
    if (needs.has(Need::tls_rpt)) first.push_back(into(out.tls_rpt, probe::tls_rpt(context, name)));
    co_await net::gather(std::move(first));

    if (needs.has(Need::dane) && out.mx)
        out.mx = co_await probe::with_tlsa(context, *std::move(out.mx));
    if (needs.has(Need::dkim)) out.dkim = co_await probe::dkim(context, name, out.mx, out.spf);
    if (needs.has(Need::references)) out.references = co_await probe::references(context, out);
    co_return out;
}

}  // namespace assay::measure
