#include "prove/jws.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "base/text.hpp"
#include "codec/json_member.hpp"

namespace assay::prove {

namespace json = boost::json;

namespace {

std::unexpected<base::Error> malformed(std::string_view what) {
    return base::fail(base::ErrorKind::malformed,
                      fmt::format("this is not a token signed with ES256: {}", what));
}

base::Result<json::object> parse_object(std::string_view encoded, std::string_view what) {
    const auto text = base::base64url_decode(encoded);
    if (!text) return malformed(fmt::format("the {} is not base64url", what));
    json::parse_options options;
    options.max_depth = json_depth_max;
    boost::system::error_code failure;
    auto value = json::parse(*text, failure, {}, options);
    if (failure || !value.is_object()) return malformed(fmt::format("the {} is not JSON", what));
    return std::move(value.get_object());
}

}  // namespace

base::Result<Jws> parse_jws(std::string_view text, std::string_view type) {
    if (text.size() > jws_octets_max)
        return base::fail(base::ErrorKind::limit, "the signed token is longer than 64 kB");
    const auto parts = base::split(text, '.');
    if (parts.size() != 3) return malformed("it does not have three parts");
    ASSAY_TRY(const auto header, parse_object(parts[0], "header"));
    for (const auto& [name, value] : header) {
        if (name != "alg" && name != "typ" && name != "kid")
            return malformed("its header has members that are not known here");
    }
    if (codec::text_member(header, "alg") != "ES256") return malformed("its algorithm is another");
    if (codec::text_member(header, "typ") != type)
        return malformed(fmt::format("its type is '{}', not '{}'",
                                     base::quote_for_display(codec::text_member(header, "typ"), 40),
                                     type));
    Jws out;
    out.type = type;
    out.key_id = codec::text_member(header, "kid");
    ASSAY_TRY(auto payload, parse_object(parts[1], "payload"));
    out.payload = std::move(payload);
    out.signed_part = text.substr(0, parts[0].size() + 1 + parts[1].size());
    const auto signature = base::base64url_decode(parts[2]);
    if (!signature || signature->size() != 64) return malformed("its signature is not 64 bytes");
    out.signature = *signature;
    return out;
}

bool verify(const Jws& jws, const crypto::PublicKey& key) {
    return key.kind() == crypto::KeyKind::p256 &&
           key.verify(jws.signed_part, {reinterpret_cast<const std::uint8_t*>(jws.signature.data()),
                                        jws.signature.size()});
}

base::Result<std::string> sign_jws(const json::object& payload, std::string_view type,
                                   std::string_view key_id, const crypto::PrivateKey& key) {
    if (key.kind() != crypto::KeyKind::p256)
        return base::fail(base::ErrorKind::usage, "ES256 needs a P-256 key");
    const json::object header{{"alg", "ES256"}, {"typ", type}, {"kid", key_id}};
    const auto part = base::base64url_encode(json::serialize(header)) + "." +
                      base::base64url_encode(json::serialize(payload));
    ASSAY_TRY(const auto signature, key.sign(part));
    return part + "." +
           base::base64url_encode(
               {reinterpret_cast<const char*>(signature.data()), signature.size()});
}

}  // namespace assay::prove
