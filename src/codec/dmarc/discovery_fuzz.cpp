#include "codec/dmarc/discovery.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "base/text.hpp"

// The first line is the start name; each further line is the TXT record of one step, "!" a failed
// query, and a tab separates several records.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::dmarc;
    const auto lines =
        base::split(std::string_view(reinterpret_cast<const char*>(data), size), '\n');
    const auto start = codec::dns::parse_domain(lines.front());
    if (!start) return 0;
    const auto names = walk_names(*start);
    ASSAY_ASSERT(names.front() == *start && names.size() <= walk_queries_max);
    std::vector<Step> steps;
    for (std::size_t i = 0; i < names.size(); ++i) {
        ASSAY_ASSERT(start->is_at_or_below(names[i]));
        const auto line = i + 1 < lines.size() ? lines[i + 1] : std::string_view();
        std::vector<std::string> texts;
        for (const auto text : base::split(line, '\t'))
            texts.emplace_back(text);
        steps.push_back(read_step(names[i], texts));
        if (line == "!") steps.back().state = StepState::unknown;
    }
    for (const bool exists : {true, false}) {
        const auto found = discover(steps, exists);
        ASSAY_ASSERT(found.policy.has_value() == found.policy_domain.has_value());
        ASSAY_ASSERT(found.policy.has_value() == (found.source != Discovery::Source::none));
        ASSAY_ASSERT(found.policy_known || !found.policy);
        if (found.policy_domain) ASSAY_ASSERT(start->is_at_or_below(*found.policy_domain));
        if (!found.organizational_domain) continue;
        ASSAY_ASSERT(start->is_at_or_below(*found.organizational_domain));
        ASSAY_ASSERT(aligned(*start, *found.organizational_domain, *start,
                             *found.organizational_domain, Alignment::strict));
    }
    return 0;
}
