#include "codec/spf/record.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "codec/tags/tag_list.hpp"

namespace assay::codec::spf {

namespace {

std::string summary(const std::vector<base::Fault>& faults) {
    std::string out;
    for (const auto& fault : faults) {
        if (!out.empty()) out += ' ';
        out += fault.rule + '@' + std::to_string(fault.offset);
    }
    return out;
}

// Offsets and spelling aside.
Record bare(Record record) {
    for (auto& directive : record.directives) {
        directive.offset = 0;
        directive.text.clear();
    }
    const auto strip = [](Modifier& modifier) {
        modifier.offset = 0;
        modifier.text.clear();
    };
    if (record.redirect) strip(*record.redirect);
    if (record.explanation) strip(*record.explanation);
    std::ranges::for_each(record.unknown, strip);
    return record;
}

struct Row {
    std::string_view text;
    std::string_view faults;  // all of them
    std::string_view stop;    // the one that makes a receiver return permerror; empty: none
    std::string_view detail;  // part of a sentence
};

constexpr Row rows[] = {
    // RFC 7208 section 5: every mechanism, every qualifier.
    {"v=spf1", "", "", ""},
    {"v=spf1 ", "extra-space@6", "", "more spaces"},
    {"v=spf1 -all", "", "", ""},
    {"v=spf1 +mx ~a ?all", "", "", ""},
    {"v=spf1 a:a.example.com mx:b.example.com include:c.example.com exists:d.example.com -all", "",
     "", ""},
    {"v=spf1 a/24 mx//64 a:a.example.com/24//64 mx:b.example.com/0//0 -all", "", "", ""},
    {"v=spf1 ip4:192.0.2.1 ip4:192.0.2.0/24 ip4:0.0.0.0/0 ip4:192.0.2.1/32 -all", "", "", ""},
    {"v=spf1 ip6:2001:db8::1 ip6:2001:db8::/32 ip6:::/0 ip6:2001:db8::2/128 -all", "", "", ""},
    {"v=spf1 ip6:::ffff:192.0.2.1 -all", "", "", ""},
    {"V=SPF1 IP4:192.0.2.1 InClude:a.example.com -ALL", "", "", ""},
    {"v=spf1 mx redirect=a.example.com", "", "", ""},
    {"v=spf1 mx -all exp=%{d}.a.example.com", "", "", ""},
    {"v=spf1 mx REDIRECT=a.example.com", "", "", ""},
    {"v=spf1 a:a.example.com. -all", "", "", ""},
    {"v=spf1 exists:%{ir}.%{v}._spf.%{d2} -all", "", "", ""},
    {"v=spf1 include:%{d} a:a.%{d1r-+,/_=}/24 -all", "", "", ""},
    {"v=spf1 a:a.%{d/}//64 -all", "", "", ""},
    {"v=spf1 exists:a:b/c.example.com -all", "", "", ""},
    {"v=spf1 a:%%%_%-.example.com -all", "", "", ""},
    // Section 7.1: "/" and ":" are macro-literals, and a macro-expand of any kind may be the end.
    {"v=spf1 a:foo:bar/baz.example.com mx:a/1.example.com -all", "", "", ""},
    {"v=spf1 a:foo:bar/baz.example.com/24//64 mx:/1.%{d}/0 -all", "", "", ""},
    {"v=spf1 a:%% mx:a.%- exists:%_ include:%{d200}.%% redirect=a.%%", "", "", ""},
    {"v=spf1 exists:%{d200} exists:%{i099r} exists:%{l99999999999999999999} -all", "", "", ""},
    {"v=spf1 a:a.xn--p1ai a:b.1-2 -all", "", "", ""},
    // Terms that nobody knows (section 4.6.1).
    {"v=spf1 ipv4:192.0.2.1 -all", "unknown-mechanism@7", "unknown-mechanism@7", "Write ip4:"},
    {"v=spf1 ipv6:2001:db8::1 -all", "unknown-mechanism@7", "unknown-mechanism@7", "Write ip6:"},
    {"v=spf1 192.0.2.0/24 -all", "unknown-mechanism@7", "unknown-mechanism@7",
     "Write ip4: before the address"},
    {"v=spf1 2001:db8::1 -all", "unknown-mechanism@7", "unknown-mechanism@7",
     "Write ip6: before the address"},
    {"v=spf1 includes:a.example.com -all", "unknown-mechanism@7", "unknown-mechanism@7",
     "Write include:"},
    {"v=spf1 a.example.com -all", "unknown-mechanism@7", "unknown-mechanism@7",
     "Write include: or a: before a name"},
    {"v=spf1 a,mx -all", "unknown-mechanism@7", "unknown-mechanism@7", "separated by spaces"},
    {"v=spf1 mx; -all", "unknown-mechanism@7", "unknown-mechanism@7", "separated by spaces"},
    {"v=spf1 +-all", "unknown-mechanism@7", "unknown-mechanism@7", "not an SPF term"},
    {"v=spf1 - all", "unknown-mechanism@7 all-pass@9", "unknown-mechanism@7", "not an SPF term"},
    {"v=spf1 moo -all", "unknown-mechanism@7", "unknown-mechanism@7", "'moo'"},
    {"v=spf1 -all. mx", "unknown-mechanism@7", "unknown-mechanism@7", "'-all.'"},
    {"v=spf1 v=spf1 -all", "unknown-modifier@7", "", "begins once"},
    {"v=spf1 mx -all V=spf1 a ~all", "unknown-modifier@15 terms-after-all@22 terms-after-all@24",
     "", "begins once"},
    {"v=spf1 v=%x -all", "bad-term@7", "bad-term@7", "stands alone"},
    {"v=spf1 spf1 -all", "unknown-mechanism@7", "unknown-mechanism@7", "begins once"},
    // Octets outside visible ASCII.
    {"v=spf1 mx\t-all", "forbidden-character@9", "forbidden-character@9", "does not allow"},
    {"v=spf1 a:\xc2\xa0 -all", "forbidden-character@9", "forbidden-character@9", ""},
    {"v=spf1 -all\x7f", "forbidden-character@11", "forbidden-character@11", ""},
    {"v=spf1 -all\n", "forbidden-character@11", "forbidden-character@11", ""},
    // Arguments.
    {"v=spf1 all:example.com", "unexpected-argument@7", "unexpected-argument@7", "nothing after"},
    {"v=spf1 -all/8", "unexpected-argument@7", "unexpected-argument@7", ""},
    {"v=spf1 include -all", "missing-domain-spec@7", "missing-domain-spec@7", "needs a domain"},
    {"v=spf1 include: -all", "missing-domain-spec@7", "missing-domain-spec@7", "names no domain"},
    {"v=spf1 exists -all", "missing-domain-spec@7", "missing-domain-spec@7", ""},
    {"v=spf1 a: -all", "missing-domain-spec@7", "missing-domain-spec@7", ""},
    {"v=spf1 mx:/24 -all", "missing-domain-spec@7", "missing-domain-spec@7", ""},
    {"v=spf1 ptr/0 -all", "missing-domain-spec@7", "missing-domain-spec@7", ""},
    {"v=spf1 include/24 -all", "missing-domain-spec@7", "missing-domain-spec@7", ""},
    // Domains (section 7.1): the last label is not a number, and there is more than one.
    {"v=spf1 a:museum -all", "bad-domain-spec@7", "bad-domain-spec@7", "not a domain name"},
    {"v=spf1 a:museum. -all", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 a:192.0.2.1 -all", "bad-domain-spec@7", "bad-domain-spec@7", "write ip4:"},
    {"v=spf1 mx:2001:db8::1 -all", "bad-domain-spec@7", "bad-domain-spec@7", "write ip4: or ip6:"},
    {"v=spf1 a:a.111 -all", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 a:a.example-com- -all", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 a:a.-com -all", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 a:example..com. -all", "", "", ""},
    {"v=spf1 a:example.com.. -all", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 a:example.com} -all", "bad-domain-spec@7", "bad-domain-spec@7", "not a domain name"},
    {"v=spf1 a:%%} -all", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 a:foo%%_ -all", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 a:a.example.com/x -all", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 a/x -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 redirect=example.com}", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 include:a.example.com/24 -all", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 exists:%{x}.example.com -all", "bad-domain-spec@7", "bad-domain-spec@7",
     "'%{x}' is not a macro"},
    {"v=spf1 exists:%{t}.example.com -all", "bad-domain-spec@7", "bad-domain-spec@7",
     "'%{t}' is not a macro"},
    {"v=spf1 exists:100%.example.com -all", "bad-domain-spec@7", "bad-domain-spec@7",
     "stands alone"},
    {"v=spf1 exists:%{d -all", "bad-domain-spec@7", "bad-domain-spec@7", "never closed"},
    {"v=spf1 exists:%{d0}.example.com -all", "bad-domain-spec@7", "bad-domain-spec@7",
     "at least 1"},
    // Addresses (section 5.6).
    {"v=spf1 ip4 -all", "bad-ip4@7", "bad-ip4@7", "missing"},
    {"v=spf1 ip4/24 -all", "bad-ip4@7", "bad-ip4@7", "missing"},
    {"v=spf1 ip4: -all", "bad-ip4@7", "bad-ip4@7", "not an IPv4"},
    {"v=spf1 ip4:192.0.2 -all", "bad-ip4@7", "bad-ip4@7", ""},
    {"v=spf1 ip4:192.0.2.256 -all", "bad-ip4@7", "bad-ip4@7", ""},
    {"v=spf1 ip4:192.0.2.01 -all", "bad-ip4@7", "bad-ip4@7", ""},
    {"v=spf1 ip4:192.0.2.1:25 -all", "bad-ip4@7", "bad-ip4@7", ""},
    {"v=spf1 ip4:2001:db8::1 -all", "bad-ip4@7", "bad-ip4@7", "write ip6:"},
    {"v=spf1 ip4:mail.example.com -all", "bad-ip4@7", "bad-ip4@7", ""},
    {"v=spf1 ip6 -all", "bad-ip6@7", "bad-ip6@7", "missing"},
    {"v=spf1 ip6:2001:db8 -all", "bad-ip6@7", "bad-ip6@7", ""},
    {"v=spf1 ip6:2001:db8::12345 -all", "bad-ip6@7", "bad-ip6@7", ""},
    {"v=spf1 ip6:192.0.2.1 -all", "bad-ip6@7", "bad-ip6@7", "write ip4:"},
    {"v=spf1 ip6:[2001:db8::1] -all", "bad-ip6@7", "bad-ip6@7", ""},
    // Prefixes (section 5.3, 5.6, 12: no leading zero).
    {"v=spf1 ip4:192.0.2.0/33 -all", "bad-prefix@7", "bad-prefix@7", "0 to 32"},
    {"v=spf1 ip4:192.0.2.0/ -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 ip4:192.0.2.0/024 -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 ip4:192.0.2.0//24 -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 ip4:192.0.2.0/-1 -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 ip6:2001:db8::/129 -all", "bad-prefix@7", "bad-prefix@7", "0 to 128"},
    {"v=spf1 ip6:2001:db8::/00 -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 a/33 -all", "bad-prefix@7", "bad-prefix@7", "/0 to /32"},
    {"v=spf1 a//129 -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 mx/ -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 mx// -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 a/24/64 -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 a//64/24 -all", "bad-prefix@7", "bad-prefix@7", ""},
    {"v=spf1 a:a.example.com/08 -all", "bad-prefix@7", "bad-prefix@7", ""},
    // Modifiers (section 6).
    {"v=spf1 redirect=", "empty-redirect@7", "empty-redirect@7", "does not name a domain"},
    {"v=spf1 redirect=museum", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 redirect=a.example.com/24", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 redirect=%{x}.example.com", "bad-domain-spec@7", "bad-domain-spec@7", ""},
    {"v=spf1 redirect=a.example.com redirect=b.example.com", "duplicate-redirect@30",
     "duplicate-redirect@30", "stands twice"},
    {"v=spf1 -all exp= ", "bad-domain-spec@12 extra-space@16", "bad-domain-spec@12", ""},
    {"v=spf1 -all exp=%{r}.example.com", "bad-domain-spec@12", "bad-domain-spec@12", ""},
    {"v=spf1 exp=a.example.com EXP=b.example.com -all",
     "modifier-before-mechanism@7 duplicate-exp@25", "duplicate-exp@25", "stands twice"},
    {"v=spf1 redirect:a.example.com", "unknown-mechanism@7", "unknown-mechanism@7", ""},
    {"v=spf1 =a.example.com", "unknown-mechanism@7", "unknown-mechanism@7", ""},
    {"v=spf1 1a=b -all", "unknown-mechanism@7", "unknown-mechanism@7", ""},
    {"v=spf1 m.o-o_1=cow:/%{d} -all", "unknown-modifier@7", "", "not known"},
    {"v=spf1 moo= -all", "unknown-modifier@7", "", ""},
    {"v=spf1 moo=%x -all", "bad-term@7", "bad-term@7", "stands alone"},
    // A slip of the pen that receivers ignore, and so the servers are not allowed.
    {"v=spf1 ip4=192.0.2.1 -all", "unknown-modifier@7", "", "a mechanism takes ':'"},
    {"v=spf1 INCLUDE=a.example.com -all", "unknown-modifier@7", "", "a mechanism takes ':'"},
    // Advice.
    {"v=spf1  mx   -all", "extra-space@6 extra-space@10", "", ""},
    {"v=spf1 -all mx", "terms-after-all@12", "", "'mx' stands after 'all'"},
    {"v=spf1 -all redirect=a.example.com", "redirect-with-all@12", "", "redirect is ignored"},
    {"v=spf1 redirect=a.example.com mx", "modifier-before-mechanism@7", "", "at the end"},
    {"v=spf1 ptr ptr:a.example.com -all", "ptr@7 ptr@11", "", "not to use it"},
    {"v=spf1 all", "all-pass@7", "", "any server"},
    {"v=spf1 +all", "all-pass@7", "", "any server"},
    {"v=spf1 mx MX -all", "repeated-term@10", "", "'MX' stands twice"},
    {"v=spf1 -all ~all", "terms-after-all@12", "", ""},
    {"v=spf1 ip4:192.0.2.1/24 -all", "network-bits@7", "", "after the prefix"},
    {"v=spf1 ip6:2001:db8::1/64 -all", "network-bits@7", "", "after the prefix"},
    {"v=spf1 ip4:192.0.2.128/25 ip6:2001:db8:0:8000::/49 -all", "", "", ""},
    {"v=spf1 ip4:10.1.2.3 ip4:172.31.0.1 ip4:192.168.0.1 ip4:127.0.0.1 -all",
     "private-address@7 private-address@20 private-address@35 private-address@51", "",
     "no mail reaches"},
    {"v=spf1 ip4:172.32.0.1 ip4:11.0.0.0/8 -all", "", "", ""},
};

}  // namespace

TEST_CASE("every fault of an SPF record is found where it is") {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto linted = lint(row.text);
        CHECK(summary(linted.faults) == row.faults);
        const auto parsed = parse(row.text);
        CHECK((parsed ? "" : summary({parsed.error()})) == row.stop);
        if (parsed) CHECK(*parsed == linted.record);
        bool said = row.detail.empty();
        for (const auto& fault : linted.faults) {
            CHECK(fault.cite.starts_with("RFC "));
            said = said || fault.detail.contains(row.detail);
        }
        CHECK(said);
    }
}

TEST_CASE("printing and parsing an SPF record gives the same meaning") {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        const auto parsed = parse(row.text);
        if (!parsed) continue;
        const auto again = parse(print(*parsed));
        REQUIRE(again);
        CHECK(bare(*again) == bare(*parsed));
        CHECK(print(*again) == print(*parsed));
    }
}

TEST_CASE("an SPF record prints in canonical form") {
    constexpr std::pair<std::string_view, std::string_view> forms[] = {
        {"V=SPF1", "v=spf1"},
        {"v=spf1  +MX  -ALL ", "v=spf1 mx -all"},
        {"v=spf1 EXP=a.Example.com ?a:A.example.com/24//64 REDIRECT=b.example.com",
         "v=spf1 ?a:A.example.com/24//64 redirect=b.example.com exp=a.Example.com"},
        {"v=spf1 Moo=Cow ip4:192.0.2.0/24 ~all", "v=spf1 ip4:192.0.2.0/24 ~all moo=Cow"},
        {"v=spf1 ip6:2001:0DB8:0:0::0/32 mx//64 -all", "v=spf1 ip6:2001:db8::/32 mx//64 -all"},
        {"v=spf1 ip4:192.0.2.1/32 a/32//128", "v=spf1 ip4:192.0.2.1/32 a/32//128"},
    };
    for (const auto& [text, canonical] : forms)
        CHECK(print(parse(text).value()) == canonical);
}

TEST_CASE("a text is SPF when its version section is exactly v=spf1") {
    constexpr std::pair<std::string_view, bool> texts[] = {
        {"v=spf1", true},        {"v=spf1 ", true},     {"V=sPf1 -all", true},
        {"v=spf10", false},      {"v=spf1-all", false}, {"v=spf1\t-all", false},
        {" v=spf1 -all", false}, {"", false},           {"v=spf2.0/mfrom -all", false},
        {"spf1", false},         {"v = spf1", false},   {"\"v=spf1", false},
    };
    for (const auto& [text, spf] : texts) {
        CAPTURE(text);
        CHECK(claims(text) == spf);
        CHECK(lint(text).record.has_value() == spf);
        CHECK((parse(text) || parse(text).error().rule != "not-spf") == spf);
        if (!spf) CHECK(lint(text).faults.empty());
    }
    CHECK(parse("").error().cite == "RFC 7208 section 4.5");
}

TEST_CASE("a text that is not SPF may be meant as SPF") {
    for (const std::string_view text :
         {"spf1", "spf1 mx -all", "v = spf1 a", "\"v=spf1 a", "v=spf1;a", " v=spf1 -all",
          "v:spf1 a", "v=spf1", "SPF1 -all", "=spf1 a"}) {
        CAPTURE(text);
        CHECK(resembles(text));
    }
    for (const std::string_view text :
         {"", "v", "v=", "v=spf10", "spf", "v=spf2.0/mfrom -all", "v=DMARC1", "my spf1"}) {
        CAPTURE(text);
        CHECK_FALSE(resembles(text));
    }
}

TEST_CASE("the parts of a directive are read") {
    const auto record =
        parse("v=spf1 ~a:a.%{d}/24//64 ip4:192.0.2.0/24 ip6:2001:db8::/32 -all").value();
    REQUIRE(record.directives.size() == 4);
    const auto& a = record.directives[0];
    CHECK(a.qualifier == Qualifier::softfail);
    CHECK(a.mechanism == Mechanism::a);
    CHECK(a.domain_spec == "a.%{d}");
    CHECK(a.prefix4 == 24);
    CHECK(a.prefix6 == 64);
    CHECK(a.offset == 7);
    CHECK(a.text == "~a:a.%{d}/24//64");
    CHECK(record.directives[1].ip4 == dns::A{{192, 0, 2, 0}});
    CHECK(record.directives[1].prefix4 == 24);
    CHECK(record.directives[2].ip6 == dns::parse_ipv6("2001:db8::").value());
    CHECK(record.directives[2].prefix6 == 32);
    CHECK_FALSE(record.directives[2].prefix4);
    CHECK(record.all() == &record.directives[3]);
    CHECK(parse("v=spf1 mx").value().all() == nullptr);
    CHECK(parse("v=spf1 ?all -all").value().all()->qualifier == Qualifier::neutral);
}

TEST_CASE("modifiers keep their values, and their names are in lower case") {
    const auto record =
        parse("v=spf1 -all Redirect=A.example.com X-Moo=Cow EXP=e.example.com").value();
    CHECK(record.redirect->name == "redirect");
    CHECK(record.redirect->value == "A.example.com");
    CHECK(record.redirect->offset == 12);
    CHECK(record.explanation->value == "e.example.com");
    REQUIRE(record.unknown.size() == 1);
    CHECK(record.unknown.front().name == "x-moo");
    CHECK(record.unknown.front().value == "Cow");
    CHECK(record.unknown.front().text == "X-Moo=Cow");
}

TEST_CASE("a record that cannot be used still shows the terms that could be read") {
    const auto linted = lint("v=spf1 mx bogus a include: -all");
    REQUIRE(linted.record);
    CHECK(print(*linted.record) == "v=spf1 mx a -all");
    CHECK(lint("v=spf1 redirect=").record->redirect.has_value());
}

TEST_CASE("a record with many faults of a kind has a list that ends, and all its terms") {
    std::string text = "v=spf1";
    for (int i = 0; i < 5000; ++i)
        text += " a bogus";
    const auto linted = lint(text);
    CHECK(linted.record->directives.size() == 5000);
    CHECK(linted.faults.size() == 2 * tags::faults_per_rule_max + 1);  // and long-record
    CHECK(parse(text).error().offset == 9);
}

TEST_CASE("the mechanisms that ask the DNS count towards the ten lookups") {
    const auto record = lint(
                            "v=spf1 include:a.example.com a mx ptr exists:a.example.com "
                            "ip4:192.0.2.1 ip6:2001:db8::1 -all")
                            .record.value();
    std::string asks;
    for (const auto& directive : record.directives)
        asks += directive.queries_dns() ? 'y' : 'n';
    CHECK(asks == "yyyyynnn");
    CHECK(lookups_max == 10);
    CHECK(void_lookups_max == 2);
    CHECK(mx_hosts_max == 10);
}

TEST_CASE("a long SPF record draws advice from the first octet over the bound") {
    std::string text = "v=spf1";
    for (unsigned i = 0; text.size() < record_octets_advised - 26; ++i)
        text += " ip4:192.0.2." + std::to_string(i);
    text += " a:" + std::string(record_octets_advised - text.size() - 7, 'x') + ".com";
    REQUIRE(text.size() == record_octets_advised);
    CHECK(lint(text).faults.empty());
    text.insert(text.size() - 4, 1, 'x');
    CHECK(summary(lint(text).faults) == "long-record@450");
    CHECK(parse(text));
}

TEST_CASE("advice on an SPF record is told from permanent errors") {
    for (const auto* rule : {"terms-after-all", "redirect-with-all", "ptr", "extra-space",
                             "modifier-before-mechanism", "all-pass", "repeated-term",
                             "network-bits", "private-address", "long-record", "unknown-modifier"})
        CHECK_FALSE(is_permanent_error({rule, "", 0, ""}));
    for (const auto* rule :
         {"unknown-mechanism", "bad-domain-spec", "missing-domain-spec", "bad-ip4", "bad-ip6",
          "bad-prefix", "bad-term", "duplicate-redirect", "duplicate-exp", "unexpected-argument",
          "forbidden-character", "empty-redirect"})
        CHECK(is_permanent_error({rule, "", 0, ""}));
}

TEST_CASE("the names of mechanisms are known in any case") {
    for (const auto* name : {"all", "INCLUDE", "a", "Mx", "ptr", "ip4", "IP6", "exists"})
        CHECK(is_mechanism_name(name));
    for (const auto* name : {"", "redirect", "exp", "ip", "alls", "a "})
        CHECK_FALSE(is_mechanism_name(name));
}

}  // namespace assay::codec::spf
