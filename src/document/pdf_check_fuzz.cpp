#include "document/pdf_check.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace {

class MemorySource final : public assay::document::ByteSource {
  public:
    explicit MemorySource(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}
    assay::base::Result<std::uint64_t> size() override { return bytes_.size(); }
    assay::base::Result<std::size_t> read_at(std::uint64_t offset,
                                             std::span<std::uint8_t> out) override {
        if (offset >= bytes_.size()) return 0;
        const auto rest = bytes_.subspan(offset);
        const auto count = std::min(rest.size(), out.size());
        std::copy_n(rest.begin(), count, out.begin());
        return count;
    }

  private:
    std::span<const std::uint8_t> bytes_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    MemorySource source(std::span(data, size));
    const auto judgement = assay::document::check_pdf(source, 1'000'000);
    ASSAY_ASSERT(judgement.has_value());
    if (*judgement) {
        ASSAY_ASSERT((*judgement)->pages >= 1);
        ASSAY_ASSERT((*judgement)->pages_without_text <= (*judgement)->pages);
        return 0;
    }
    ASSAY_ASSERT(!judgement->error().empty());
    for (const auto& fault : judgement->error())
        ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
    return 0;
}
