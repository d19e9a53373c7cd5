#include "codec/tags/field_list.hpp"

#include <doctest/doctest.h>

namespace assay::codec::tags {

namespace {

constexpr std::string_view names[] = {"v", "id"};
constexpr Language language{"v=TEST1", "test", names, "RFC 0"};

struct Reading {
    FieldList list;
    std::string faults;
};

Reading read(std::string_view text) {
    FaultList faults;
    Reading out{read_fields(text, language, faults), {}};
    for (const auto& fault : faults.take()) {
        out.faults += fault.rule + '@' + std::to_string(fault.offset) + ' ';
    }
    return out;
}

}  // namespace

TEST_CASE("known fields and extensions are told apart") {
    const auto [list, faults] = read("v=TEST1; x=1; id=abc; y.z=2;");
    CHECK(faults.empty());
    REQUIRE(list.find("id") != nullptr);
    CHECK(list.find("id")->part.value == "abc");
    CHECK(list.find("x") == nullptr);
    CHECK(list.extensions ==
          std::vector<std::pair<std::string, std::string>>{{"x", "1"}, {"y.z", "2"}});
    CHECK(!list.version_fault);
    CHECK(!list.syntax_fault);
}

TEST_CASE("what breaks the grammar of fields is found") {
    struct {
        std::string_view text, faults;
        bool version, syntax;
    } const rows[] = {
        {"v=TEST1", "", false, false},
        {"v=TEST1 ; id=1", "space-before-separator@7 ", false, false},
        {"v=TEST1;; id=1", "empty-tag@8 ", false, true},
        {"v=TEST1; id=1 ", "bad-syntax@13 ", false, true},
        {"v=TEST1 ", "bad-syntax@7 ", false, true},
        {"v=TEST1; id=1 ; \t", "", false, false},
        {"v=TEST1; id=1; id=2", "duplicate-tag@15 ", false, false},
        {"v=TEST1; ID=1", "misspelt-tag@9 ", false, false},
        {"v=TEST1; id =1", "bad-syntax@11 ", false, true},
        {"v=TEST1; id", "bad-syntax@9 ", false, true},
        {"v=TEST1; =1", "bad-syntax@9 ", false, true},
        {"v=TEST1; a/b=1", "bad-extension@9 ", false, true},
        {"v=TEST1; a=b c", "bad-extension@11 ", false, true},
        {"v=TEST1; a=", "bad-extension@11 ", false, true},
        {"v=TEST1; id=1; v=TEST1; id=2", "joined-records@15 ", false, true},
        {"v=TEST1 id=1", "missing-separator@7 ", true, true},
        {"v =TEST1; id=1", "bad-version@0 ", true, false},
        {"v=TEST2; id=1 x", "bad-version@2 ", true, false},
        {"v=OTHER; id=1; a=b c", "bad-version@2 ", true, false},
        {"id=1; v=TEST1", "bad-version@0 ", true, false},
        {"", "bad-version@0 ", true, false},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto [list, faults] = read(row.text);
        CHECK(faults == row.faults);
        CHECK(list.version_fault.has_value() == row.version);
        CHECK(list.syntax_fault.has_value() == row.syntax);
    }
}

TEST_CASE("a text claims with the version and a semicolon") {
    for (const auto* text : {"v=TEST1;", "v=TEST1 ; id=1", "v=TEST1;id=1"})
        CHECK_MESSAGE(claims(text, language), text);
    for (const auto* text : {"", "v=TEST1", "v=TEST1 ", "v=TEST12;", "v=TEST1 id=1;", " v=TEST1;"})
        CHECK_MESSAGE(!claims(text, language), text);
}

TEST_CASE("a field that was meant but is none is remembered") {
    CHECK(read("v=TEST1; x=1 id=2").list.find_attempt("id") != nullptr);
    CHECK(read("v=TEST1; id:2").list.find_attempt("id") != nullptr);
    CHECK(read("v=TEST1; x=2").list.find_attempt("id") == nullptr);
}

}  // namespace assay::codec::tags
