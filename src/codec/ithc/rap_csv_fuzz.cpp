#include "codec/ithc/rap_csv.hpp"

#include <cstdint>

#include "base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::ithc;
    const auto items = parse_rap_csv({reinterpret_cast<const char*>(data), size});
    if (!items) {
        ASSAY_ASSERT(!items.error().detail.empty());
        return 0;
    }
    for (const auto& item : *items)
        ASSAY_ASSERT(!item.finding_key.empty());
    const auto again = parse_rap_csv(print_rap_csv(*items));
    ASSAY_ASSERT(again && *again == *items);
    return 0;
}
