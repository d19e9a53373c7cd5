#include "certify/register.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "codec/json_member.hpp"

namespace assay::certify {

namespace json = boost::json;

std::string print_entry(const json::object& what, base::Moment at) {
    json::object out{{"v", 1}, {"t", what.at("t")}, {"at", base::print(at)}};
    for (const auto& [name, value] : what)
        out[name] = value;
    return json::serialize(out);
}

base::Result<void> Register::issue(const json::object& entry) {
    const auto number = codec::text_member(entry, "cert");
    // A number belongs to one certificate for ever.
    if (number.empty() || certificates_.contains(number)) {
        return base::fail(
            base::ErrorKind::malformed,
            fmt::format("entry {} issues certificate '{}' a second time", entries_, number));
    }
    certificates_[number] = {.organisation = codec::text_member(entry, "org"),
                             .scheme = codec::text_member(entry, "scheme"),
                             .scope = codec::text_member(entry, "scope"),
                             .environment = codec::text_member(entry, "environment"),
                             .until = codec::text_member(entry, "until"),
                             .issued_at = codec::text_member(entry, "at"),
                             .changed_at = {},
                             .reason = {},
                             .supersedes = codec::text_member(entry, "supersedes"),
                             .jwt_sha256 = codec::text_member(entry, "jwt_sha256"),
                             .entry = entries_};
    const auto before = certificates_.find(codec::text_member(entry, "supersedes"));
    if (before != certificates_.end() && before->second.status != "withdrawn") {
        before->second.status = "superseded";
        before->second.changed_at = codec::text_member(entry, "at");
    }
    return {};
}

std::unexpected<base::Error> Register::never_issued(const json::object& entry) const {
    return base::fail(base::ErrorKind::malformed,
                      fmt::format("entry {} is about certificate '{}', which was never issued",
                                  entries_, codec::text_member(entry, "cert")));
}

base::Result<void> Register::change(const json::object& entry, std::string_view status) {
    const auto found = certificates_.find(codec::text_member(entry, "cert"));
    if (found == certificates_.end()) return never_issued(entry);
    found->second.status = status;
    found->second.changed_at = codec::text_member(entry, "at");
    found->second.reason = codec::text_member(entry, "reason");
    return {};
}

base::Result<void> Register::add_key(const json::object& entry) {
    const auto id = codec::text_member(entry, "key");
    if (id.empty() || keys_.contains(id)) {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("entry {} adds key '{}' a second time", entries_, id));
    }
    keys_[id] = {codec::text_member(entry, "use"),
                 codec::text_member(entry, "public"),
                 codec::text_member(entry, "at"),
                 {}};
    return {};
}

base::Result<void> Register::retire_key(const json::object& entry) {
    const auto found = keys_.find(codec::text_member(entry, "key"));
    if (found == keys_.end() || !found->second.retired_at.empty()) {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("entry {} retires key '{}', which is not in use", entries_,
                                      codec::text_member(entry, "key")));
    }
    found->second.retired_at = codec::text_member(entry, "at");
    return {};
}

base::Result<void> Register::set_renewal(const json::object& entry) {
    const auto found = certificates_.find(codec::text_member(entry, "cert"));
    if (found == certificates_.end()) return never_issued(entry);
    found->second.renewal_under_review_since = codec::text_member(entry, "since");
    return {};
}

// What follows from an entry, by its type. Types that are not here say nothing about the register.
base::Result<void> Register::follow(std::string_view type, const json::object& entry) {
    const auto text = [&](std::string_view name) { return codec::text_member(entry, name); };
    const auto plan = [&] { return PlanKey{text("org"), text("scheme"), text("infrastructure")}; };
    if (type == "cert.issued" || type == "cert.renewed" || type == "cert.amended")
        return issue(entry);
    if (type == "cert.suspended") return change(entry, "suspended");
    if (type == "cert.resumed") return change(entry, "valid");
    if (type == "cert.withdrawn") return change(entry, "withdrawn");
    if (type == "cert.renewal-pending") return set_renewal(entry);
    if (type == "key.added") return add_key(entry);
    if (type == "key.retired") return retire_key(entry);
    if (type == "org.created" || type == "org.renamed")
        organisations_[text("org")] = {text("name"), text("type")};
    if (type == "plan.published") plans_[plan()] = text("since");
    if (type == "plan.unpublished") plans_.erase(plan());
    if (type == "scheme.version") schemes_[text("scheme")] = {text("version"), text("sha256")};
    if (type == "statuslist.published") status_list_sha256_ = text("sha256");
    return {};
}

base::Result<void> Register::apply(std::string_view text) {
    boost::system::error_code failure;
    const auto value = json::parse(text, failure);
    const auto* entry = value.if_object();
    if (failure || entry == nullptr) {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("entry {} of the log is not JSON", entries_));
    }
    auto done = follow(codec::text_member(*entry, "t"), *entry);
    if (done) ++entries_;
    return done;
}

std::string Register::print() const {
    json::array organisations, certificates, plans, keys, schemes;
    for (const auto& [key, since] : plans_) {
        const auto& [organisation, scheme, infrastructure] = key;
        plans.push_back({{"organisation", organisation},
                         {"scheme", scheme},
                         {"infrastructure", infrastructure},
                         {"since", since}});
    }
    for (const auto& [id, one] : keys_) {
        json::object row{
            {"key", id}, {"use", one.use}, {"public", one.bytes}, {"added_at", one.added_at}};
        if (!one.retired_at.empty()) row["retired_at"] = one.retired_at;
        keys.push_back(std::move(row));
    }
    for (const auto& [id, one] : schemes_)
        schemes.push_back({{"scheme", id}, {"version", one.version}, {"sha256", one.sha256}});
    for (const auto& [id, one] : organisations_)
        organisations.push_back({{"id", id}, {"name", one.name}, {"type", one.type}});
    for (const auto& [number, one] : certificates_) {
        json::object row{{"certificate", number},
                         {"organisation", one.organisation},
                         {"scheme", one.scheme},
                         {"scope", one.scope},
                         {"environment", one.environment},
                         {"issued_at", one.issued_at},
                         {"until", one.until},
                         {"status", one.status}};
        if (!one.changed_at.empty()) row["changed_at"] = one.changed_at;
        if (!one.reason.empty()) row["reason"] = one.reason;
        if (!one.supersedes.empty()) row["supersedes"] = one.supersedes;
        if (!one.renewal_under_review_since.empty())
            row["renewal_under_review_since"] = one.renewal_under_review_since;
        row["jwt_sha256"] = one.jwt_sha256;
        row["entry"] = one.entry;
        certificates.push_back(std::move(row));
    }
    const json::object out{{"schema", "assay.register/1"},
                           {"entries", entries_},
                           {"keys", std::move(keys)},
                           {"schemes", std::move(schemes)},
                           {"organisations", std::move(organisations)},
                           {"certificates", std::move(certificates)},
                           {"plans", std::move(plans)}};
    return json::serialize(out) + "\n";
}

}  // namespace assay::certify
