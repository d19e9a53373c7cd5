#include "codec/tags/mailto.hpp"

#include "base/assert.hpp"
#include "base/text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::tags;
    const std::string_view uri(reinterpret_cast<const char*>(data), size);
    const auto fault = check_uri(uri);
    const auto mailto = read_mailto(uri);
    if (!mailto) {
        ASSAY_ASSERT(mailto.error().offset <= size && !mailto.error().detail.empty());
        ASSAY_ASSERT(!fault || *fault == mailto.error());
        return 0;
    }
    ASSAY_ASSERT(!fault && !first_bad_uri_octet(uri) && uri_scheme(uri) == "mailto");
    ASSAY_ASSERT(codec::dns::is_host_name(mailto->host));
    ASSAY_ASSERT(mailto->mailbox.rfind('@') <= local_part_octets_max);
    ASSAY_ASSERT(base::is_utf8(mailto->mailbox));
    // Encoded throughout, the address is the same.
    std::string encoded = "mailto:";
    const auto at = mailto->mailbox.rfind('@');
    for (std::size_t i = 0; i < mailto->mailbox.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(mailto->mailbox[i]);
        encoded += i == at ? "@" : "%" + base::hex_encode({&byte, 1});
    }
    if (encoded.size() <= uri_octets_max) ASSAY_ASSERT(read_mailto(encoded) == *mailto);
    return 0;
}
