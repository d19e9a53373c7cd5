#include "certify/authority.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace assay::certify {

namespace {

constexpr std::size_t name_octets_max = 65'536;

std::string host_of(std::string_view origin) {
    constexpr std::string_view https = "https://";
    return std::string(origin.substr(https.size()));
}

// "https://", a host name and perhaps a port.
bool is_origin(std::string_view origin) {
    if (!origin.starts_with("https://") || origin.size() < 10) return false;
    const auto host = host_of(origin);
    return host.front() != '.' && host.front() != '-' && std::ranges::all_of(host, [](char c) {
               return base::is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '.' ||
                      c == ':';
           });
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

// Ends between two characters of UTF-8, so that the token stays JSON.
std::string shortened(const std::string& text) {
    constexpr std::size_t statement_octets_max = 200;  // ours: the pack stays below 3 kB
    return text.substr(0, base::character_begin(text, statement_octets_max));
}

}  // namespace

base::Result<void> Authority::create(const std::string& folder, const std::string& origin,
                                     base::Moment at) {
    if (!is_origin(origin)) {
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
        auto verifier = prove::parse_verifier(witness.key);
        if (!verifier || verifier->kind != prove::NoteKind::cosignature) {
            return base::fail(base::ErrorKind::usage,
                              fmt::format("{}/authority.json: '{}' is not the key of a witness, as "
                                          "'assay witness new' prints it",
                                          folder, base::quote_for_display(witness.key, 80)));
        }
        if (std::ranges::any_of(out.trust_.witnesses, [&](const prove::Verifier& other) {
                return other.key.bytes() == verifier->key.bytes();
            })) {
            return base::fail(base::ErrorKind::usage,
                              fmt::format("{}/authority.json names the witness {} twice", folder,
                                          verifier->name));
        }
        out.trust_.witnesses.push_back(*std::move(verifier));
    }
    out.trust_.witnesses_needed = out.name_.witnesses_needed;
    // A checkpoint carries one line of the log and one of each witness.
    if (out.trust_.witnesses.size() >= prove::note_signatures_max ||
        out.trust_.witnesses_needed > out.trust_.witnesses.size()) {
        return base::fail(base::ErrorKind::usage,
                          folder +
                              "/authority.json: name 15 witnesses at most, and need no more "
                              "than it names");
    }
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
        .statement = shortened(made.scope_statement),
        .sites = order.sites,
        .users_band = order.users_band,
        .domains = made.domains,
        .scheme = order.scheme.id,
        .scheme_version = order.scheme.version,
        .decided_on = print(made.issued),
        .snapshot_sha256 = order.snapshot_sha256,
        .conditions = order.conditions,
        .supersedes = made.supersedes,
        .amends = order.application.kind == CaseKind::amendment,
        .log_origin = name_.log_origin,
        .status_uri = made.status_uri,
        .status_index = made.status_index,
    };
    ASSAY_TRY(auto token, prove::sign_certificate(certificate, name_.issuer_key, issuer_));
    if (token.size() > prove::jws_octets_max) {
        return base::fail(base::ErrorKind::limit,
                          "the certificate would be too long to be read. Name fewer domains");
    }
    auto entry = prove::log_entry(certificate, token);
    return Issued{std::move(token), std::move(entry)};
}

base::Result<prove::Pack> Authority::pack(const Certificate& certificate) const {
    ASSAY_TRY(const auto log, prove::LogDirectory::open(folder_ + "/public"));
    ASSAY_TRY(const auto status,
              prove::read_file(folder_ + "/public/status.jwt", prove::jws_octets_max));
    if (certificate.log_index >= log.size()) {
        return base::fail(base::ErrorKind::not_found,
                          "The certificate is not in the public log yet. Publish it first");
    }
    auto checkpoint = checkpoint_with(log, certificate.log_index);
    ASSAY_TRY(const auto head, prove::parse_checkpoint(checkpoint.text));
    const prove::TlogProof proof{
        .extra = {},
        .index = certificate.log_index,
        .hashes = log.tree().inclusion_proof(certificate.log_index, head.size),
        .checkpoint = std::move(checkpoint)};
    return prove::Pack{certificate.jwt, prove::print(proof), status};
}

}  // namespace assay::certify
