#include "fact/domain.hpp"

#include <algorithm>

namespace assay::fact {

bool Mx::is_null() const {
    return hosts.has_value() && hosts->size() == 1 && hosts->front().host.name.is_root();
}

std::optional<codec::spf::Record> Spf::record() const {
    if (nodes.empty() || !root().record.has_value()) return std::nullopt;
    auto parsed = codec::spf::parse(*root().record);
    return parsed ? std::optional(*std::move(parsed)) : std::nullopt;
}

namespace {

codec::dmarc::Step to_step(const DmarcStep& step) {
    if (step.records.has_value()) return codec::dmarc::read_step(step.domain, *step.records);
    codec::dmarc::Step out;
    out.domain = step.domain;
    if (step.records.is_error()) out.state = codec::dmarc::StepState::unknown;
    return out;
}

}  // namespace

codec::dmarc::Discovery Dmarc::discover() const {
    std::vector<codec::dmarc::Step> steps;
    for (const auto& step : walk)
        steps.push_back(to_step(step));
    // An unknown existence decides only between sp and np; discover() is told "exists" and callers
    // who depend on the difference look at `exists` themselves.
    return codec::dmarc::discover(steps, !exists.is_absent());
}

const Observed<std::vector<std::string>>& Dmarc::own() const {
    static const Observed<std::vector<std::string>> none = Absence::no_data;
    return walk.empty() ? none : walk.front().records;
}

bool forbids_sending(const Spf& spf) {
    const auto record = spf.record();
    // "ip4=192.0.2.1" is an unknown modifier to receivers, but somebody meant a server that sends.
    return record && !record->redirect && record->directives.size() == 1 &&
           record->directives.front().mechanism == codec::spf::Mechanism::all &&
           record->directives.front().qualifier == codec::spf::Qualifier::fail &&
           std::ranges::none_of(record->unknown, [](const codec::spf::Modifier& modifier) {
               return codec::spf::is_mechanism_name(modifier.name);
           });
}

std::optional<bool> names_mail_server(const Domain& domain) {
    if (!domain.mx || domain.mx->hosts.is_error()) return std::nullopt;
    return domain.mx->hosts.has_value() && !domain.mx->is_null();
}

namespace {

bool has_live_key(const Dkim& dkim) {
    return std::ranges::any_of(dkim.selectors, [](const Selector& selector) {
        return selector.records.has_value() &&
               std::ranges::any_of(*selector.records, codec::dkim::is_live);
    });
}

}  // namespace

std::optional<bool> is_parked(const Domain& domain) {
    if (!domain.mx || !domain.spf) return std::nullopt;
    const auto& hosts = domain.mx->hosts;
    if (hosts.has_value() && !domain.mx->is_null()) return false;
    const auto& record = domain.spf->root().record;
    if (record.is_fault()) return false;
    if (record.has_value() && !forbids_sending(*domain.spf)) return false;
    if (hosts.is_error() || record.is_error()) return std::nullopt;
    if (record.has_value()) return true;
    // RFC 7505 section 4.2: a domain that sends should have no null MX. One that signs mail sends.
    return domain.mx->is_null() && !(domain.dkim && has_live_key(*domain.dkim));
}

}  // namespace assay::fact
