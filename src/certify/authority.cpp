#include "certify/authority.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "crypto/sha256.hpp"

namespace assay::certify {

namespace {

constexpr std::size_t name_octets_max = 65'536;
constexpr std::size_t entries_at_once = 4'096;
// facts of the scheme's status service: published every hour, believed for a week.
constexpr auto status_lifetime = std::chrono::days(7);
constexpr std::uint64_t status_block = 16'384;

std::string host_of(std::string_view origin) {
    constexpr std::string_view https = "https://";
    return std::string(origin.substr(https.size()));
}

base::Result<AuthorityName> read_name(const std::string& folder) {
    ASSAY_TRY(const auto text, prove::read_file(folder + "/authority.json", name_octets_max));
    boost::system::error_code failure;
    const auto value = json::parse(text, failure);
    if (failure) return base::fail(base::ErrorKind::usage, folder + "/authority.json is not JSON");
    return from_json<AuthorityName>(value, "authority.json");
}

base::Result<void> write_name(const std::string& folder, const AuthorityName& name) {
    return prove::write_file(folder + "/authority.json", json::serialize(to_json(name)) + "\n");
}

std::string issuer_key_path(const std::string& folder, std::string_view id) {
    return fmt::format("{}/keys/issuer-{}.pem", folder, id);
}

base::Result<crypto::PrivateKey> read_issuer_key(const std::string& folder, std::string_view id) {
    return crypto::read_key_file(issuer_key_path(folder, id));
}

// Makes the key file of a new issuer key; its id is the year, or the year and a number.
base::Result<std::string> make_issuer_key(const std::string& folder, base::Moment at) {
    const auto year = fmt::format("{}", static_cast<int>(date_of(at).year()));
    auto id = year;
    for (unsigned i = 2; std::filesystem::exists(issuer_key_path(folder, id)); ++i)
        id = fmt::format("{}-{}", year, i);
    ASSAY_TRY(const auto key, crypto::PrivateKey::generate(crypto::KeyKind::p256));
    if (auto ok = crypto::write_key_file(issuer_key_path(folder, id), key); !ok)
        return std::unexpected(ok.error());
    return id;
}

}  // namespace

base::Result<void> Authority::create(const std::string& folder, const std::string& origin,
                                     base::Moment at) {
    if (!origin.starts_with("https://") || origin.size() < 10 || origin.ends_with('/') ||
        host_of(origin).find('/') != std::string::npos) {
        return base::fail(base::ErrorKind::usage,
                          "The origin must be https:// and a host name, such as "
                          "https://assurance.example");
    }
    if (std::filesystem::exists(folder + "/authority.json")) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("There is an authority in {} already", folder));
    }
    std::error_code failure;
    std::filesystem::create_directories(folder + "/keys", failure);
    std::filesystem::permissions(folder + "/keys", std::filesystem::perms::owner_all, failure);
    ASSAY_TRY(const auto log, crypto::PrivateKey::generate(crypto::KeyKind::ed25519));
    if (auto ok = crypto::write_key_file(folder + "/keys/log.pem", log); !ok) return ok;
    ASSAY_TRY(auto issuer_key, make_issuer_key(folder, at));
    return write_name(folder, {.origin = origin,
                               .log_origin = host_of(origin) + "/log",
                               .issuer_key = std::move(issuer_key)});
}

base::Result<std::string> Authority::rotate(const std::string& folder, base::Moment at) {
    ASSAY_TRY(auto name, read_name(folder));
    ASSAY_TRY(auto id, make_issuer_key(folder, at));
    name.former_keys.push_back(std::exchange(name.issuer_key, id));
    if (auto ok = write_name(folder, name); !ok) return std::unexpected(ok.error());
    return id;
}

base::Result<void> Authority::retire(const std::string& folder, const std::string& key,
                                     Store& store) {
    ASSAY_TRY(auto name, read_name(folder));
    const auto former = std::ranges::find(name.former_keys, key);
    if (former == name.former_keys.end()) {
        return base::fail(
            base::ErrorKind::usage,
            key == name.issuer_key
                ? fmt::format("Key '{}' signs now. Rotate first, then retire it", key)
                : fmt::format("There is no former key '{}'", base::quote_for_display(key, 40)));
    }
    ASSAY_TRY(const auto transaction, store.read());
    for (const auto* state : {"valid", "suspended"}) {
        ASSAY_TRY(const auto rows,
                  transaction->list(Kind::certificate, {.organisation = {}, .state = state}));
        for (const auto& row : rows) {
            ASSAY_TRY(const auto one, value_of<Certificate>(row, "certificate"));
            ASSAY_TRY(const auto read, prove::parse_certificate(one.jwt));
            if (read.jws.key_id != key) continue;
            return base::fail(base::ErrorKind::usage,
                              fmt::format("Key '{}' signed certificate {}, which is {}. Retire the "
                                          "key when its certificates are over",
                                          key, one.number, state));
        }
    }
    name.retired_keys.push_back(key);
    name.former_keys.erase(former);
    return write_name(folder, name);
}

base::Result<Authority> Authority::open(const std::string& folder) {
    Authority out;
    out.folder_ = folder;
    ASSAY_TRY(auto name, read_name(folder));
    out.name_ = std::move(name);
    ASSAY_TRY(auto issuer, read_issuer_key(folder, out.name_.issuer_key));
    out.issuer_ = std::move(issuer);
    ASSAY_TRY(auto log, crypto::read_key_file(folder + "/keys/log.pem"));
    out.log_ = std::move(log);
    out.trust_.issuers.push_back(
        {out.name_.origin, out.name_.issuer_key, out.issuer_.public_key()});
    for (const auto& id : out.name_.former_keys) {
        ASSAY_TRY(const auto former, read_issuer_key(folder, id));
        out.trust_.issuers.push_back({out.name_.origin, id, former.public_key()});
    }
    out.trust_.log = {out.name_.log_origin, prove::NoteKind::ed25519, out.log_.public_key()};
    for (const auto& witness : out.name_.witnesses) {
        ASSAY_TRY(auto verifier, prove::parse_verifier(witness));
        out.trust_.witnesses.push_back(std::move(verifier));
    }
    out.trust_.witnesses_needed = out.name_.witnesses_needed;
    return out;
}

std::string Authority::organisation_uri(std::string_view organisation) const {
    return fmt::format("{}/register/{}", name_.origin, organisation);
}

base::Result<Issued> Authority::sign(const IssueOrder& order) const {
    const auto& made = order.certificate;
    const prove::Certificate certificate{
        .iss = name_.origin,
        .vct = fmt::format("{}/vct/{}", name_.origin, order.scheme.vct),
        .jti = made.number,
        .iat = order.at,
        .nbf = order.at,
        // Valid on its last day.
        .exp = start_of(plus(made.last_day, {.days = 1})),
        .sub = organisation_uri(made.organisation),
        .organisation = order.organisation.name(),
        .organisation_type = order.organisation.type,
        .registration = order.organisation.registration,
        .whole = made.whole_organisation,
        .environment = made.environment,
        .statement = made.scope_statement.substr(0, 200),
        .sites = order.sites,
        .users_band = order.users_band,
        .domains = made.domains,
        .scheme = order.scheme.id,
        .scheme_version = order.scheme.version,
        .decided_on = print(made.issued),
        .snapshot_sha256 = order.snapshot_sha256,
        .conditions = order.conditions,
        .supersedes = made.supersedes,
        .log_origin = name_.log_origin,
        .status_uri = made.status_uri,
        .status_index = made.status_index,
    };
    ASSAY_TRY(auto token, prove::sign_certificate(certificate, name_.issuer_key, issuer_));
    auto entry = prove::log_entry(certificate, token);
    return Issued{std::move(token), std::move(entry)};
}

base::Result<void> Authority::catch_up(Transaction& store, prove::LogDirectory& log,
                                       Register& all) const {
    ASSAY_TRY(const auto size, store.log_size());
    if (size < log.size()) {
        return base::fail(base::ErrorKind::conflict,
                          "the public log is longer than the store: this is another store, or an "
                          "old copy of it. Nothing was published");
    }
    for (auto from = log.size(); from < size;) {
        ASSAY_TRY(const auto entries, store.entries(from, entries_at_once));
        for (const auto& entry : entries) {
            if (auto ok = all.apply(entry); !ok) return ok;
        }
        if (auto ok = log.append(from, entries); !ok) return ok;
        from += entries.size();
    }
    return {};
}

base::Result<prove::StatusList> Authority::status_list(Transaction& store) const {
    ASSAY_TRY(const auto rows, store.list(Kind::certificate, {}));
    std::vector<Certificate> all;
    std::uint64_t places = status_block;
    for (const auto& row : rows) {
        ASSAY_TRY(auto one, value_of<Certificate>(row, "certificate"));
        while (one.status_index >= places)
            places += status_block;
        all.push_back(std::move(one));
    }
    prove::StatusList list(2, places);
    for (const auto& one : all) {
        const auto value = one.status == CertificateStatus::withdrawn   ? prove::Status::invalid
                           : one.status == CertificateStatus::suspended ? prove::Status::suspended
                                                                        : prove::Status::valid;
        list.set(one.status_index, static_cast<std::uint8_t>(value));
    }
    return list;
}

std::vector<json::object> Authority::news(const Register& all, std::span<const Scheme> schemes,
                                          const prove::StatusList& list) const {
    std::vector<json::object> out;
    const auto add_key = [&](const std::string& id, std::string_view use,
                             const crypto::PublicKey& key) {
        if (all.keys().contains(id)) return;
        out.push_back({{"t", "key.added"},
                       {"key", id},
                       {"use", use},
                       {"public", base::base64url_encode(key.bytes())}});
    };
    add_key(name_.log_origin, "log", log_.public_key());
    for (const auto& issuer : trust_.issuers)
        add_key(issuer.key_id, "issuer", issuer.key);
    for (const auto& id : name_.retired_keys) {
        const auto key = all.keys().find(id);
        if (key != all.keys().end() && key->second.retired_at.empty())
            out.push_back({{"t", "key.retired"}, {"key", id}});
    }
    for (const auto& scheme : schemes) {
        const auto known = all.schemes().find(scheme.id);
        if (known != all.schemes().end() && known->second.sha256 == scheme.sha256) continue;
        out.push_back({{"t", "scheme.version"},
                       {"scheme", scheme.id},
                       {"version", scheme.version},
                       {"sha256", scheme.sha256}});
    }
    const auto sha256 = crypto::sha256_hex(list.bytes());
    if (all.status_list_sha256() != sha256)
        out.push_back({{"t", "statuslist.published"}, {"uri", status_uri()}, {"sha256", sha256}});
    return out;
}

base::Result<void> Authority::publish(Store& store, std::span<const Scheme> schemes,
                                      base::Moment at) const {
    const auto place = folder_ + "/public";
    std::error_code failure;
    std::filesystem::create_directories(place, failure);
    ASSAY_TRY(const auto lock, prove::LogLock::take(place));
    ASSAY_TRY(auto log, prove::LogDirectory::open(place));
    Register all;
    for (std::uint64_t i = 0; i < log.size(); ++i) {
        if (auto ok = all.apply(log.entry(i)); !ok) return ok;
    }
    ASSAY_TRY(auto before, store.read());
    ASSAY_TRY(auto list, status_list(*before));
    if (auto ok = catch_up(*before, log, all); !ok) return ok;
    before.reset();
    if (const auto missing = news(all, schemes, list); !missing.empty()) {
        ASSAY_TRY(const auto writer, store.write());
        for (const auto& entry : missing) {
            const auto index = writer->append_entry(print_entry(entry, at));
            if (!index) return std::unexpected(index.error());
        }
        if (auto ok = writer->commit(); !ok) return ok;
    }
    ASSAY_TRY(const auto acknowledged, store.read());
    if (auto ok = catch_up(*acknowledged, log, all); !ok) return ok;
    ASSAY_TRY(const auto checkpoint, log.sign_checkpoint(name_.log_origin, log_));
    if (auto ok = log.publish(checkpoint); !ok) return ok;
    ASSAY_TRY(const auto status, prove::sign_status({.uri = status_uri(),
                                                     .issued = at,
                                                     .expires = at + status_lifetime,
                                                     .list = std::move(list)},
                                                    name_.issuer_key, issuer_));
    if (auto ok = prove::write_file(place + "/status.jwt", status); !ok) return ok;
    if (auto ok = prove::write_file(place + "/register.json", all.print()); !ok) return ok;
    return prove::write_file(place + "/trust.json", prove::print(trust_));
}

base::Result<prove::Pack> Authority::pack(const Certificate& certificate) const {
    ASSAY_TRY(const auto log, prove::LogDirectory::open(folder_ + "/public"));
    ASSAY_TRY(const auto status,
              prove::read_file(folder_ + "/public/status.jwt", prove::jws_octets_max));
    if (certificate.log_index >= log.size()) {
        return base::fail(base::ErrorKind::not_found,
                          "The certificate is not in the public log yet. Publish it first");
    }
    const prove::TlogProof proof{
        .extra = {},
        .index = certificate.log_index,
        .hashes = log.tree().inclusion_proof(certificate.log_index, log.size()),
        .checkpoint = *log.checkpoint()};
    return prove::Pack{certificate.jwt, prove::print(proof), status};
}

}  // namespace assay::certify
