#include "codec/dkim/key_record.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "codec/tags/tag_list.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::dkim;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto linted = lint(text);
    ASSAY_ASSERT(std::ranges::is_sorted(linted.faults, {}, &base::Fault::offset));
    for (const auto& fault : linted.faults) {
        ASSAY_ASSERT(fault.offset <= size);
        ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
    }
    const auto parsed = parse(text);
    ASSAY_ASSERT(parsed.has_value() == linted.record.has_value());
    if (!claims(text)) {
        ASSAY_ASSERT(!parsed && linted.faults.empty());
        ASSAY_ASSERT(parsed.error().rule == "missing-key");
        return 0;
    }
    if (!parsed) {
        ASSAY_ASSERT(std::ranges::count(linted.faults, parsed.error()) > 0 ||
                     linted.faults.size() >= codec::tags::faults_per_rule_max);
        return 0;
    }
    ASSAY_ASSERT(*parsed == *linted.record);
    ASSAY_ASSERT(parsed->is_revoked() == parsed->public_key.empty());
    ASSAY_ASSERT(parsed->key_bits <= 8 * parsed->public_key.size());
    ASSAY_ASSERT(parsed->key_type == KeyType::rsa || parsed->public_exponent == 0);
    const auto has = [&](std::string_view rule) {
        return std::ranges::count(linted.faults, rule, &base::Fault::rule) > 0;
    };
    const bool known = parsed->key_type != KeyType::unknown;
    if (known && !parsed->is_revoked()) ASSAY_ASSERT(has("bad-key") == (parsed->key_bits == 0));
    const auto printed = print(*parsed);
    ASSAY_ASSERT(claims(printed));
    ASSAY_ASSERT(parse(printed) == *parsed);
    ASSAY_ASSERT(print(parse(printed).value()) == printed);
    return 0;
}
