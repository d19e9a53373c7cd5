#include "codec/tags/tag_list.hpp"

#include <doctest/doctest.h>

namespace assay::codec::tags {

namespace {

constexpr std::string_view names[] = {"v", "p", "rua"};
constexpr Language language{"v=TEST1", "test", names, "RFC 0"};

std::vector<base::Fault> inspect_last(std::string_view text) {
    return inspect(split(text).back(), language);
}

}  // namespace

TEST_CASE("a tag list is cut at semicolons, with offsets, without blanks") {
    const auto parts = split("v=TEST1 ;\tp = none=x;; rua ; ");
    REQUIRE(parts.size() == 4);
    CHECK(parts[0].text == "v=TEST1");
    CHECK(parts[0].offset == 0);
    CHECK(parts[0].value_offset == 2);
    CHECK(parts[0].terminated);
    CHECK(parts[1].name == "p");
    CHECK(parts[1].value == "none=x");
    CHECK(parts[1].offset == 10);
    CHECK(parts[1].value_offset == 14);
    CHECK(parts[1].blank_before_equals);
    CHECK(parts[1].blank_after_equals);
    CHECK(parts[2].text.empty());
    CHECK(parts[2].offset == 21);
    CHECK(parts[3].name == "rua");
    CHECK(!parts[3].has_value);
    CHECK(!parts[0].blank_before_equals);
    CHECK(!parts[0].blank_after_equals);
}

TEST_CASE("an empty text has no parts, and the last part has no semicolon") {
    CHECK(split("").empty());
    CHECK(split("  ").empty());
    CHECK(split(";").size() == 1);
    CHECK(!split("a=b").front().terminated);
    CHECK(split("a=").front().value_offset == 2);
}

TEST_CASE("mistakes that belong to no tag are found where they are") {
    struct {
        std::string_view text, rule;
        std::size_t offset;
        std::string_view detail;
    } const rows[] = {
        {"v=TEST1; p=a\x02"
         "b",
         "control-byte", 12, "\\x02"},
        {"p=a\tb", "control-byte", 3, "tab"},
        {"p=a\r\n", "control-byte", 3, "line break"},
        {"p=\xe2\x80\x98x", "non-ascii", 2, "Curly"},
        {"p=\xe2\x80\x8bx", "non-ascii", 2, "zero width"},
        {"p=x\xe2\x80\x93y", "non-ascii", 3, "long dash"},
        {"p=m\xc3\xbcll", "non-ascii", 3, "\"\\xc3\\xbc\""},
        {"p=\"x", "quote-mark", 2, "quote mark"},
        {"p=x\"", "quote-mark", 3, "quote mark"},
        {"p=x\\", "escaped-separator", 3, "end of the record"},
        {"p=x\\;", "escaped-separator", 3, "before the semicolon"},
        {"p=x rua=y", "missing-separator", 3, "a space before \"rua=\""},
        {"p=x,RUA =y", "missing-separator", 3, "\",\" before \"rua=\""},
        {"p=x , rua=y", "missing-separator", 4, "\",\" before"},
        {"p=x|rua=y", "missing-separator", 3, "\"|\" before"},
        {"p=x v=other", "joined-records", 4, "joined"},
        {"p=xv=test1", "joined-records", 3, "joined"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto faults = inspect_last(row.text);
        REQUIRE(faults.size() == 1);
        CHECK(faults[0].rule == row.rule);
        CHECK(faults[0].offset == row.offset);
        CHECK(faults[0].detail.contains(row.detail));
        CHECK(faults[0].cite == "RFC 0");
    }
    for (const auto text : {"p=x", "p=xrua=y", "p=x other=y", "rua=mailto:a@example.com?p=x"}) {
        CHECK_MESSAGE(inspect_last(text).empty(), text);
    }
}

TEST_CASE("the tag that hides in another one is named") {
    const auto hidden = hidden_tags(split("v=TEST1 P=x rua=y").front(), language);
    REQUIRE(hidden.size() == 2);
    CHECK(hidden[0].name == "p");
    CHECK(hidden[1].name == "rua");
}

TEST_CASE("a slip of the fingers is recognised, another word is not") {
    constexpr std::string_view known[] = {"none", "quarantine", "reject", "id"};
    CHECK(nearest("rejct", known) == "reject");
    CHECK(nearest("rejetc", known) == "reject");
    CHECK(nearest("Reject", known) == "reject");
    CHECK(nearest("quarentin", known) == "quarantine");
    CHECK(nearest("noen", known) == "none");
    CHECK(nearest("ID", known) == "id");
    CHECK(nearest("reject", known).empty());
    CHECK(nearest("od", known).empty());
    CHECK(nearest("accept", known).empty());
    CHECK(nearest("", known).empty());
    CHECK(nearest(std::string(word_octets_max + 1, 'n'), known).empty());
}

TEST_CASE("extensions have a grammar") {
    CHECK(is_extension_name("a_b-c.9"));
    CHECK(is_extension_name(std::string(32, 'a')));
    CHECK(!is_extension_name(std::string(33, 'a')));
    CHECK(!is_extension_name("_a"));
    CHECK(!is_extension_name(""));
    CHECK(is_extension_value("a:b,c"));
    CHECK(!is_extension_value("a b"));
    CHECK(!is_extension_value("a=b"));
    CHECK(!is_extension_value("\xc3\xbc"));
    CHECK(!is_extension_value(""));
}

TEST_CASE("faults come in order of offset, and not too many of one rule") {
    FaultList list;
    list.add("b", "RFC 0", 5, "second");
    list.add("a", "RFC 0", 1, "first");
    list.add("c", "RFC 0", 5, "third");
    for (std::size_t i = 0; i < 2 * faults_per_rule_max; ++i)
        list.add("d", "RFC 0", 9 + i, "more");
    const auto faults = list.take();
    REQUIRE(faults.size() == 3 + faults_per_rule_max);
    CHECK(faults[0].detail == "first");
    CHECK(faults[1].detail == "second");
    CHECK(faults[2].detail == "third");
}

}  // namespace assay::codec::tags
