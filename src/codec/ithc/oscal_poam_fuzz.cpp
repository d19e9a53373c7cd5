#include "codec/ithc/oscal_poam.hpp"

#include <cstdint>

#include "base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::ithc;
    const auto poam = parse_poam({reinterpret_cast<const char*>(data), size});
    if (!poam) {
        ASSAY_ASSERT(!poam.error().detail.empty());
        return 0;
    }
    for (const auto& item : poam->items)
        ASSAY_ASSERT(!item.plan.finding_key.empty() && !item.uuid.empty());
    // A plan of another tool may have what we do not print (an item without risk); what we print
    // reads back the same, but for two items that share a risk.
    const auto printed = print_poam(*poam);
    if (!printed) return 0;
    const auto again = parse_poam(*printed);
    ASSAY_ASSERT(again && again->items.size() == poam->items.size());
    for (std::size_t i = 0; i < again->items.size(); ++i) {
        ASSAY_ASSERT(again->items[i].uuid == poam->items[i].uuid);
        ASSAY_ASSERT(again->items[i].plan.actions == poam->items[i].plan.actions);
        ASSAY_ASSERT(again->items[i].plan.finding_key == poam->items[i].plan.finding_key);
    }
    return 0;
}
