#include "codec/zone/zone.hpp"

#include <algorithm>
#include <ranges>
#include <unordered_set>

namespace assay::codec::zone {

namespace {

constexpr std::string_view wildcard_label = "*";

bool is_address(dns::Type type) {
    return type == dns::Type::A || type == dns::Type::AAAA;
}

std::vector<dns::Record> of_type(const std::vector<dns::Record>& records, dns::Type type) {
    std::vector<dns::Record> out;
    for (const auto& record : records) {
        if (record.type() == type) out.push_back(record);
    }
    return out;
}

}  // namespace

Zone::Zone(ZoneData data) : apex_(data.apex) {
    const auto touch = [&](const dns::Name& name) -> Node& {
        // Every name between the owner and the apex exists, if only as an empty non-terminal (RFC
        // 4592 section 2.2.2).
        for (dns::Name at = name; at != apex_ && at.is_below(apex_); at = at.parent()) {
            if (!nodes_.try_emplace(at).second) break;
        }
        return nodes_[name];
    };
    touch(apex_);
    for (auto& record : data.records) {
        if (!record.name.is_at_or_below(apex_)) continue;
        if (record.type() == dns::Type::NS && record.name != apex_) cuts_.push_back(record.name);
        touch(record.name).records.push_back(std::move(record));
    }
    for (const auto& name : data.others) {
        if (name.is_at_or_below(apex_)) touch(name);
    }
    for (auto& alias : data.aliases) {
        if (!alias.name.is_at_or_below(apex_)) continue;
        auto& at = touch(alias.name);
        at.alias_target = std::move(alias.target);
        at.has_alias = true;
    }
    std::ranges::sort(cuts_);
    const auto [twice, end] = std::ranges::unique(cuts_);
    cuts_.erase(twice, end);
    drop_equal_records();
}

// RFC 2181 section 5: equal records are one. Of each, the first stays.
void Zone::drop_equal_records() {
    std::unordered_set<std::string> seen;
    for (auto& [name, node] : nodes_) {
        if (node.records.size() < 2) continue;
        seen.clear();
        std::erase_if(node.records, [&](const dns::Record& record) {
            const auto octets = dns::encode_rdata(record.data);
            auto key = std::to_string(static_cast<unsigned>(record.type())) + ' ';
            key.append(octets.begin(), octets.end());
            return !seen.insert(std::move(key)).second;
        });
    }
}

const Zone::Node* Zone::node(const dns::Name& name) const {
    const auto at = nodes_.find(name);
    return at == nodes_.end() ? nullptr : &at->second;
}

std::vector<dns::Name> Zone::names() const {
    std::vector<dns::Name> out;
    for (const auto& [name, node] : nodes_) {
        if (!node.records.empty() || node.has_alias) out.push_back(name);
    }
    return out;
}

bool Zone::has(const dns::Name& name, dns::Type type) const {
    const auto* at = node(name);
    return at != nullptr &&
           std::ranges::any_of(at->records, [&](const dns::Record& r) { return r.type() == type; });
}

// RFC 6672 section 3.2: a DNAME above the name stands for a CNAME at the name, or YXDOMAIN where
// the name becomes too long.
std::optional<Found> Zone::redirect(const dns::Name& name) const {
    for (dns::Name at = name; at.is_below(apex_);) {
        at = at.parent();
        const auto* above = node(at);
        const auto records = above == nullptr ? std::vector<dns::Record>()
                                              : of_type(above->records, dns::Type::DNAME);
        if (records.empty()) continue;
        dns::Name target = std::get<dns::Dname>(records.front().data).target;
        auto labels = name.labels();
        labels.resize(name.label_count() - at.label_count());
        for (const auto label : std::views::reverse(labels)) {
            auto longer = target.child(label);
            if (!longer) return Found{Kind::yx_domain, false, {}, at};
            target = *std::move(longer);
        }
        Found out;
        out.kind = Kind::cname;
        out.records.push_back({name, records.front().ttl, dns::Cname{std::move(target)}});
        return out;
    }
    return std::nullopt;
}

Found Zone::find(const dns::Name& name, dns::Type type) const {
    Found out;
    // RFC 1034 section 4.3.2 step 3b: a cut on the way down ends this zone's authority.
    if (!cuts_.empty()) {
        std::optional<dns::Name> highest;  // what stands below a cut is not this zone's to say
        for (dns::Name at = name; at.is_below(apex_); at = at.parent()) {
            const bool cut = std::ranges::binary_search(cuts_, at);
            if (cut && !(at == name && type == dns::Type::DS)) highest = at;
        }
        if (highest) {
            out.kind = Kind::delegation;
            out.records = of_type(nodes_.at(*highest).records, dns::Type::NS);
            return out;
        }
    }
    const auto* found = node(name);
    if (found == nullptr) {
        if (auto redirected = redirect(name)) return *std::move(redirected);
        // RFC 4592 section 3.3.1: the wildcard at the closest encloser, and no other.
        dns::Name encloser = name.parent();
        while (node(encloser) == nullptr && encloser.is_below(apex_))
            encloser = encloser.parent();
        const auto wildcard = encloser.child(wildcard_label);
        found = wildcard ? node(*wildcard) : nullptr;
        if (found == nullptr) return out;
        out.wildcard = true;
    }
    out.records = of_type(found->records, type);
    out.kind = Kind::answer;
    if (out.records.empty()) {
        out.records = of_type(found->records, dns::Type::CNAME);
        out.kind = Kind::cname;
    }
    if (out.records.empty()) {
        const bool alias = found->has_alias && is_address(type);
        out.kind = alias ? Kind::alias : Kind::no_data;
        out.target = found->alias_target;
    }
    for (auto& record : out.records)
        record.name = name;
    return out;
}

}  // namespace assay::codec::zone
