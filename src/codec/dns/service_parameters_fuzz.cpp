#include "codec/dns/service_parameters.hpp"

#include "base/assert.hpp"

namespace {

using namespace assay;

constexpr std::uint16_t keys[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 65280, 65535};

void check(std::uint16_t key, std::string_view value) {
    const auto printed = codec::dns::print_service_parameter(key, value);
    const auto again = codec::dns::parse_service_parameter(printed);
    ASSAY_ASSERT(again.has_value());
    ASSAY_ASSERT(again->first == key && again->second == value);
    ASSAY_ASSERT(codec::dns::print_service_parameter(again->first, again->second) == printed);
}

}  // namespace

// As the text of a parameter, and as the octets of each key.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parsed = codec::dns::parse_service_parameter(text);
    if (parsed) {
        check(parsed->first, parsed->second);
    } else {
        const auto& fault = parsed.error();
        ASSAY_ASSERT(fault.offset <= size);
        ASSAY_ASSERT(fault.rule == "unknown-parameter" || fault.rule == "bad-parameter");
        ASSAY_ASSERT(!fault.cite.empty() && !fault.detail.empty());
    }
    if (size > 65535) return 0;
    for (const auto key : keys)
        check(key, text);
    return 0;
}
