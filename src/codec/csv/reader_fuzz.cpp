#include "codec/csv/reader.hpp"

#include <cstdint>

#include "base/assert.hpp"
#include "codec/csv/writer.hpp"

// However the text is cut, the records are the same; what is printed reads back.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace assay;
    using namespace codec::csv;
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto whole = read_all(text);
    std::vector<Record> pieces;
    Reader reader([&](const Record& record) -> base::Result<void> {
        pieces.push_back(record);
        return {};
    });
    base::Result<void> done;
    for (std::size_t at = 0; done && at < size; at += 3)
        done = reader.feed(text.substr(at, 3));
    if (done) done = reader.finish();
    ASSAY_ASSERT(done.has_value() == whole.has_value());
    if (!whole) return 0;
    ASSAY_ASSERT(pieces == *whole);
    // Behind a first record of ours: bytes that look like a byte order mark, or commas that are all
    // quoted, would else be taken for something at the begin of the file.
    std::string printed = "x\r\n";
    for (const auto& record : *whole)
        printed += print_record(record.cells);
    auto again = read_all(printed);
    ASSAY_ASSERT(again && again->size() == whole->size() + 1);
    again->erase(again->begin());
    for (std::size_t i = 0; i < again->size(); ++i) {
        const auto& cells = (*again)[i].cells;
        ASSAY_ASSERT(cells.size() == (*whole)[i].cells.size());
        for (std::size_t k = 0; k < cells.size(); ++k) {
            ASSAY_ASSERT(unguard(cells[k]) == (*whole)[i].cells[k]);
            ASSAY_ASSERT(guard(cells[k]) == cells[k] || unguard(guard(cells[k])) == cells[k]);
        }
    }
    return 0;
}
