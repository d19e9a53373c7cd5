#include "codec/spf/macro.hpp"

#include <doctest/doctest.h>

namespace assay::codec::spf {

namespace {

MacroContext context_of(std::string address) {
    MacroContext context;
    context.sender = "strong-bad@email.example.com";
    context.domain = "email.example.com";
    context.helo = "mx.example.org";
    context.address = std::move(address);
    context.receiver = "receiver.example.net";
    context.timestamp = "1795428000";
    return context;
}

struct Row {
    std::string_view text, expanded;
};

// Letters and transformers (RFC 7208 sections 7.2 to 7.4).
constexpr Row rows[] = {
    {"", ""},
    {"a.example.com", "a.example.com"},
    {"%{s}", "strong-bad@email.example.com"},
    {"%{l}", "strong-bad"},
    {"%{o}", "email.example.com"},
    {"%{d}", "email.example.com"},
    {"%{i}", "192.0.2.3"},
    {"%{p}", "unknown"},
    {"%{v}", "in-addr"},
    {"%{h}", "mx.example.org"},
    {"%{d4}", "email.example.com"},
    {"%{d3}", "email.example.com"},
    {"%{d2}", "example.com"},
    {"%{d1}", "com"},
    {"%{d128}", "email.example.com"},
    {"%{dr}", "com.example.email"},
    {"%{dR}", "com.example.email"},
    {"%{d2r}", "example.email"},
    {"%{d1r}", "email"},
    {"%{d02}", "example.com"},
    {"%{l-}", "strong.bad"},
    {"%{lr}", "strong-bad"},
    {"%{lr-}", "bad.strong"},
    {"%{l1r-}", "strong"},
    {"%{l1-}", "bad"},
    // A delimiter given takes the full stop's place.
    {"%{d-}", "email.example.com"},
    {"%{d1-}", "email.example.com"},
    {"%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"},
    {"%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"},
    {"%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com"},
    // Upper case escapes for URLs.
    {"%{S}", "strong-bad%40email.example.com"},
    {"%{D2R}", "example.email"},
    // What stands for itself.
    {"%%", "%"},
    {"%_", " "},
    {"%-", "%20"},
    {"%%{d}", "%{d}"},
    {"a%%b%-c}{", "a%b%20c}{"},
};

std::string fault_of(std::string_view text, bool in_explanation) {
    const auto checked = check_macros(text, in_explanation);
    const auto expanded = expand(text, context_of("192.0.2.3"), in_explanation);
    CHECK(checked.has_value() == expanded.has_value());
    if (checked) return {};
    CHECK(checked.error() == expanded.error());
    CHECK(checked.error().cite == "RFC 7208 section 7.1");
    return checked.error().rule + '@' + std::to_string(checked.error().offset);
}

}  // namespace

TEST_CASE("macros expand with their transformers") {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(check_macros(row.text, false));
        CHECK(expand(row.text, context_of("192.0.2.3"), false) == row.expanded);
        CHECK(expand(row.text, context_of("192.0.2.3"), true) == row.expanded);
    }
}

TEST_CASE("an IPv6 address expands to its nibbles") {
    const auto context = context_of("2001:DB8::cb01");
    CHECK(expand("%{i}", context, false) ==
          "2.0.0.1.0.d.b.8.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.c.b.0.1");
    CHECK(expand("%{ir}.%{v}._spf.%{d2}", context, false) ==
          "1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com");
    CHECK(expand("%{c}", context, true) == "2001:db8::cb01");
    CHECK(expand("%{C}", context, true) == "2001%3Adb8%3A%3Acb01");
}

TEST_CASE("explanations know three more letters, and spaces") {
    const auto context = context_of("192.0.2.3");
    CHECK(expand("%{c} is not one of %{d}'s mail servers (%{r}, %{t})", context, true) ==
          "192.0.2.3 is not one of email.example.com's mail servers "
          "(receiver.example.net, 1795428000)");
    CHECK(fault_of("%{c}", false) == "bad-macro@0");
    CHECK(fault_of("%{R}", false) == "bad-macro@0");
    CHECK(fault_of("a.%{t}", false) == "bad-macro@2");
    CHECK(fault_of("a b", false) == "forbidden-character@1");
    CHECK(fault_of("a b", true).empty());
}

TEST_CASE("a macro that is not one is found where it is") {
    constexpr Row faults[] = {
        {"%", "bad-macro@0"},
        {"a%", "bad-macro@1"},
        {"%a", "bad-macro@0"},
        {"%%%", "bad-macro@2"},
        {"%{", "bad-macro@0"},
        {"%{d", "bad-macro@0"},
        {"%{}", "bad-macro@0"},
        {"a.%{x}", "bad-macro@2"},
        {"%{ d}", "bad-macro@0"},
        {"%{dd}", "bad-macro@0"},
        {"%{d0}", "bad-macro@0"},
        {"%{d00}", "bad-macro@0"},
        {"%{d-2}", "bad-macro@0"},
        {"%{dr2}", "bad-macro@0"},
        {"%{drr}", "bad-macro@0"},
        {"%{d.;}", "bad-macro@0"},
        {"%{s1@}", "bad-macro@0"},
        {"%{%{d}}", "bad-macro@0"},
        {"\t", "forbidden-character@0"},
        {"a\x7f", "forbidden-character@1"},
        {"a.\xc3\xbc", "forbidden-character@2"},
    };
    for (const auto& [text, expected] : faults) {
        CAPTURE(text);
        CHECK(fault_of(text, false) == expected);
        CHECK(fault_of(text, true) == expected);
    }
    CHECK(fault_of(std::string_view("a\0", 2), true) == "forbidden-character@1");
}

TEST_CASE("every delimiter splits, and empty parts stay") {
    auto context = context_of("192.0.2.3");
    context.sender = "a.b-c+d,e/f_g=h@example.com";
    CHECK(expand("%{l.-+,/_=}", context, false) == "a.b.c.d.e.f.g.h");
    CHECK(expand("%{l2+=}", context, false) == "d,e/f_g.h");
    CHECK(expand("%{l1r-+}", context, false) == "a.b");
    context.sender = "..a@example.com";
    CHECK(expand("%{lr}", context, false) == "a..");
    CHECK(expand("%{l2}", context, false) == ".a");
}

TEST_CASE("more parts than there are means all of them") {
    const auto context = context_of("192.0.2.3");
    for (const auto* text : {"%{d3}", "%{d128}", "%{d129}", "%{d0200}", "%{d99999999999999999999}"})
        CHECK(expand(text, context, false) == "email.example.com");
}

TEST_CASE("a text ends with a macro when nothing follows it") {
    for (const auto* text : {"%{d}", "a.%{d2r}", "%%", "a%_", "%{d/}%-"})
        CHECK_MESSAGE(ends_with_macro(text), text);
    for (const auto* text : {"", "a}", "%%}", "%%_", "%%{d}", "%{d}.", "%{d", "%"})
        CHECK_MESSAGE(!ends_with_macro(text), text);
}

TEST_CASE("a sender without a local part is the postmaster") {
    auto context = context_of("192.0.2.3");
    for (const auto* sender : {"example.com", "@example.com"}) {
        context.sender = sender;
        CHECK(expand("%{l}", context, false) == "postmaster");
        CHECK(expand("%{o}", context, false) == "example.com");
    }
    context.sender = "a@b@example.com";  // a quoted local part
    CHECK(expand("%{l}", context, false) == "a@b");
    CHECK(expand("%{o}", context, false) == "example.com");
}

TEST_CASE("macros in a value are not expanded again") {
    auto context = context_of("192.0.2.3");
    context.sender = "%{d}%%@example.com";
    CHECK(expand("%{l}", context, false) == "%{d}%%");
    CHECK(expand("%{L}", context, false) == "%25%7Bd%7D%25%25");
}

TEST_CASE("a name that is too long loses labels from the left, an explanation does not") {
    auto context = context_of("192.0.2.3");
    context.domain = std::string(60, 'a') + '.' + std::string(60, 'b') + '.' +
                     std::string(60, 'c') + '.' + std::string(60, 'd') + ".example";
    REQUIRE(context.domain.size() == 251);
    CHECK(expand("x.%{d}", context, false) == "x." + context.domain);  // 253 octets
    CHECK(expand("xx.%{d}", context, false) == context.domain);
    CHECK(expand("y.xx.%{d}", context, false) == context.domain);
    CHECK(expand("%{d}.%{d2}.x", context, false)->size() <= 253);
    CHECK(expand("xx.%{d}", context, true) == "xx." + context.domain);
    CHECK(expand(std::string(300, 'x'), context, false)->size() == 300);  // one label: no choice
}

TEST_CASE("an expansion without bound is refused") {
    auto context = context_of("192.0.2.3");
    context.sender = std::string(1000, 'x') + "@example.com";
    std::string text;
    for (int i = 0; i < 60; ++i)
        text += "%{s}";
    CHECK(expand(text, context, true)->size() == 60 * 1012);
    for (int i = 0; i < 60; ++i)
        text += "%{s}";
    CHECK(expand(text, context, true).error().detail == "the macros expand to too long a text");
    CHECK(check_macros(text, true));
}

}  // namespace assay::codec::spf
