#include "codec/zone/master.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace {

using namespace assay;
using codec::zone::Kind;

// Every record that was read prints and reads back, and the zone answers with it.
void check_zone(const codec::zone::ZoneData& data) {
    const codec::zone::Zone zone(data);
    ASSAY_ASSERT(zone.apex() == data.apex);
    for (const auto& record : data.records) {
        ASSAY_ASSERT(record.name.is_at_or_below(data.apex));
        ASSAY_ASSERT(codec::dns::parse_record(codec::dns::print_record(record)) == record);
        const auto found = zone.find(record.name, record.type());
        ASSAY_ASSERT(!found.wildcard);
        ASSAY_ASSERT(found.kind == Kind::delegation ||
                     (found.kind == Kind::answer &&
                      std::ranges::find(found.records, record.data, &codec::dns::Record::data) !=
                          found.records.end()));
        if (const auto below = record.name.child("a")) {
            const auto kind = zone.find(*below, codec::dns::Type::A).kind;
            ASSAY_ASSERT(kind != Kind::alias);
        }
    }
    for (const auto& name : zone.names())
        ASSAY_ASSERT(name.is_at_or_below(data.apex));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    static const auto origin = codec::dns::parse_name("example.com.").value();
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n')) + 1;
    const auto read = codec::zone::parse_master(text, origin, "file");
    if (!read) {
        ASSAY_ASSERT(read.error().file == "file" && !read.error().text.empty());
        ASSAY_ASSERT(read.error().line >= 1 && read.error().line <= lines);
    } else {
        ASSAY_ASSERT(!read->records.empty() || !read->warnings.empty());
        check_zone(*read);
    }
    // With includes: each file includes the next until the limit.
    std::size_t files = 0;
    const auto include = [&](std::string_view) -> std::expected<std::string, codec::zone::Problem> {
        if (++files > 100) return std::unexpected(codec::zone::Problem{"", 0, "enough"});
        return files % 2 == 0 ? std::string(text) : "included A 192.0.2.1\n";
    };
    const auto included = codec::zone::parse_master(text, std::nullopt, "file", include);
    if (included) check_zone(*included);
    return 0;
}
