#include "certify/authority.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "certify/register.hpp"

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
    const AuthorityName name{.origin = origin,
                             .log_origin = host_of(origin) + "/log",
                             .issuer_key = fmt::format("{}", static_cast<int>(date_of(at).year())),
                             .witnesses = {},
                             .witnesses_needed = 0};
    ASSAY_TRY(const auto issuer, crypto::PrivateKey::generate(crypto::KeyKind::p256));
    ASSAY_TRY(const auto log, crypto::PrivateKey::generate(crypto::KeyKind::ed25519));
    const auto issuer_path = fmt::format("{}/keys/issuer-{}.pem", folder, name.issuer_key);
    if (auto ok = crypto::write_key_file(issuer_path, issuer); !ok) return ok;
    if (auto ok = crypto::write_key_file(folder + "/keys/log.pem", log); !ok) return ok;
    return prove::write_file(folder + "/authority.json", json::serialize(to_json(name)) + "\n");
}

base::Result<Authority> Authority::open(const std::string& folder) {
    Authority out;
    out.folder_ = folder;
    ASSAY_TRY(const auto text, prove::read_file(folder + "/authority.json", name_octets_max));
    boost::system::error_code failure;
    const auto value = json::parse(text, failure);
    if (failure) return base::fail(base::ErrorKind::usage, folder + "/authority.json is not JSON");
    ASSAY_TRY(auto name, from_json<AuthorityName>(value, "authority.json"));
    out.name_ = std::move(name);
    ASSAY_TRY(auto issuer, crypto::read_key_file(
                               fmt::format("{}/keys/issuer-{}.pem", folder, out.name_.issuer_key)));
    out.issuer_ = std::move(issuer);
    ASSAY_TRY(auto log, crypto::read_key_file(folder + "/keys/log.pem"));
    out.log_ = std::move(log);
    out.trust_.issuers.push_back(
        {out.name_.origin, out.name_.issuer_key, out.issuer_.public_key()});
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

base::Result<void> Authority::publish_log(Transaction& store, prove::LogDirectory& log) const {
    ASSAY_TRY(const auto size, store.log_size());
    if (size < log.size()) {
        return base::fail(base::ErrorKind::conflict,
                          "the public log is longer than the store: this is another store, or an "
                          "old copy of it. Nothing was published");
    }
    for (auto from = log.size(); from < size;) {
        ASSAY_TRY(const auto entries, store.entries(from, entries_at_once));
        if (auto ok = log.append(from, entries); !ok) return ok;
        from += entries.size();
    }
    ASSAY_TRY(const auto note, log.sign_checkpoint(name_.log_origin, log_));
    return log.publish(note);
}

base::Result<void> Authority::publish_status(Transaction& store, base::Moment at) const {
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
    ASSAY_TRY(const auto token, prove::sign_status({.uri = status_uri(),
                                                    .issued = at,
                                                    .expires = at + status_lifetime,
                                                    .list = std::move(list)},
                                                   name_.issuer_key, issuer_));
    return prove::write_file(folder_ + "/public/status.jwt", token);
}

base::Result<void> Authority::publish(Store& store, base::Moment at) const {
    ASSAY_TRY(const auto transaction, store.read());
    ASSAY_TRY(auto log, prove::LogDirectory::open(folder_ + "/public"));
    if (auto ok = publish_log(*transaction, log); !ok) return ok;
    if (auto ok = publish_status(*transaction, at); !ok) return ok;
    Register all;
    for (std::uint64_t i = 0; i < log.size(); ++i) {
        if (auto ok = all.apply(log.entry(i)); !ok) return ok;
    }
    if (auto ok = prove::write_file(folder_ + "/public/register.json", all.print()); !ok) return ok;
    return prove::write_file(folder_ + "/public/trust.json", prove::print(trust_));
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
