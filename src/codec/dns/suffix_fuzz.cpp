#include "codec/dns/suffix.hpp"

#include "base/assert.hpp"

// A list, a zero octet, and a name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay::codec::dns;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto zero = text.find('\0');
    const auto list = SuffixList::parse(text.substr(0, zero));
    if (!list) {
        ASSAY_ASSERT(list.error().kind == assay::base::ErrorKind::usage);
        return 0;
    }
    const auto typed = zero == std::string_view::npos ? "a.b.example.com" : text.substr(zero + 1);
    const auto name = parse_name(typed);
    if (!name) return 0;
    const auto suffix = list->public_suffix(*name);
    ASSAY_ASSERT(name->is_at_or_below(suffix));
    ASSAY_ASSERT(list->is_public_suffix(suffix));
    const auto registrable = list->registrable_domain(*name);
    if (!registrable) {
        ASSAY_ASSERT(suffix == *name || suffix.is_root());
        return 0;
    }
    ASSAY_ASSERT(name->is_at_or_below(*registrable));
    ASSAY_ASSERT(registrable->parent() == suffix);
    ASSAY_ASSERT(!list->is_public_suffix(*registrable));
    ASSAY_ASSERT(list->registrable_domain(*registrable) == *registrable);
    return 0;
}
