#include "fact/json.hpp"

#include "base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto parsed = fact::parse(text);
    if (!parsed) {
        ASSAY_ASSERT(parsed.error().kind == base::ErrorKind::usage);
        ASSAY_ASSERT(parsed.error().detail.starts_with("This is not a facts file: "));
        return 0;
    }
    const auto printed = fact::print(*parsed);
    ASSAY_ASSERT(printed.find('\n') == std::string::npos);
    const auto again = fact::parse(printed);
    ASSAY_ASSERT(again == *parsed);
    ASSAY_ASSERT(fact::print(*again) == printed);
    // What the checks ask of facts, whoever wrote them.
    (void)fact::is_parked(*parsed);
    if (parsed->mx) (void)parsed->mx->is_null();
    if (parsed->spf) (void)fact::forbids_sending(*parsed->spf);
    if (parsed->dmarc) {
        (void)parsed->dmarc->discover();
        (void)parsed->dmarc->own();
    }
    return 0;
}
