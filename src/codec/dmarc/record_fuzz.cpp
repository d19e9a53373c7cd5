#include "codec/dmarc/record.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "codec/tags/tag_list.hpp"

namespace {

using namespace assay;

codec::dmarc::Record without_tags(codec::dmarc::Record record) {
    record.tags.clear();
    record.percent.reset();
    for (auto* uris : {&record.aggregate, &record.failure}) {
        for (auto& uri : *uris) {
            uri.offset = 0;
            uri.size_limit.reset();
        }
    }
    return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto linted = codec::dmarc::lint(text);
    ASSAY_ASSERT(std::ranges::is_sorted(linted.faults, {}, &base::Fault::offset));
    for (const auto& fault : linted.faults) {
        ASSAY_ASSERT(fault.offset <= size);
        ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
    }
    const auto parsed = codec::dmarc::parse(text);
    ASSAY_ASSERT(parsed.has_value() == linted.record.has_value());
    if (!parsed) {
        ASSAY_ASSERT(std::ranges::count(linted.faults, parsed.error()) > 0 ||
                     linted.faults.size() >= codec::tags::faults_per_rule_max);
        return 0;
    }
    ASSAY_ASSERT(*parsed == *linted.record);
    ASSAY_ASSERT(codec::dmarc::claims(text));
    const auto printed = codec::dmarc::print(*parsed);
    const auto again = codec::dmarc::lint(printed);
    // Without a policy and an address there is nothing to apply; everything else comes back.
    ASSAY_ASSERT(again.record.has_value());
    ASSAY_ASSERT(without_tags(*again.record) == without_tags(*parsed));
    ASSAY_ASSERT(codec::dmarc::print(*again.record) == printed);
    return 0;
}
