#include "codec/dns/name.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace {

using namespace assay;
using codec::dns::Name;

void check_fault(const base::Fault& fault, std::size_t offset_max) {
    ASSAY_ASSERT(fault.offset <= offset_max);
    ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
}

void check_name(const Name& name) {
    ASSAY_ASSERT(name.wire().size() <= codec::dns::name_octets_max);
    ASSAY_ASSERT(name.labels().size() == name.label_count());
    ASSAY_ASSERT(codec::dns::parse_name(name.text()) == name);
    ASSAY_ASSERT(Name::from_wire(std::string(name.wire())) == name);
    ASSAY_ASSERT(std::ranges::all_of(name.text(), [](char c) { return c > 0x20 && c < 0x7f; }));
    Name above, built;
    auto labels = name.labels();
    std::ranges::reverse(labels);
    for (const auto label : labels) {
        ASSAY_ASSERT(name.is_below(built) && !built.is_at_or_below(name));
        built = built.child(label).value();
        ASSAY_ASSERT(built.parent() == above && built == name.suffix(built.label_count()));
        above = built;
    }
    ASSAY_ASSERT(built == name && name.is_at_or_below(built));
    ASSAY_ASSERT(name.is_root() || name.parent().child(name.first_label()) == name);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto written = codec::dns::parse_name(text);
    if (written) {
        check_name(*written);
        // A relative name below an origin is the two joined, or too long.
        const auto origin = Name().child("origin").value();
        const auto below = codec::dns::parse_name(text, origin);
        if (below) {
            const bool relative = *below != *written;
            ASSAY_ASSERT(!relative || (below->is_below(origin) &&
                                       below->label_count() == written->label_count() + 1));
        } else {
            ASSAY_ASSERT(below.error().rule == "name-too-long");
        }
    } else {
        check_fault(written.error(), size);
    }

    const bool ascii = std::ranges::all_of(text, [](char c) { return (c & 0x80) == 0; });
    const auto typed = codec::dns::parse_domain(text);
    if (!typed) {
        check_fault(typed.error(), text.size());
        return 0;
    }
    check_name(*typed);
    // Without escapes and letters beyond ASCII both readers see the same name, where there is one.
    if (ascii && written) ASSAY_ASSERT(*written == *typed);
    const auto shown = codec::dns::print_unicode(*typed);
    ASSAY_ASSERT(shown == typed->text() || codec::dns::parse_domain(shown) == *typed);
    return 0;
}
