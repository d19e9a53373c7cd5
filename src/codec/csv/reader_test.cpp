#include "codec/csv/reader.hpp"

#include <doctest/doctest.h>

#include "codec/csv/writer.hpp"

namespace assay::codec::csv {

namespace {

using Cells = std::vector<std::string>;

std::vector<Cells> cells_of(std::string_view text) {
    std::vector<Cells> out;
    const auto records = read_all(text);
    REQUIRE(records.has_value());
    for (const auto& record : *records)
        out.push_back(record.cells);
    return out;
}

}  // namespace

TEST_CASE("CSV is read with quotes, line breaks, a byte order mark and three separators") {
    CHECK(cells_of("a,b\r\n1,2\r\n") == std::vector<Cells>{{"a", "b"}, {"1", "2"}});
    CHECK(cells_of("\xef\xbb\xbf"
                   "a;b\n\"1;\"\"x\"\"\r\ny\";2") ==
          std::vector<Cells>{{"a", "b"}, {"1;\"x\"\r\ny", "2"}});
    CHECK(cells_of("a\tb\r1\t2\r") == std::vector<Cells>{{"a", "b"}, {"1", "2"}});
    CHECK(cells_of("\n\na,\n\n,b") == std::vector<Cells>{{"a", ""}, {"", "b"}});
    CHECK(cells_of("a,5\" disk\n\"b\"c,d") == std::vector<Cells>{{"a", "5\" disk"}, {"bc", "d"}});
    CHECK(cells_of("").empty());
    CHECK(cells_of("\"\"") == std::vector<Cells>{{""}});
}

TEST_CASE("a CSV record knows the line on which it begins") {
    const auto records = read_all("a,b\n\"1\n2\n\",x\r\ny,z\n").value();
    REQUIRE(records.size() == 3);
    CHECK(records[1].line == 2);
    CHECK(records[2].line == 5);
}

TEST_CASE("CSV is the same however it is cut into chunks") {
    const std::string text = "a,\"b\"\"c\"\r\n\"x\r\ny\",\"\"\r\n";
    const auto whole = read_all(text).value();
    std::vector<Record> pieces;
    Reader reader([&](const Record& record) -> base::Result<void> {
        pieces.push_back(record);
        return {};
    });
    for (const char c : text)
        REQUIRE(reader.feed(std::string_view(&c, 1)).has_value());
    REQUIRE(reader.finish().has_value());
    CHECK(pieces == whole);
}

TEST_CASE("CSV that cannot be read says where and why") {
    CHECK(read_all("a\n\"b").error().detail.contains("never closed in the record that begins on"));
    CHECK(read_all("\xff\xfe"
                   "a")
              .error()
              .detail.contains("UTF-16"));
    CHECK(read_all(std::string(columns_max + 1, ',')).error().kind == base::ErrorKind::limit);
    CHECK(read_all(std::string(cell_length_max + 1, 'a')).error().kind == base::ErrorKind::limit);
}

TEST_CASE("no cell that is written begins a formula") {
    for (const auto text :
         {"=1+1", "+x", "-x", "@SUM(A1)", "\t=1", "\r=1", "-1+1", "+44 20", "'=1"})
        CHECK_MESSAGE(guard(text) == "'" + std::string(text), text);
    for (const auto text : {"", "a=1", "-1.5", "+3", "-", "'", "it's", "'-1.5"}) {
        if (std::string_view(text) != "-") CHECK_MESSAGE(guard(text) == text, text);
        CHECK_MESSAGE(unguard(guard(text)) == text, text);
    }
    CHECK(unguard("'=1") == "=1");
}

TEST_CASE("a written record is read back") {
    const Cells cells{"=x", "a,b", "line\r\nbreak", "\"q\"", "", "-1.5"};
    const auto records = read_all(print_record(cells)).value();
    REQUIRE(records.size() == 1);
    Cells back;
    for (const auto& cell : records[0].cells)
        back.push_back(unguard(cell));
    CHECK(back == cells);
    CHECK(read_all(print_record(Cells{""})).value().size() == 1);
}

}  // namespace assay::codec::csv
