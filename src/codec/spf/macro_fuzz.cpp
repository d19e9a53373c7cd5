#include "codec/spf/macro.hpp"

#include <algorithm>
#include <cstdint>

#include "base/assert.hpp"

// The first line is the sender, the second the address; the rest is the text with macros.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay::codec::spf;
    std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto line = [&] {
        const auto end = std::min(text.find('\n'), text.size());
        const std::string out(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
        return out;
    };
    MacroContext context;
    context.sender = line();
    context.address = line();
    context.domain = "mail.example.com";
    context.helo = "mx.example.org";
    context.receiver = "receiver.example.net";
    context.timestamp = "1795428000";
    for (const bool in_explanation : {false, true}) {
        const auto checked = check_macros(text, in_explanation);
        const auto expanded = expand(text, context, in_explanation);
        if (!checked) {
            ASSAY_ASSERT(expanded.error() == checked.error() ||
                         expanded.error().detail.contains("too long"));
            ASSAY_ASSERT(checked.error().offset < text.size());
            ASSAY_ASSERT(checked.error().rule == "bad-macro" ||
                         checked.error().rule == "forbidden-character");
            continue;
        }
        if (!expanded) {
            ASSAY_ASSERT(expanded.error().detail.contains("too long"));
            continue;
        }
        // What domain-specs allow, explanations allow too.
        if (!in_explanation) ASSAY_ASSERT(check_macros(text, true).has_value());
        if (text.find('%') == std::string_view::npos && in_explanation)
            ASSAY_ASSERT(*expanded == text);
        if (!in_explanation && expanded->size() > 253)
            ASSAY_ASSERT(expanded->find('.') == std::string::npos);
    }
    return 0;
}
