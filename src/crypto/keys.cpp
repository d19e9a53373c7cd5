#include "crypto/keys.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace assay::crypto {

namespace {

constexpr std::size_t pem_octets_max = 8192;  // ours: a P-256 key has 241

template <class T, void (*release)(T*)>
struct Releaser {
    void operator()(T* value) const { release(value); }
};
using Context = std::unique_ptr<EVP_MD_CTX, Releaser<EVP_MD_CTX, EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Releaser<ECDSA_SIG, ECDSA_SIG_free>>;

std::unexpected<base::Error> failed(std::string_view what) {
    return base::fail(base::ErrorKind::internal, fmt::format("OpenSSL could not {}", what));
}

base::Result<std::string> public_bytes(KeyKind kind, EVP_PKEY* key) {
    std::array<unsigned char, 65> bytes{};
    std::size_t size = bytes.size();
    if (kind == KeyKind::ed25519) {
        if (EVP_PKEY_get_raw_public_key(key, bytes.data(), &size) != 1 || size != 32)
            return failed("read the public key");
        return std::string(reinterpret_cast<const char*>(bytes.data()), size);
    }
    // SEC 1 section 2.3.3: 04 || x || y.
    if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_PUB_KEY, bytes.data(), bytes.size(),
                                        &size) != 1 ||
        size != 65 || bytes[0] != 4)
        return failed("read the public key");
    return std::string(reinterpret_cast<const char*>(bytes.data()) + 1, 64);
}

EVP_PKEY* p256_from_point(std::span<const std::uint8_t> bytes) {
    std::array<unsigned char, 65> point{4};
    std::ranges::copy(bytes, point.begin() + 1);
    const std::unique_ptr<EVP_PKEY_CTX, Releaser<EVP_PKEY_CTX, EVP_PKEY_CTX_free>> context(
        EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    char group[] = "P-256";
    const std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* key = nullptr;
    if (!context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY,
                          const_cast<OSSL_PARAM*>(parameters.data())) != 1)
        return nullptr;
    return key;
}

// DER of r and s from r || s; empty: no memory.
std::string der_signature(std::span<const std::uint8_t> raw) {
    const EcdsaSignature signature(ECDSA_SIG_new());
    BIGNUM* r = BN_bin2bn(raw.data(), 32, nullptr);
    BIGNUM* s = BN_bin2bn(raw.data() + 32, 32, nullptr);
    if (!signature || ECDSA_SIG_set0(signature.get(), r, s) != 1) return {};
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    if (size <= 0) return {};
    std::string out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return out;
}

}  // namespace

base::Result<PublicKey> PublicKey::from_bytes(KeyKind kind, std::span<const std::uint8_t> bytes) {
    const std::size_t size = kind == KeyKind::p256 ? 64 : 32;
    EVP_PKEY* key = nullptr;
    if (bytes.size() == size) {
        key = kind == KeyKind::p256
                  ? p256_from_point(bytes)
                  : EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes.data(), size);
    }
    if (key == nullptr) return base::fail(base::ErrorKind::malformed, "this is not a public key");
    PublicKey out;
    out.kind_ = kind;
    out.bytes_.assign(bytes.begin(), bytes.end());
    out.key_.reset(key, EVP_PKEY_free);
    return out;
}

bool PublicKey::verify(std::string_view message, std::span<const std::uint8_t> signature) const {
    if (!key_ || signature.size() != 64) return false;
    const Context context(EVP_MD_CTX_new());
    const auto* digest = kind_ == KeyKind::p256 ? EVP_sha256() : nullptr;
    if (!context || EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1)
        return false;
    std::string bytes(signature.begin(), signature.end());
    if (kind_ == KeyKind::p256) bytes = der_signature(signature);
    return EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(bytes.data()),
                            bytes.size(), reinterpret_cast<const unsigned char*>(message.data()),
                            message.size()) == 1;
}

base::Result<void> PrivateKey::adopt(evp_pkey_st* key) {
    key_.reset(key, EVP_PKEY_free);
    const int id = EVP_PKEY_get_base_id(key);
    std::array<char, 32> group{};
    std::size_t size = 0;
    if (id == EVP_PKEY_ED25519) {
        public_.kind_ = KeyKind::ed25519;
    } else if (id == EVP_PKEY_EC &&
               EVP_PKEY_get_group_name(key, group.data(), group.size(), &size) == 1 &&
               std::string_view(group.data(), size) == "prime256v1") {
        public_.kind_ = KeyKind::p256;
    } else {
        return base::fail(base::ErrorKind::usage,
                          "the key must be a P-256 or an Ed25519 key in PKCS#8");
    }
    ASSAY_TRY(auto bytes, public_bytes(public_.kind_, key));
    public_.bytes_ = std::move(bytes);
    public_.key_ = key_;
    return {};
}

base::Result<PrivateKey> PrivateKey::generate(KeyKind kind) {
    EVP_PKEY* key = kind == KeyKind::p256 ? EVP_EC_gen("P-256")
                                          : EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    if (key == nullptr) return failed("make a key");
    PrivateKey out;
    if (auto ok = out.adopt(key); !ok) return std::unexpected(ok.error());
    return out;
}

base::Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
    const std::unique_ptr<BIO, Releaser<BIO, BIO_vfree>> in(
        BIO_new_mem_buf(pem.data(), static_cast<int>(std::min(pem.size(), pem_octets_max))));
    // A password is never asked for: keys are kept by permissions.
    EVP_PKEY* key = PEM_read_bio_PrivateKey(
        in.get(), nullptr, [](char*, int, int, void*) { return -1; }, nullptr);
    if (key == nullptr)
        return base::fail(base::ErrorKind::usage, "this is not a private key in PKCS#8 PEM");
    PrivateKey out;
    if (auto ok = out.adopt(key); !ok) return std::unexpected(ok.error());
    return out;
}

base::Result<Signature> PrivateKey::sign(std::string_view message) const {
    const Context context(EVP_MD_CTX_new());
    const auto* digest = kind() == KeyKind::p256 ? EVP_sha256() : nullptr;
    std::array<unsigned char, 80> bytes{};
    std::size_t size = bytes.size();
    if (!context || EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), bytes.data(), &size,
                       reinterpret_cast<const unsigned char*>(message.data()), message.size()) != 1)
        return failed("sign");
    Signature out{};
    if (kind() == KeyKind::ed25519) {
        std::copy_n(bytes.begin(), out.size(), out.begin());
        return out;
    }
    const unsigned char* at = bytes.data();
    const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
    if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), out.data(), 32) != 32 ||
        BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), out.data() + 32, 32) != 32)
        return failed("write the signature");
    return out;
}

base::Result<std::string> PrivateKey::pem() const {
    const std::unique_ptr<BIO, Releaser<BIO, BIO_vfree>> out(BIO_new(BIO_s_mem()));
    if (!out || PEM_write_bio_PKCS8PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr,
                                              nullptr) != 1)
        return failed("write the key");
    char* data = nullptr;
    const long size = BIO_get_mem_data(out.get(), &data);
    return std::string(data, static_cast<std::size_t>(size));
}

base::Result<PrivateKey> read_key_file(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) {
        return base::fail(base::ErrorKind::usage, fmt::format("The key file {} cannot be read: {}",
                                                              path, std::strerror(errno)));
    }
    struct stat facts{};
    const bool known = ::fstat(file, &facts) == 0;
    if (!known || (facts.st_mode & 077) != 0) {
        ::close(file);
        return base::fail(base::ErrorKind::usage,
                          fmt::format("The key file {} has mode {:03o}, so that others may read "
                                      "it. Run: chmod 600 {}",
                                      path, facts.st_mode & 0777, path));
    }
    std::string pem(pem_octets_max, '\0');
    const auto size = ::read(file, pem.data(), pem.size());
    ::close(file);
    pem.resize(static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
    auto key = PrivateKey::from_pem(pem);
    if (!key) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("The key file {}: {}", path, key.error().detail));
    }
    return key;
}

base::Result<void> write_key_file(const std::string& path, const PrivateKey& key) {
    ASSAY_TRY(const auto pem, key.pem());
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0) {
        return base::fail(base::ErrorKind::usage, fmt::format("The key file {} cannot be made: {}",
                                                              path, std::strerror(errno)));
    }
    const bool written =
        ::write(file, pem.data(), pem.size()) == static_cast<ssize_t>(pem.size()) &&
        ::fsync(file) == 0;
    ::close(file);
    if (written) return {};
    return base::fail(base::ErrorKind::usage,
                      fmt::format("The key file {} could not be written", path));
}

}  // namespace assay::crypto
