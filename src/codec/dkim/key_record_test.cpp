#include "codec/dkim/key_record.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

namespace assay::codec::dkim {

namespace {

using Octets = std::vector<std::uint8_t>;

// Made for this test with OpenSSL; 1,024 bits, exponent 65537.
constexpr std::string_view real_key =
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC437snD5ajTPHa2MHeGwtT8JDw1oVN/rTPdMXGYwvZeB/B51fg"
    "2YGsMor+hQ7pRJN3E4fFbfSYPN7j3b/4SAHVipGEI8E5+Ho0FTBgq6XKc1gH1httm1uADtP9ejXO1/PFyTOtec+Z"
    "/tt0zzQZay9YM7HKL7MBBGsuzbFNH2+epQIDAQAB";

Octets element(std::uint8_t tag, const std::vector<Octets>& parts) {
    Octets content;
    for (const auto& part : parts)
        content.insert(content.end(), part.begin(), part.end());
    Octets out{tag};
    const auto size = content.size();
    if (size >= 0x100) out.insert(out.end(), {0x82, static_cast<std::uint8_t>(size >> 8)});
    if (size >= 0x80 && size < 0x100) out.push_back(0x81);
    out.push_back(static_cast<std::uint8_t>(size));
    out.insert(out.end(), content.begin(), content.end());
    return out;
}

// RSAPublicKey: a modulus of so many bits, and 65537.
Octets bare_key(unsigned bits) {
    Octets modulus((bits + 7) / 8, 0x55);
    modulus.front() = static_cast<std::uint8_t>(1U << ((bits + 7) % 8));
    if (bits % 8 == 0) modulus.insert(modulus.begin(), 0);
    return element(0x30, {element(2, {modulus}), {2, 3, 1, 0, 1}});
}

const Octets rsa_oid{6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1};

// SubjectPublicKeyInfo.
Octets wrapped_key(unsigned bits) {
    return element(0x30,
                   {element(0x30, {rsa_oid, {5, 0}}), element(3, {Octets{0}, bare_key(bits)})});
}

// "%2048%" is an RSA key of so many bits, "%ed%" one of 32 octets.
std::string with_keys(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; const auto part : base::split(text, '%')) {
        if (i++ % 2 == 0) {
            out += part;
        } else if (part == "ed") {
            out += base::base64_encode(Octets(32, 0xed));
        } else {
            const auto bits = static_cast<unsigned>(base::parse_decimal(part, 9999).value());
            out += base::base64_encode(wrapped_key(bits));
        }
    }
    return out;
}

std::string summary(const std::vector<base::Fault>& faults) {
    std::string out;
    for (const auto& fault : faults) {
        if (!out.empty()) out += ' ';
        out += fault.rule + '@' + std::to_string(fault.offset);
    }
    return out;
}

struct Row {
    std::string_view text;
    std::string_view faults;  // all of them
    std::string_view stop;    // why a verifier ignores it; empty: it does not
    std::string_view detail;  // part of a sentence
};

constexpr Row rows[] = {
    // Nothing to say.
    {"v=DKIM1; p=%2048%", "", "", ""},
    {"v=DKIM1;p=%2048%;", "", "", ""},
    {" v = DKIM1 ; p = %4096% ; ", "", "", ""},
    {"p=%2048%", "", "", ""},
    {"k=rsa; p=%2048%", "", "", ""},
    {"v=DKIM1; g=*; h=sha256; k=rsa; n=a note; s=email; t=y:s; p=%2048%", "", "", ""},
    {"v=DKIM1; k=ed25519; p=%ed%", "", "", ""},
    {"v=DKIM1; h=sha1:sha256; p=%2048%", "", "", ""},
    {"v=DKIM1; h= sha256 : sha1 ; s=*:email:tlsrpt; t= y : s; p=%2048%", "", "", ""},
    {"v=DKIM1; h=; s=; t=; n=; p=%2048%", "", "", ""},
    // Revoked, whatever the type.
    {"v=DKIM1; p=", "", "", ""},
    {"p=;", "", "", ""},
    {"v=DKIM1; k=ed25519; p= ", "", "", ""},
    // The version: RFC 6376 section 3.6.1.
    {"v=DKIM2; p=%2048%", "bad-version@2", "bad-version@2", "\"DKIM2\""},
    {"v=dkim1; p=%2048%", "bad-version@2", "bad-version@2", "exactly DKIM1"},
    {"v=DKIM1x; p=", "bad-version@2", "bad-version@2", ""},
    {"k=rsa; p=; v=DKIM1", "version-not-first@11", "", "first tag"},
    {"p=; v=DKIM3", "bad-version@6", "bad-version@6", ""},
    // Not meant to be a key.
    {"", "", "missing-key@0", ""},
    {"v=spf1 -all", "", "missing-key@0", ""},
    {"v=DMARC1; p=reject", "", "missing-key@0", ""},
    {"k=rsa; h=sha256", "", "missing-key@0", ""},
    // The tag list: RFC 6376 section 3.2.
    {"v=DKIM1", "missing-key@0", "missing-key@0", "no p= tag"},
    {"v=DKIM1; P=%2048%", "missing-key@0 unknown-tag@9", "missing-key@0", "\"P\""},
    {"v=DKIM1; p=; p=", "duplicate-tag@13", "duplicate-tag@13", "p= stands twice"},
    {"v=DKIM1; n=a; p=; n=b", "duplicate-tag@18", "duplicate-tag@18", ""},
    {"v=DKIM1; x=1; p=", "unknown-tag@9", "", "\"x\""},
    {"v=DKIM1;; p=", "empty-tag@8", "", "two semicolons"},
    {"v=DKIM1; hello; p=", "bad-syntax@9", "bad-syntax@9", "\"hello\""},
    {"v=DKIM1; n=a\x01; p=", "control-byte@12", "", ""},
    // Types of keys.
    {"v=DKIM1; k=dsa; p=AAAA", "unknown-key-type@11", "", "\"dsa\""},
    {"v=DKIM1; k=RSA; p=%2048%", "unknown-key-type@11", "", ""},
    {"v=DKIM1; k=; p=%2048%", "unknown-key-type@11", "", ""},
    // Lists.
    {"v=DKIM1; h=sha1; p=%2048%", "sha1-only@11", "", "only SHA-1"},
    {"v=DKIM1; h=md5:sha1; p=%2048%", "unknown-hash@11 sha1-only@11", "", "\"md5\""},
    // Case matters in values: RFC 6376 section 3.2.
    {"v=DKIM1; h=SHA256; p=%2048%", "unknown-hash@11 no-usable-hash@11", "", ""},
    {"v=DKIM1; h=sha512; p=%2048%", "unknown-hash@11 no-usable-hash@11", "", "h=\"sha512\" allows"},
    {"v=DKIM1; h=sha512:sha256; p=%2048%", "unknown-hash@11", "", ""},
    {"v=DKIM1; s=other; p=%2048%", "unknown-service@11 not-for-mail@11", "", "s=\"other\" does"},
    {"v=DKIM1; s=tlsrpt; p=%2048%", "not-for-mail@11", "", ""},
    {"v=DKIM1; s=tlsrpt:*; p=%2048%", "", "", ""},
    {"v=DKIM1; s=web:email; p=%2048%", "unknown-service@11", "", "\"web\""},
    {"v=DKIM1; t=y:n; p=%2048%", "unknown-flag@11", "", "\"n\""},
    // Sizes: RFC 8301 section 3.2.
    {"v=DKIM1; p=%512%", "weak-key@11", "", "512 bits; receivers ignore"},
    {"v=DKIM1; p=%1023%", "weak-key@11", "", "receivers ignore keys under 1024"},
    {"v=DKIM1; p=%1024%", "short-key@11", "", "at least 2048"},
    {"v=DKIM1; p=%2047%", "short-key@11", "", "2047 bits; use at least"},
    // What is not the key that was meant.
    {"v=DKIM1; p=#", "bad-base64@11", "bad-base64@11", "not base64"},
    {"v=DKIM1; p=A", "bad-base64@11", "bad-base64@11", ""},
    {"v=DKIM1; p=AAA", "bad-base64@11", "bad-base64@11", ""},
    {"v=DKIM1; p==", "bad-base64@11", "bad-base64@11", ""},
    {"v=DKIM1; p=-----BEGIN PUBLIC KEY-----%2048%", "bad-base64@11", "bad-base64@11",
     "BEGIN and END"},
    {"v=DKIM1; p=AAAA\" \"AAAA", "bad-base64@11", "bad-base64@11", "quotation marks inside"},
    {"v=DKIM1; p=AAAA", "bad-key@11", "", "not an RSA public key"},
    {"v=DKIM1; p=MIIBIjANBgkqhkiG", "bad-key@11", "", "cut off"},
    {"v=DKIM1; p=%ed%", "bad-key@11", "", "k=ed25519"},
    {"v=DKIM1; k=ed25519; p=AAAA", "bad-key@22", "", "32 octets, and this has 3"},
    {"v=DKIM1; k=ed25519; p=%2048%", "bad-key@22", "", "294"},
};

}  // namespace

TEST_CASE("every fault of a DKIM key record is found where it is") {
    for (const auto& row : rows) {
        const auto text = with_keys(row.text);
        CAPTURE(row.text);
        const auto linted = lint(text);
        CHECK(summary(linted.faults) == row.faults);
        const auto parsed = parse(text);
        CHECK((parsed ? "" : summary({parsed.error()})) == row.stop);
        CHECK(linted.record.has_value() == parsed.has_value());
        bool said = row.detail.empty();
        for (const auto& fault : linted.faults)
            said = said || fault.detail.contains(row.detail);
        CHECK(said);
        if (!parsed) continue;
        CHECK(*parsed == *linted.record);
        CHECK(parse(print(*parsed)) == *parsed);
    }
}

TEST_CASE("a key record is read") {
    const auto text =
        with_keys("v=DKIM1; h=sha256:sha1; k=rsa; n=see =20 there; p=%2048%; s=email; t=s:y");
    const auto record = parse(text).value();
    CHECK(record.key_type == KeyType::rsa);
    CHECK(record.hashes == std::vector<std::string>{"sha256", "sha1"});
    CHECK(record.services == std::vector<std::string>{"email"});
    CHECK(record.flags == std::vector<std::string>{"s", "y"});
    CHECK(record.notes == "see =20 there");
    CHECK(record.public_key == wrapped_key(2048));
    CHECK(record.key_bits == 2048);
    CHECK(record.public_exponent == 65537);
    CHECK(record.is_testing());
    CHECK(!record.is_revoked());
    CHECK(print(record) ==
          with_keys("v=DKIM1; h=sha256:sha1; s=email; t=s:y; n=see =20 there; p=%2048%"));
}

TEST_CASE("what a key record leaves out has the values of RFC 6376") {
    const auto record = parse("p=").value();
    CHECK(record == KeyRecord());
    CHECK(record.is_revoked());
    CHECK(!record.is_testing());
    CHECK(record.key_bits == 0);
    CHECK(print(record) == "v=DKIM1; p=");
}

TEST_CASE("keys of other types are kept") {
    const auto ed25519 = parse(with_keys("k=ed25519; p=%ed%")).value();
    CHECK(ed25519.key_type == KeyType::ed25519);
    CHECK(ed25519.public_key == Octets(32, 0xed));
    CHECK(ed25519.key_bits == 256);
    CHECK(print(ed25519) == with_keys("v=DKIM1; k=ed25519; p=%ed%"));
    const auto other = parse("k=other; p=AAEC").value();
    CHECK(other.key_type == KeyType::unknown);
    CHECK(other.key_type_text == "other");
    CHECK(other.public_key == Octets{0, 1, 2});
    CHECK(other.key_bits == 0);
}

TEST_CASE("an ed25519 key with a wrapping around it is recognised") {
    const auto wrapped = element(0x30, {element(0x30, {{6, 3, 0x2b, 0x65, 0x70}}),
                                        element(3, {Octets{0}, Octets(32, 0xed)})});
    const auto linted = lint("k=ed25519; p=" + base::base64_encode(wrapped));
    REQUIRE(summary(linted.faults) == "bad-key@13");
    CHECK(linted.faults[0].detail.contains("wrapping"));
    CHECK(linted.record.value().key_bits == 0);
}

TEST_CASE("base64 may have spaces inside") {
    const auto key = base::base64_encode(wrapped_key(2048));
    const auto folded = "v=DKIM1; p=" + key.substr(0, 100) + "  " + key.substr(100) + ' ';
    CHECK(lint(folded).faults.empty());
    CHECK(parse(folded).value().key_bits == 2048);
}

TEST_CASE("a text claims to be a key by its version or by a p tag") {
    CHECK(claims("v=DKIM1"));
    CHECK(claims(" v=DKIM1; p="));
    CHECK(claims("v=dkim2"));
    CHECK(claims("p="));
    CHECK(claims("k=rsa; p=AAAA"));
    CHECK(claims("n=x; v=spf1; p="));
    CHECK(!claims(""));
    CHECK(!claims(";"));
    CHECK(!claims("p"));
    CHECK(!claims("P="));
    CHECK(!claims("v=spf1 p=x"));
    CHECK(!claims("v=DMARC1; p=none"));
    CHECK(!claims("k=rsa"));
}

TEST_CASE("a record has at most so many tags") {
    std::string text = "v=DKIM1; p=";
    for (int i = 0; i < 200; ++i)
        text += "; x" + std::to_string(i) + "=1";
    const auto linted = lint(text);
    CHECK(linted.record == KeyRecord());
    CHECK(summary(linted.faults).contains("too-many-tags@"));
    CHECK(linted.faults.size() == 21);
}

TEST_CASE("advice on a key is told from errors") {
    CHECK(!is_error({"unknown-tag", "", 0, ""}));
    CHECK(!is_error({"version-not-first", "", 0, ""}));
    CHECK(is_error({"bad-version", "", 0, ""}));
    CHECK(is_error({"bad-key", "", 0, ""}));
    CHECK(is_error({"sha1-only", "", 0, ""}));
}

TEST_CASE("an RSA key is read, bare or wrapped") {
    const auto real = read_rsa_key(base::base64_decode(real_key).value()).value();
    CHECK(real.bits == 1024);
    CHECK(real.exponent == 65537);
    for (const unsigned bits : {9U, 64U, 511U, 512U, 1024U, 2048U, 4096U, 8192U}) {
        CAPTURE(bits);
        CHECK(read_rsa_key(bare_key(bits)).value().bits == bits);
        CHECK(read_rsa_key(wrapped_key(bits)).value().bits == bits);
        CHECK(read_rsa_key(wrapped_key(bits)).value().exponent == 65537);
    }
    // Parameters that are left out; an exponent of 32 bits, and one of 33.
    const auto no_null =
        element(0x30, {element(0x30, {rsa_oid}), element(3, {Octets{0}, bare_key(64)})});
    CHECK(read_rsa_key(no_null).value().bits == 64);
    const auto exponent = [](const Octets& integer) {
        return read_rsa_key(element(0x30, {{2, 1, 0x7f}, integer})).value().exponent;
    };
    CHECK(exponent({2, 1, 3}) == 3);
    CHECK(exponent({2, 5, 0, 0xff, 0xff, 0xff, 0xff}) == 0xffffffff);
    CHECK(exponent({2, 5, 1, 0, 0, 0, 0}) == 0);
}

TEST_CASE("what is not strict DER of an RSA key is none") {
    const auto whole = wrapped_key(1024);
    for (std::size_t size = 0; size < whole.size(); ++size) {
        CAPTURE(size);
        CHECK(!read_rsa_key({whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)}));
    }
    auto longer = whole;
    longer.push_back(0);
    CHECK(!read_rsa_key(longer));
    const auto none = [](const Octets& der) { return !read_rsa_key(der); };
    const Octets n{2, 1, 0x7f}, e{2, 1, 3};
    REQUIRE(!none(element(0x30, {n, e})));
    CHECK(none(element(0x31, {n, e})));
    CHECK(none(element(0x30, {n})));
    CHECK(none(element(0x30, {n, e, e})));
    CHECK(none(element(0x30, {{2, 0}, e})));           // no octets
    CHECK(none(element(0x30, {{2, 1, 0}, e})));        // zero
    CHECK(none(element(0x30, {{2, 1, 0x80}, e})));     // negative
    CHECK(none(element(0x30, {{2, 2, 0, 0x7f}, e})));  // a zero too many
    CHECK(none(element(0x30, {{2, 0x81, 1, 3}, e})));  // a length that is too long
    CHECK(none(element(0x30, {{2, 0x82, 0, 1, 3}, e})));
    CHECK(none({0x30, 0x80, 2, 1, 0x7f, 2, 1, 3, 0, 0}));  // no definite length
    CHECK(none({0x30, 0x83, 0, 0, 6, 2, 1, 0x7f, 2, 1, 3}));
    CHECK(none({0x30, 0xff}));
    // Another algorithm, unused bits, nothing but the algorithm.
    const Octets other_oid{6, 3, 0x2b, 0x65, 0x70};
    const auto bits = element(3, {Octets{0}, bare_key(64)});
    CHECK(none(element(0x30, {element(0x30, {other_oid}), bits})));
    CHECK(none(
        element(0x30, {element(0x30, {rsa_oid, {5, 0}}), element(3, {Octets{1}, bare_key(64)})})));
    CHECK(none(element(0x30, {element(0x30, {rsa_oid, {5, 0}})})));
    CHECK(none(element(0x30, {element(0x30, {rsa_oid, {5, 0}, {5, 0}}), bits})));
    CHECK(none(element(0x30, {element(0x30, {rsa_oid, {5, 0}}), bits, e})));
    CHECK(none(element(0x30, {element(0x30, {rsa_oid, {5, 0}}), {3, 0}})));
}

}  // namespace assay::codec::dkim
