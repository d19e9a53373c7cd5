#include "codec/tls_rpt/record.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "codec/tags/tag_list.hpp"

namespace {

assay::codec::tls_rpt::Record without_offsets(assay::codec::tls_rpt::Record record) {
    for (auto& destination : record.destinations)
        destination.offset = 0;
    return record;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::tls_rpt;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto linted = lint(text);
    ASSAY_ASSERT(std::ranges::is_sorted(linted.faults, {}, &base::Fault::offset));
    for (const auto& fault : linted.faults) {
        ASSAY_ASSERT(fault.offset <= size);
        ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
    }
    const auto parsed = parse(text);
    ASSAY_ASSERT(parsed.has_value() == linted.record.has_value());
    if (!parsed) {
        ASSAY_ASSERT(std::ranges::count(linted.faults, parsed.error()) > 0 ||
                     linted.faults.size() >= codec::tags::faults_per_rule_max);
        return 0;
    }
    ASSAY_ASSERT(*parsed == *linted.record);
    ASSAY_ASSERT(claims(text) && !parsed->destinations.empty());
    const auto again = parse(print(*parsed));
    ASSAY_ASSERT(again && without_offsets(*again) == without_offsets(*parsed));
    ASSAY_ASSERT(print(*again) == print(*parsed));
    return 0;
}
