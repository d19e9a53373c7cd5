#include <arpa/inet.h>

#include <algorithm>

#include "base/assert.hpp"
#include "codec/dns/record.hpp"

// The C library reads the same forms, so it must come to the same octets.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay::codec::dns;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const bool has_zero = text.find('\0') != std::string::npos;

    const auto v4 = parse_ipv4(text);
    A expected_v4;
    const bool is_v4 = !has_zero && inet_pton(AF_INET, text.c_str(), &expected_v4.address) == 1;
    ASSAY_ASSERT(v4.has_value() == is_v4);
    if (v4) {
        ASSAY_ASSERT(*v4 == expected_v4);
        ASSAY_ASSERT(print_address(*v4) == text);
    } else {
        ASSAY_ASSERT(v4.error().rule == "bad-ipv4");
    }

    const auto v6 = parse_ipv6(text);
    Aaaa expected_v6;
    const bool is_v6 = !has_zero && inet_pton(AF_INET6, text.c_str(), &expected_v6.address) == 1;
    ASSAY_ASSERT(v6.has_value() == is_v6);
    if (v6) {
        ASSAY_ASSERT(*v6 == expected_v6);
        ASSAY_ASSERT(parse_ipv6(print_address(*v6)) == *v6);
    } else {
        ASSAY_ASSERT(v6.error().rule == "bad-ipv6");
    }
    ASSAY_ASSERT(is_address(text) == (is_v4 || is_v6));

    if (size < 16) return 0;
    Aaaa any;
    std::copy_n(data, 16, any.address.begin());
    const auto printed = print_address(any);
    ASSAY_ASSERT(parse_ipv6(printed) == any);
    ASSAY_ASSERT(printed.find("::") == printed.rfind("::"));
    return 0;
}
