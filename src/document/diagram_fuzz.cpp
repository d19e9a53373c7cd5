#include "base/assert.hpp"
#include "document/diagram.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = assay::document::read_diagram(text, "net.yaml");
    if (!read) {
        ASSAY_ASSERT(read.error().detail.starts_with("net.yaml:"));
        return 0;
    }
    std::size_t items = 0;
    for (const auto& section : read->sections)
        items += section.size();
    ASSAY_ASSERT(items <= assay::document::diagram_items_max);
    for (const auto& section : read->sections) {
        for (const auto& item : section) {
            ASSAY_ASSERT(!item.name.empty());
            for (const auto place : item.to)
                ASSAY_ASSERT(place < items);
        }
    }
    // Within quotes or without them, never in between: each line ends outside a quoted text.
    bool quoted = false, escaped = false;
    for (const char c : assay::document::diagram_dot(*read)) {
        ASSAY_ASSERT(c != '\n' || !quoted);
        if (!escaped && c == '"') quoted = !quoted;
        escaped = quoted && !escaped && c == '\\';
    }
    ASSAY_ASSERT(!quoted);
    return 0;
}
