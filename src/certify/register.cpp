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

base::Result<void> Register::change(const json::object& entry, std::string_view status) {
    const auto found = certificates_.find(codec::text_member(entry, "cert"));
    if (found == certificates_.end()) {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("entry {} is about certificate '{}', which was never issued",
                                      entries_, codec::text_member(entry, "cert")));
    }
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
    keys_[id] = {codec::text_member(entry, "use"), codec::text_member(entry, "public"), codec::text_member(entry, "at"), {}};
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

base::Result<void> Register::apply(std::string_view text) {
    boost::system::error_code failure;
    const auto value = json::parse(text, failure);
    const auto* entry = value.if_object();
    if (failure || entry == nullptr) {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("entry {} of the log is not JSON", entries_));
    }
    const auto type = codec::text_member(*entry, "t");
    base::Result<void> done;
    if (type == "org.created" || type == "org.renamed") {
        organisations_[codec::text_member(*entry, "org")] = {codec::text_member(*entry, "name"), codec::text_member(*entry, "type")};
    } else if (type == "cert.issued" || type == "cert.renewed" || type == "cert.amended") {
        done = issue(*entry);
    } else if (type == "cert.suspended") {
        done = change(*entry, "suspended");
    } else if (type == "cert.resumed") {
        done = change(*entry, "valid");
    } else if (type == "cert.withdrawn") {
        done = change(*entry, "withdrawn");
    } else if (type == "key.added") {
        done = add_key(*entry);
    } else if (type == "key.retired") {
        done = retire_key(*entry);
    } else if (type == "scheme.version") {
        schemes_[codec::text_member(*entry, "scheme")] = {codec::text_member(*entry, "version"),
                                               codec::text_member(*entry, "sha256")};
    } else if (type == "statuslist.published") {
        status_list_sha256_ = codec::text_member(*entry, "sha256");
    }
    ++entries_;
    return done;
}

std::string Register::print() const {
    json::array organisations, certificates, keys, schemes;
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
        row["jwt_sha256"] = one.jwt_sha256;
        row["entry"] = one.entry;
        certificates.push_back(std::move(row));
    }
    const json::object out{{"schema", "assay.register/1"},
                           {"entries", entries_},
                           {"keys", std::move(keys)},
                           {"schemes", std::move(schemes)},
                           {"organisations", std::move(organisations)},
                           {"certificates", std::move(certificates)}};
    return json::serialize(out) + "\n";
}

}  // namespace assay::certify
