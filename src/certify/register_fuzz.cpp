#include <cstdint>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "certify/register.hpp"

// Lines of a log: whatever they hold, the same lines make the same register.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    certify::Register first, again;
    for (const auto line : base::split(text, '\n')) {
        const bool taken = first.apply(line).has_value();
        ASSAY_ASSERT(again.apply(line).has_value() == taken);
    }
    ASSAY_ASSERT(first.print() == again.print());
    return 0;
}
