#include <algorithm>

#include "base/assert.hpp"
#include "codec/mta_sts/record.hpp"
#include "codec/tags/tag_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::mta_sts;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto linted = lint_policy(text);
    ASSAY_ASSERT(std::ranges::is_sorted(linted.faults, {}, &base::Fault::offset));
    for (const auto& fault : linted.faults) {
        ASSAY_ASSERT(fault.offset <= size);
        ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
    }
    const auto parsed = parse_policy(text);
    ASSAY_ASSERT(parsed.has_value() == linted.record.has_value());
    if (!parsed) {
        ASSAY_ASSERT(std::ranges::count(linted.faults, parsed.error()) > 0 ||
                     linted.faults.size() >= codec::tags::faults_per_rule_max);
        return 0;
    }
    ASSAY_ASSERT(*parsed == *linted.record);
    ASSAY_ASSERT(parsed->max_age <= max_age_seconds_max);
    ASSAY_ASSERT(parsed->mode == Mode::none || !parsed->mx.empty());
    for (const auto& pattern : parsed->mx) {
        const bool wildcard = pattern.starts_with("*.");
        const auto host = codec::dns::parse_domain(wildcard ? pattern.substr(2) : pattern);
        ASSAY_ASSERT(host.has_value());
        ASSAY_ASSERT(matches(pattern, *host) == !wildcard);
    }
    // Printing adds a blank after each colon, and so may reach the limit.
    const auto printed = print(*parsed);
    if (printed.size() <= policy_octets_max) ASSAY_ASSERT(parse_policy(printed) == *parsed);
    return 0;
}
