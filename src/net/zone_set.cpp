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

base::Error too_long(const dns::Name& name) {
    return {base::ErrorKind::server,
            fmt::format("{} leads through more than {} aliases, or round in a circle", name.text(),
                        alias_chain_max)};
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
    dns::Name at = name;
    const auto stop = [&](base::Error error) -> base::Result<AnswerPtr> {
        if (answer->aliases.empty()) return std::unexpected(std::move(error));
        answer->broken = std::move(error);
        return answer;
    };
    for (;;) {
        const auto* zone = zone_of(at, type);
        if (zone == nullptr) return stop(not_covered(at, "is outside the zones that were given"));
        Found found = zone->find(at, type);
        answer->wildcard = answer->wildcard || found.wildcard;
        switch (found.kind) {
            case Kind::answer: answer->records = std::move(found.records); return answer;
            case Kind::no_data: answer->existence = Existence::no_data; return answer;
            case Kind::nx_domain: answer->existence = Existence::nx_domain; return answer;
            case Kind::delegation:
                return stop(not_covered(at, "is delegated to a zone that was not given"));
            case Kind::cname:
                at = std::get<dns::Cname>(found.records.front().data).target;
                answer->aliases.push_back(at);
                break;
            case Kind::alias: {
                // The addresses of the target are served at the name itself: no alias for the
                // outside.
                if (depth >= alias_chain_max) return stop(too_long(name));
                auto target = resolve(found.target, type, depth + 1);
                if (!target || (*target)->broken) {
                    return stop(
                        not_covered(at, "takes its addresses from " + found.target.text() +
                                            ", which is outside the zones that were given"));
                }
                answer->existence = Existence::no_data;
                for (auto record : (*target)->records) {
                    record.name = at;
                    answer->records.push_back(std::move(record));
                    answer->existence = Existence::found;
                }
                return answer;
            }
        }
        if (answer->aliases.size() >= alias_chain_max) {
            return stop(too_long(name));
        }
    }
}

std::optional<std::vector<dns::Name>> ZoneSet::list(const dns::Name& name) const {
    const auto* entry = entry_of(name, dns::Type::TXT);
    if (entry == nullptr) return std::nullopt;
    if (entry->zone.find(name, dns::Type::TXT).kind == Kind::delegation) return std::nullopt;
    std::vector<dns::Name> out;
    const auto key = downward_key(name);
    for (auto owner = std::ranges::lower_bound(entry->owners, key, {}, &Owner::key);
         owner != entry->owners.end() && owner->key.starts_with(key); ++owner) {
        if (owner->name == name) continue;
        if (entry->zone.find(owner->name, dns::Type::TXT).kind == Kind::delegation)
            return std::nullopt;
        out.push_back(owner->name);
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
