#include <cstdint>

#include "base/assert.hpp"
#include "certify/scheme.hpp"

// A scheme comes from whoever runs the program: it is read, or refused with reasons and places.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay::certify;
    const std::string text(reinterpret_cast<const char*>(data), size);
    const std::vector<SchemeFile> files{{"scheme.yaml", text}};
    const auto reading = read_scheme("small", files);
    ASSAY_ASSERT(reading.scheme.has_value() == reading.faults.empty());
    for (const auto& fault : reading.faults) {
        ASSAY_ASSERT(!fault.rule.empty() && !fault.detail.empty());
        ASSAY_ASSERT(fault.file.empty() || fault.file == "scheme.yaml");
    }
    ASSAY_ASSERT(read_scheme("small", files).faults == reading.faults);
    return 0;
}
