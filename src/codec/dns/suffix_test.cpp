#include "codec/dns/suffix.hpp"

#include <doctest/doctest.h>

namespace assay::codec::dns {

namespace {

// Every kind of rule that publicsuffix.org describes.
constexpr std::string_view list_text =
    "// a comment\n"
    "// ===BEGIN ICANN DOMAINS===\n"
    "com\n"
    "uk\n"
    "gov.uk\n"
    "\n"
    "*.example\n"
    "!town.example\n"
    "m\xc3\xbcller.test\n"
    "// ===END ICANN DOMAINS===\n"
    "// ===BEGIN PRIVATE DOMAINS===\n"
    "pages.com\n"
    "// ===END PRIVATE DOMAINS===\n";

struct Row {
    std::string_view name;
    std::string_view suffix;
    std::string_view registrable;  // empty: none
};

constexpr Row rows[] = {
    {"com", "com", ""},
    {"a.com", "com", "a.com"},
    {"A.Com", "com", "a.com"},
    {"c.b.a.com", "com", "a.com"},
    {"gov.uk", "gov.uk", ""},
    {"a.gov.uk", "gov.uk", "a.gov.uk"},
    {"b.a.gov.uk", "gov.uk", "a.gov.uk"},
    {"a.uk", "uk", "a.uk"},
    {"notgov.uk", "uk", "notgov.uk"},
    {"_dmarc.a.gov.uk", "gov.uk", "a.gov.uk"},
    // A wildcard rule, and its exception.
    {"a.example", "a.example", ""},
    {"b.a.example", "a.example", "b.a.example"},
    {"c.b.a.example", "a.example", "b.a.example"},
    {"town.example", "example", "town.example"},
    {"a.town.example", "example", "town.example"},
    // The private section counts.
    {"pages.com", "pages.com", ""},
    {"a.pages.com", "pages.com", "a.pages.com"},
    // Rules are written with U-labels, names with A-labels.
    {"xn--mller-kva.test", "xn--mller-kva.test", ""},
    {"a.xn--mller-kva.test", "xn--mller-kva.test", "a.xn--mller-kva.test"},
    // No rule: "*".
    {"unlisted", "unlisted", ""},
    {"b.a.unlisted", "unlisted", "a.unlisted"},
    {".", ".", ""},
};

}  // namespace

TEST_CASE("the public suffix and the registrable domain follow the rules of the list") {
    const auto list = SuffixList::parse(list_text).value();
    for (const auto& row : rows) {
        CAPTURE(row.name);
        const auto name = parse_name(row.name).value();
        CHECK(list.public_suffix(name).text() == row.suffix);
        const auto registrable = list.registrable_domain(name);
        CHECK((registrable ? registrable->text() : "") == row.registrable);
        CHECK(list.is_public_suffix(name) == row.registrable.empty());
    }
}

TEST_CASE("a label with a dot inside is one label") {
    const auto list = SuffixList::parse(list_text).value();
    const auto name = parse_name("a.b\\.gov.uk").value();
    CHECK(list.public_suffix(name).text() == "uk");
    CHECK(list.registrable_domain(name).value().text() == "b\\.gov.uk");
}

TEST_CASE("the list that libpsl brings along is there") {
    const auto list = SuffixList::builtin();
    CHECK(list.is_public_suffix(parse_name("gov.uk").value()));
    CHECK(list.registrable_domain(parse_name("www.example.gov.uk").value()) ==
          parse_name("example.gov.uk").value());
    CHECK(list.registrable_domain(parse_name("www.example.com").value()) ==
          parse_name("example.com").value());
    const auto copy = list;
    CHECK(copy.is_public_suffix(parse_name("com").value()));
}

TEST_CASE("bytes without a rule are no list") {
    for (const std::string_view text : {"", "\n", "// only a comment\n", "\n\n// x"}) {
        CAPTURE(text);
        const auto list = SuffixList::parse(text);
        REQUIRE(!list);
        CHECK(list.error().kind == base::ErrorKind::usage);
    }
}

}  // namespace assay::codec::dns
