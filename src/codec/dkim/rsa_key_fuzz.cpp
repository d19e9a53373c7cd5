#include "base/assert.hpp"
#include "base/text.hpp"
#include "codec/dkim/key_record.hpp"

// The octets of a key, as they are and as a record that holds them.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::dkim;
    std::vector<std::uint8_t> der(data, data + size);
    const auto key = read_rsa_key(der);
    if (size > 0) {
        const auto record = parse("p=" + base::base64_encode(der));
        ASSAY_ASSERT(record.has_value() && record->public_key == der);
        ASSAY_ASSERT(record->key_bits == (key ? key->bits : 0));
        ASSAY_ASSERT(record->public_exponent == (key ? key->exponent : 0));
    }
    if (!key) return 0;
    ASSAY_ASSERT(key->bits > 0 && key->bits < 8 * size);
    // DER says where it ends: with an octet more or less it is no key.
    der.push_back(0);
    ASSAY_ASSERT(!read_rsa_key(der));
    der.resize(size - 1);
    ASSAY_ASSERT(!read_rsa_key(der));
    return 0;
}
