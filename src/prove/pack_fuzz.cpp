#include "prove/pack.hpp"

#include "base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (const auto pack = prove::parse_pack(text)) ASSAY_ASSERT(print(*pack) == text);
    if (const auto trust = prove::parse_trust(text)) {
        ASSAY_ASSERT(!trust->issuers.empty());
        ASSAY_ASSERT(trust->witnesses_needed <= trust->witnesses.size());
        // Whatever the bytes: nothing is good that nobody signed.
        const auto result = prove::verify(text, *trust, {}, std::chrono::seconds(1));
        ASSAY_ASSERT(result.verdict == prove::Verdict::not_genuine);
    }
    (void)prove::parse_certificate(text);
    if (const auto status = prove::parse_status(text)) {
        const auto& list = status->statement.list;
        if (list.places() > 0) (void)list.get(list.places() - 1);
    }
    if (const auto list = prove::decompress(2, text))
        ASSAY_ASSERT(*prove::decompress(2, prove::compress(*list)) == *list);
    return 0;
}
