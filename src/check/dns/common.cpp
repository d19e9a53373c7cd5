#include "check/dns/common.hpp"

#include <algorithm>
#include <set>

#include "check/dmarc/common.hpp"
#include "check/restricted.hpp"

namespace assay::check {

std::optional<Outcome> apex_only(const fact::Zone& zone) {
    if (zone.nameservers.has_value()) return std::nullopt;
    if (zone.nameservers.is_error()) return cannot_tell(zone.nameservers.error());
    if (zone.soa.is_error()) return cannot_tell(zone.soa.error());
    return not_applicable("the name is not a zone of its own");
}

namespace {

// The records that would hold references of these kinds could not be had.
std::optional<base::Error> unread_source(const fact::Domain& facts,
                                         std::span<const fact::ReferenceKind> kinds) {
    using fact::ReferenceKind;
    const auto wanted = [&](ReferenceKind kind) {
        return std::ranges::find(kinds, kind) != kinds.end();
    };
    if (wanted(ReferenceKind::ns) && facts.zone && facts.zone->nameservers.is_error())
        return facts.zone->nameservers.error();
    if (wanted(ReferenceKind::mx) && facts.mx && facts.mx->hosts.is_error())
        return facts.mx->hosts.error();
    if (wanted(ReferenceKind::spf_include) && facts.spf) {
        for (const auto& node : facts.spf->nodes) {
            if (node.record.is_error()) return node.record.error();
        }
    }
    if (wanted(ReferenceKind::dmarc_report) && facts.dmarc) {
        const auto found = facts.dmarc->discover();
        if (!found.policy_known) return first_error(*facts.dmarc);
    }
    if (wanted(ReferenceKind::tls_report) && facts.tls_rpt && facts.tls_rpt->records.is_error())
        return facts.tls_rpt->records.error();
    return std::nullopt;
}

}  // namespace

Outcome judge_references(const fact::Domain& facts, std::span<const fact::ReferenceKind> kinds,
                         std::string_view none_there) {
    if (!facts.references) return not_collected();
    std::vector<std::string> gone, targets;
    std::set<std::string> registrable;
    std::optional<base::Error> unknown;
    bool any = false;
    for (const auto& reference : *facts.references) {
        if (std::ranges::find(kinds, reference.kind) == kinds.end()) continue;
        any = true;
        if (reference.exists.is_error()) unknown = reference.exists.error();
        if (!reference.exists.is_absent()) continue;
        gone.push_back(reference.owner.text() + " -> " + reference.target.text());
        targets.push_back(reference.target.text());
        // A name that only public bodies can get is gone, but not open to anyone.
        if (reference.registrable_exists.is_absent() && reference.registrable_domain &&
            !is_restricted(*reference.registrable_domain)) {
            registrable.insert(reference.registrable_domain->text());
        }
    }
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag)
            .with("domain", facts.name.text())
            .with("references", std::move(gone))
            .with("targets", std::move(targets));
    };
    if (!registrable.empty()) {
        return outcome("unregistered")
            .with("registrable", std::vector<std::string>(registrable.begin(), registrable.end()));
    }
    if (!gone.empty()) return outcome("gone");
    if (!unknown) unknown = unread_source(facts, kinds);
    if (unknown) return cannot_tell(*unknown);
    if (!any) return not_applicable(none_there);
    return Outcome("none").with("domain", facts.name.text());
}

}  // namespace assay::check
