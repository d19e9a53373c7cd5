#include "prove/jws.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"
#include "prove/certificate.hpp"

namespace {

using namespace assay;

// What was parsed is signed as it stands, and no key verifies what nobody signed.
void check(const prove::Jws& jws, std::string_view text) {
    static const auto key = *crypto::PrivateKey::generate(crypto::KeyKind::p256);
    ASSAY_ASSERT(text.starts_with(jws.signed_part));
    ASSAY_ASSERT(jws.signature.size() == 64);
    ASSAY_ASSERT(!prove::verify(jws, key.public_key()));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto jws = prove::parse_jws(text, prove::certificate_type)) check(*jws, text);
    if (const auto read = prove::parse_certificate(text)) {
        check(read->jws, text);
        const auto entry = prove::log_entry(read->certificate, text);
        ASSAY_ASSERT(entry.starts_with("{\"v\":1,"));
    }
    // A payload as it would be signed reaches the certificate's reader behind the token's.
    const auto header = base::base64url_encode(R"({"alg":"ES256","typ":"dc+sd-jwt","kid":"k"})");
    const auto token = header + "." + base::base64url_encode(text) + "." +
                       base::base64url_encode(std::string(64, 'x')) + "~";
    if (const auto read = prove::parse_certificate(token)) {
        const auto& one = read->certificate;
        ASSAY_ASSERT(one.exp.time_since_epoch().count() < (1ll << 40));
        (void)base::print(one.exp);
    }
    return 0;
}
