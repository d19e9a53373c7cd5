#include <doctest/doctest.h>

#include "codec/spf/record.hpp"

namespace assay::codec::spf {

namespace {

struct Row {
    std::string_view term, sentence;
};

constexpr Row rows[] = {
    {"-all", "Mail from anywhere else fails."},
    {"~all",
     "Mail from anywhere else soft-fails: receivers are suspicious of it but mostly accept it."},
    {"?all", "Mail from anywhere else is neither allowed nor refused."},
    {"all", "Mail from anywhere else passes."},
    {"ip4:192.0.2.0/24", "Mail from any address in 192.0.2.0/24 passes."},
    {"ip4:0.0.0.0/0", "Mail from any address in 0.0.0.0/0 passes."},
    {"ip4:192.0.2.1", "Mail from 192.0.2.1 passes."},
    {"-ip4:192.0.2.1/32", "Mail from 192.0.2.1 fails."},
    {"ip6:2001:DB8::/32", "Mail from any address in 2001:db8::/32 passes."},
    {"ip6:2001:db8::1/128", "Mail from 2001:db8::1 passes."},
    {"include:a.example.com",
     "Mail that the SPF record of a.example.com lets pass passes; what it does not let pass goes "
     "on to the next term."},
    {"a", "Mail from an address of this domain passes."},
    {"a:a.example.com/24//64",
     "Mail from an address of a.example.com, and its neighbours in the same /24, and its IPv6 "
     "neighbours in the same /64 passes."},
    {"?mx", "Mail from a host that receives mail for this domain is neither allowed nor refused."},
    {"mx:b.example.com//64",
     "Mail from a host that receives mail for b.example.com, and its IPv6 neighbours in the same "
     "/64 passes."},
    {"ptr", "Mail from an address whose reverse name is at or below this domain passes."},
    {"ptr:c.example.com",
     "Mail from an address whose reverse name is at or below c.example.com passes."},
    {"exists:%{i}.d.example.com",
     "The receiver builds a name from the mail by %{i}.d.example.com; if it exists, the mail "
     "passes."},
    {"-exists:d.example.com", "If the name d.example.com exists, every mail fails."},
};

}  // namespace

TEST_CASE("every directive has a plain sentence") {
    for (const auto& row : rows) {
        const auto linted = lint("v=spf1 " + std::string(row.term)).record.value();
        REQUIRE(linted.directives.size() == 1);
        CHECK(explain(linted.directives.front()) == row.sentence);
    }
}

TEST_CASE("every modifier has a plain sentence") {
    const auto record =
        parse("v=spf1 -all redirect=a.example.com exp=b.example.com x-moo=cow").value();
    CHECK(explain(*record.redirect) ==
          "If no term above matched, the SPF record of a.example.com decides in place of this "
          "one.");
    CHECK(explain(*record.explanation) ==
          "When mail fails, the reason is the text published at b.example.com.");
    CHECK(explain(record.unknown.front()) ==
          "Receivers ignore this: 'x-moo' is not a modifier that they know.");
}

TEST_CASE("a name that depends on the message is told from one that does not") {
    CHECK(has_macro("%{i}.example.com"));
    CHECK(has_macro("a.%{d2}"));
    CHECK_FALSE(has_macro("a.example.com"));
    CHECK_FALSE(has_macro("a%%b%_%-.example.com"));
    CHECK_FALSE(has_macro(""));
}

TEST_CASE("a long domain is cut in the sentence") {
    const auto record = parse("v=spf1 a:" + std::string(300, 'x') + ".com").value();
    const auto sentence = explain(record.directives.front());
    CHECK(sentence.size() < 260);
    CHECK(sentence.contains("xxx..."));
}

}  // namespace assay::codec::spf
