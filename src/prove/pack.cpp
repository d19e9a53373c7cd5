#include "prove/pack.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <boost/json.hpp>

#include "base/text.hpp"
#include "codec/json_member.hpp"

namespace assay::prove {

namespace json = boost::json;

namespace {

std::string checksum(const std::string& text) {
    const auto sum =
        crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
    return fmt::format("{:08x}", sum);
}

base::Result<json::object> parse_object(std::string_view text, std::size_t max) {
    json::parse_options options;
    options.max_depth = json_depth_max;
    boost::system::error_code failure;
    if (text.size() > max) return base::fail(base::ErrorKind::limit, "the file is too large");
    auto value = json::parse(text, failure, {}, options);
    if (failure || !value.is_object())
        return base::fail(base::ErrorKind::malformed, "the file is not JSON");
    return std::move(value.get_object());
}

base::Result<Issuer> parse_issuer(const json::value& value) {
    const auto wrong = [] {
        return base::fail(
            base::ErrorKind::usage,
            "An issuer of the trust file is not a P-256 key as JWK, with iss and kid");
    };
    if (!value.is_object()) return wrong();
    const auto& in = value.get_object();
    const auto x = base::base64url_decode(codec::text_member(in, "x")),
               y = base::base64url_decode(codec::text_member(in, "y"));
    if (codec::text_member(in, "kty") != "EC" || codec::text_member(in, "crv") != "P-256" || !x ||
        !y || x->size() != 32 || y->size() != 32)
        return wrong();
    const auto bytes = *x + *y;
    auto key = crypto::PublicKey::from_bytes(
        crypto::KeyKind::p256, {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    if (!key) return wrong();
    return Issuer{codec::text_member(in, "iss"), codec::text_member(in, "kid"), *std::move(key)};
}

base::Result<Verifier> trusted_verifier(std::string_view text, NoteKind kind) {
    auto read = parse_verifier(text);
    if (!read) return base::fail(base::ErrorKind::usage, "The trust file: " + read.error().detail);
    if (read->kind != kind) {
        return base::fail(
            base::ErrorKind::usage,
            fmt::format("The trust file: the key of '{}' is of another kind", read->name));
    }
    return read;
}

}  // namespace

base::Result<Pack> parse_pack(std::string_view text) {
    ASSAY_TRY(const auto object, parse_object(text, pack_octets_max));
    if (codec::text_member(object, "schema") != pack_schema) {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("this is not a certificate pack ({})", pack_schema));
    }
    Pack out{codec::text_member(object, "certificate"), codec::text_member(object, "proof"),
             codec::text_member(object, "status")};
    if (print(out) != text) {
        return base::fail(base::ErrorKind::malformed,
                          "the pack was changed: it is not as it was written");
    }
    return out;
}

std::string print(const Pack& pack) {
    const json::object out{{"schema", pack_schema},
                           {"certificate", pack.certificate},
                           {"proof", pack.proof},
                           {"status", pack.status},
                           {"crc32", checksum(pack.certificate + pack.proof + pack.status)}};
    return json::serialize(out) + "\n";
}

base::Result<Trust> parse_trust(std::string_view text) {
    auto read = parse_object(text, pack_octets_max);
    if (!read || codec::text_member(*read, "schema") != "assay.trust/1") {
        return base::fail(base::ErrorKind::usage,
                          "This is not a trust file (\"schema\": \"assay.trust/1\")");
    }
    Trust out;
    const auto* issuers = read->if_contains("issuers");
    if (issuers == nullptr || !issuers->is_array() || issuers->get_array().empty())
        return base::fail(base::ErrorKind::usage, "The trust file names no issuers");
    for (const auto& one : issuers->get_array()) {
        ASSAY_TRY(auto issuer, parse_issuer(one));
        out.issuers.push_back(std::move(issuer));
    }
    ASSAY_TRY(auto log, trusted_verifier(codec::text_member(*read, "log"), NoteKind::ed25519));
    out.log = std::move(log);
    const auto* witnesses = read->if_contains("witnesses");
    for (const auto& one :
         witnesses != nullptr && witnesses->is_array() ? witnesses->get_array() : json::array{}) {
        if (!one.is_string())
            return base::fail(base::ErrorKind::usage, "A witness of the trust file is not a text");
        ASSAY_TRY(auto witness, trusted_verifier(one.get_string(), NoteKind::cosignature));
        // Counted twice, one witness would do for two.
        if (std::ranges::any_of(out.witnesses, [&](const Verifier& other) {
                return other.key.bytes() == witness.key.bytes();
            })) {
            return base::fail(base::ErrorKind::usage,
                              "The trust file names the witness " + witness.name + " twice");
        }
        out.witnesses.push_back(std::move(witness));
    }
    const auto* needed = read->if_contains("witnesses_needed");
    boost::system::error_code failure;
    if (needed != nullptr) out.witnesses_needed = needed->to_number<std::size_t>(failure);
    if (failure || out.witnesses_needed > out.witnesses.size())
        return base::fail(base::ErrorKind::usage,
                          "The trust file needs more witnesses than it names");
    return out;
}

std::string print(const Trust& trust) {
    json::array issuers, witnesses;
    for (const auto& one : trust.issuers) {
        issuers.push_back({{"kty", "EC"},
                           {"crv", "P-256"},
                           {"x", base::base64url_encode(one.key.bytes().substr(0, 32))},
                           {"y", base::base64url_encode(one.key.bytes().substr(32))},
                           {"kid", one.key_id},
                           {"iss", one.iss}});
    }
    for (const auto& one : trust.witnesses)
        witnesses.push_back(json::string(print(one)));
    const json::object out{{"schema", "assay.trust/1"},
                           {"issuers", std::move(issuers)},
                           {"log", print(trust.log)},
                           {"witnesses", std::move(witnesses)},
                           {"witnesses_needed", trust.witnesses_needed}};
    return json::serialize(out) + "\n";
}

}  // namespace assay::prove
