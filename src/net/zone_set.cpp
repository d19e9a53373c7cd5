#include "net/zone_set.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "codec/dmarc/record.hpp"
#include "codec/spf/record.hpp"

namespace assay::net {

namespace {

using codec::zone::Found;
using codec::zone::Kind;

base::Error not_covered(const dns::Name& name, std::string_view why) {
    return {base::ErrorKind::not_covered, fmt::format("{} {}", name.text(), why)};
}

std::string downward_key(const dns::Name& name) {
    const auto labels = name.labels();
    std::string key;
    for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
        key += static_cast<char>(label->size());
        key += *label;
    }
    return key;
}

}  // namespace

base::Error too_many_aliases(const dns::Name& name) {
    return {base::ErrorKind::server,
            fmt::format("{} leads through more than {} aliases, or round in a circle", name.text(),
                        alias_chain_max)};
}

base::Result<AnswerPtr> stop_with(base::Error error, std::shared_ptr<Answer> answer) {
    if (answer->aliases.empty()) return std::unexpected(std::move(error));
    answer->broken = std::move(error);
    return answer;
}

base::Result<AnswerPtr> serve_alias(const Stop& alias, const base::Result<AnswerPtr>& target,
                                    unsigned depth, std::shared_ptr<Answer> answer) {
    if (!target || (*target)->broken) {
        auto error = target ? *(*target)->broken : target.error();
        if (depth == 0) {
            error.detail = fmt::format("{} takes its addresses from {}: {}", alias.at.text(),
                                       alias.target.text(), error.detail);
        }
        return stop_with(std::move(error), std::move(answer));
    }
    answer->existence = Existence::no_data;
    for (auto record : (*target)->records) {
        record.name = alias.at;
        answer->records.push_back(std::move(record));
        answer->existence = Existence::found;
    }
    return answer;
}

base::Result<void> ZoneSet::add(codec::zone::ZoneData data) {
    const dns::Name apex = data.apex;
    if (zones_.contains(apex)) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("The zone {} is given twice", apex.text()));
    }
    Entry entry{codec::zone::Zone(std::move(data)), {}};
    for (auto& name : entry.zone.names())
        entry.owners.push_back({downward_key(name), name});
    std::ranges::sort(entry.owners, {}, &Owner::key);
    zones_.emplace(apex, std::move(entry));
    return {};
}

std::vector<dns::Name> ZoneSet::apexes() const {
    std::vector<dns::Name> out;
    for (const auto& [apex, entry] : zones_)
        out.push_back(apex);
    std::ranges::sort(out, {}, &dns::Name::text);
    return out;
}

const ZoneSet::Entry* ZoneSet::entry_of(const dns::Name& name, dns::Type type) const {
    // RFC 4035 section 3.1.4.1: DS belongs to the parent's side of a cut.
    dns::Name at = type == dns::Type::DS && !name.is_root() ? name.parent() : name;
    for (;;) {
        if (const auto found = zones_.find(at); found != zones_.end()) return &found->second;
        if (at.is_root()) return nullptr;
        at = at.parent();
    }
}

const codec::zone::Zone* ZoneSet::zone_of(const dns::Name& name, dns::Type type) const {
    const auto* entry = entry_of(name, type);
    return entry == nullptr ? nullptr : &entry->zone;
}

base::Result<AnswerPtr> ZoneSet::resolve(const dns::Name& name, dns::Type type) const {
    return resolve(name, type, 0);
}

base::Result<AnswerPtr> ZoneSet::resolve(const dns::Name& name, dns::Type type,
                                         unsigned depth) const {
    auto answer = std::make_shared<Answer>();
    answer->security_reason = "zone files carry no proof";
    const auto stop = walk(name, type, *answer);
    switch (stop.reason) {
        case Stop::Reason::done: return answer;
        case Stop::Reason::outside:
        case Stop::Reason::failed: return stop_with(stop.error, std::move(answer));
        case Stop::Reason::alias: break;
    }
    if (depth >= alias_chain_max) return stop_with(too_many_aliases(name), std::move(answer));
    return serve_alias(stop, resolve(stop.target, type, depth + 1), depth, std::move(answer));
}

Stop ZoneSet::walk(dns::Name at, dns::Type type, Answer& answer) const {
    using enum Stop::Reason;
    const auto start = at;
    for (;;) {
        const auto* zone = zone_of(at, type);
        if (zone == nullptr)
            return {outside, at, {}, not_covered(at, "is outside the zones that were given")};
        Found found = zone->find(at, type);
        answer.wildcard = answer.wildcard || found.wildcard;
        switch (found.kind) {
            case Kind::answer: answer.records = std::move(found.records); return {};
            case Kind::no_data: answer.existence = Existence::no_data; return {};
            case Kind::nx_domain: answer.existence = Existence::nx_domain; return {};
            case Kind::delegation:
                return {
                    outside, at, {}, not_covered(at, "is delegated to a zone that was not given")};
            case Kind::yx_domain:
                return {failed,
                        at,
                        {},
                        {base::ErrorKind::server,
                         fmt::format("{} becomes too long a name by the DNAME at {} (YXDOMAIN)",
                                     at.text(), found.target.text())}};
            case Kind::alias: return {alias, at, found.target, {}};
            case Kind::cname: break;
        }
        if (answer.aliases.size() >= alias_chain_max)
            return {failed, at, {}, too_many_aliases(start)};
        at = std::get<dns::Cname>(found.records.front().data).target;
        answer.aliases.push_back(at);
    }
}

bool ZoneSet::speaks_for(const dns::Name& name, dns::Type type) const {
    const auto* zone = zone_of(name, type);
    return zone != nullptr && zone->find(name, type).kind != Kind::delegation;
}

std::optional<Listing> ZoneSet::list(const dns::Name& name) const {
    const auto* entry = entry_of(name, dns::Type::TXT);
    if (entry == nullptr) return std::nullopt;
    const auto& zone = entry->zone;
    if (zone.find(name, dns::Type::TXT).kind == Kind::delegation) return std::nullopt;
    // RFC 6672 section 2.3: a DNAME leads all that is below its owner elsewhere.
    for (dns::Name at = name;; at = at.parent()) {
        if (zone.has(at, dns::Type::DNAME)) return std::nullopt;
        if (at == zone.apex()) break;
    }
    Listing out;
    const auto key = downward_key(name);
    for (auto owner = std::ranges::lower_bound(entry->owners, key, {}, &Owner::key);
         owner != entry->owners.end() && owner->key.starts_with(key); ++owner) {
        if (owner->name == name) continue;
        const bool cut = zone.find(owner->name, dns::Type::TXT).kind == Kind::delegation;
        if (cut || zone.has(owner->name, dns::Type::DNAME)) out.complete = false;
        if (!cut) out.names.push_back(owner->name);
    }
    return out;
}

namespace {

// The name whose mail the record at `owner` is about; nothing when it is no mail record.
std::optional<dns::Name> mail_name_of(const dns::Record& record) {
    const auto labels = record.name.labels();
    if (record.type() == dns::Type::MX) return record.name;
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto label = labels[i];
        const auto rest = record.name.suffix(labels.size() - i - 1);
        const bool holds = record.type() == dns::Type::TXT || record.type() == dns::Type::CNAME;
        if (holds && i == 0 && (label == "_dmarc" || label == "_mta-sts")) return rest;
        if (holds && i == 1 && label == "_tls" && labels[0] == "_smtp") return rest;
        if (holds && i >= 1 && label == "_domainkey") return rest;
    }
    if (const auto* txt = std::get_if<dns::Txt>(&record.data)) {
        if (codec::spf::claims(txt->joined())) return record.name;
    }
    return std::nullopt;
}

// RFC 8552 section 1.1: underscored names are for records of protocols, so nobody has mail there:
// _spf.example.com is only a part of the policy of others.
bool may_have_mail(const dns::Name& name) {
    return !name.is_wildcard() && std::ranges::none_of(name.labels(), [](std::string_view label) {
        return label[0] == '_';
    });
}

}  // namespace

std::vector<dns::Name> ZoneSet::mail_names() const {
    std::set<dns::Name> names;
    for (const auto& [apex, entry] : zones_) {
        names.insert(apex);
        for (const auto& [key, owner] : entry.owners) {
            for (const auto type : {dns::Type::MX, dns::Type::TXT, dns::Type::CNAME}) {
                const auto found = entry.zone.find(owner, type);
                for (const auto& record : found.records) {
                    const auto name = mail_name_of(record);
                    if (name && name->is_at_or_below(apex) && may_have_mail(*name))
                        names.insert(*name);
                }
            }
        }
    }
    std::vector<dns::Name> out(names.begin(), names.end());
    std::ranges::sort(out, {}, &dns::Name::text);
    return out;
}

}  // namespace assay::net
