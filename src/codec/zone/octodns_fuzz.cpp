#include "codec/zone/octodns.hpp"

#include <algorithm>

#include "base/assert.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using codec::zone::Kind;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static const auto apex = codec::dns::parse_name("example.com.").value();
    // YAML ends lines with CR as well.
    const auto ends = std::ranges::count(text, '\n') + std::ranges::count(text, '\r');
    const auto lines = static_cast<std::size_t>(ends) + 1;
    const auto inside = [&](const codec::zone::Problem& problem) {
        return problem.file == "file" && !problem.text.empty() && problem.line >= 1 &&
               problem.line <= lines;
    };
    const auto read = codec::zone::parse_octodns(text, apex, "file");
    if (!read) {
        ASSAY_ASSERT(inside(read.error()));
        return 0;
    }
    ASSAY_ASSERT(read->apex == apex);
    ASSAY_ASSERT(std::ranges::all_of(read->warnings, inside));
    const codec::zone::Zone zone(*read);
    for (const auto& record : read->records) {
        ASSAY_ASSERT(record.ttl <= 0x7fffffff);
        ASSAY_ASSERT(codec::dns::parse_record(codec::dns::print_record(record)) == record);
        if (!record.name.is_at_or_below(apex)) continue;
        const auto found = zone.find(record.name, record.type());
        ASSAY_ASSERT(found.kind == Kind::delegation ||
                     (found.kind == Kind::answer &&
                      std::ranges::find(found.records, record.data, &codec::dns::Record::data) !=
                          found.records.end()));
    }
    for (const auto& alias : read->aliases) {
        if (!alias.name.is_at_or_below(apex)) continue;
        const auto kind = zone.find(alias.name, codec::dns::Type::A).kind;
        ASSAY_ASSERT(kind == Kind::alias || kind == Kind::answer || kind == Kind::cname ||
                     kind == Kind::delegation);
    }
    return 0;
}
