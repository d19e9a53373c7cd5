#include "codec/dane/tlsa.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace {

using namespace assay;

// What makes a record unusable, as against advice and usages 0 and 1.
constexpr std::string_view errors[] = {"bad-usage", "bad-selector", "bad-matching", "bad-length",
                                       "pkix-usage"};

}  // namespace

// The octets of a TLSA record; of matching types that nothing is assigned to, lint and use agree
// as well.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto decoded = codec::dns::decode_rdata(codec::dns::Type::TLSA, {data, size}, 0, size);
    ASSAY_ASSERT(decoded.has_value() == (size >= 3));
    if (!decoded) return 0;
    const auto& record = std::get<codec::dns::Tlsa>(*decoded);
    const auto faults = codec::dane::lint(record);
    bool wrong = false;
    for (const auto& fault : faults) {
        ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
        ASSAY_ASSERT(std::ranges::count(faults, fault.rule, &base::Fault::rule) == 1);
        wrong = wrong || std::ranges::find(errors, fault.rule) != std::end(errors);
    }
    const bool usable = codec::dane::usability(record) == codec::dane::Usability::usable;
    ASSAY_ASSERT(usable == !wrong);
    const bool named = codec::dane::usage_name(record.usage) != "unassigned" &&
                       codec::dane::selector_name(record.selector) != "unassigned" &&
                       codec::dane::matching_name(record.matching) != "unassigned";
    ASSAY_ASSERT(named || !usable);

    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto host = codec::dns::parse_name(text);
    if (!host) return 0;
    const auto name = codec::dane::tlsa_name(*host, static_cast<std::uint16_t>(data[0] << 8));
    if (name) ASSAY_ASSERT(name->parent().parent() == *host && name->is_below(*host));
    return 0;
}
