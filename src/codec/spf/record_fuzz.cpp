#include "codec/spf/record.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "codec/spf/macro.hpp"

namespace {

using namespace assay;

// Offsets and spelling aside.
codec::spf::Record bare(codec::spf::Record record) {
    for (auto& directive : record.directives) {
        directive.offset = 0;
        directive.text.clear();
    }
    const auto strip = [](codec::spf::Modifier& modifier) {
        modifier.offset = 0;
        modifier.text.clear();
    };
    if (record.redirect) strip(*record.redirect);
    if (record.explanation) strip(*record.explanation);
    std::ranges::for_each(record.unknown, strip);
    return record;
}

void check_directive(const codec::spf::Directive& directive, std::string_view text) {
    using codec::spf::Mechanism;
    ASSAY_ASSERT(text.substr(directive.offset).starts_with(directive.text));
    ASSAY_ASSERT(directive.ip4.has_value() == (directive.mechanism == Mechanism::ip4));
    ASSAY_ASSERT(directive.ip6.has_value() == (directive.mechanism == Mechanism::ip6));
    ASSAY_ASSERT(directive.prefix4.value_or(0) <= 32 && directive.prefix6.value_or(0) <= 128);
    ASSAY_ASSERT(codec::spf::check_macros(directive.domain_spec, false).has_value());
    ASSAY_ASSERT(codec::spf::explain(directive).ends_with('.'));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto linted = codec::spf::lint(text);
    ASSAY_ASSERT(linted.record.has_value() == codec::spf::claims(text));
    ASSAY_ASSERT(codec::spf::resembles(text) || !codec::spf::claims(text));
    ASSAY_ASSERT(std::ranges::is_sorted(linted.faults, {}, &base::Fault::offset));
    for (const auto& fault : linted.faults) {
        ASSAY_ASSERT(fault.offset < size);
        ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
    }
    const auto parsed = codec::spf::parse(text);
    const bool stops = std::ranges::any_of(linted.faults, codec::spf::is_permanent_error);
    ASSAY_ASSERT(parsed.has_value() == (linted.record.has_value() && !stops));
    if (linted.record) {
        for (const auto& directive : linted.record->directives)
            check_directive(directive, text);
    }
    if (!parsed) {
        ASSAY_ASSERT(!linted.record || std::ranges::count(linted.faults, parsed.error()) > 0);
        return 0;
    }
    ASSAY_ASSERT(*parsed == *linted.record);
    for (const auto& modifier : parsed->unknown)
        ASSAY_ASSERT(codec::spf::explain(modifier).ends_with('.'));
    const auto printed = codec::spf::print(*parsed);
    const auto again = codec::spf::parse(printed);
    ASSAY_ASSERT(again.has_value());
    ASSAY_ASSERT(bare(*again) == bare(*parsed));
    ASSAY_ASSERT(codec::spf::print(*again) == printed);
    return 0;
}
