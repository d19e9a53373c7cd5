#include "codec/dns/name.hpp"

#include <doctest/doctest.h>

#include <unordered_set>

namespace assay::codec::dns {

namespace {

Name name(std::string_view text) {
    return parse_name(text).value();
}

std::string repeated(std::string_view text, std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i)
        out += text;
    return out;
}

// "text" of the name, or "rule@offset".
std::string outcome(const std::expected<Name, base::Fault>& name) {
    return name ? name->text() : name.error().rule + '@' + std::to_string(name.error().offset);
}

// Four labels, in wire form exactly as long as a name may be: 3 * 64 + 62 + 1.
const std::string longest = repeated(std::string(63, 'a') + '.', 3) + std::string(61, 'a');

struct Row {
    std::string_view text;
    std::string_view outcome;  // printed again, or "rule@offset"
};

constexpr Row master_file_rows[] = {
    {".", "."},
    {"example.com", "example.com"},
    {"example.com.", "example.com"},
    {"EXAMPLE.Com.", "example.com"},
    {"_25._tcp.mx.example.com.", "_25._tcp.mx.example.com"},
    {"*.example.com.", "*.example.com"},
    // RFC 1035 section 5.1: \X is X, \DDD is an octet.
    {"a\\.b.example.", "a\\.b.example"},
    {"a\\046b.example.", "a\\.b.example"},
    {"\\e\\x\\a\\m\\p\\l\\e.com.", "example.com"},
    {"\\069xample.com", "example.com"},
    {"a\\\\b.example.", "a\\\\b.example"},
    {"a\\000b.example.", "a\\000b.example"},
    {"a\\255b.example.", "a\\255b.example"},
    {"a\\ b.example.", "a\\032b.example"},
    {"a b.example.", "a\\032b.example"},
    {"m\xc3\xbcller.example.", "m\\195\\188ller.example"},
    {"\\@.example.", "\\@.example"},
    {"\\\"a\\;b\\(c\\)\\$.example", "\\\"a\\;b\\(c\\)\\$.example"},
    {"a\\.", "a\\."},
    {"\\.", "\\."},
    // What is no name.
    {"", "empty-name@0"},
    {"..", "empty-label@0"},
    {".example.com", "empty-label@0"},
    {"example..com", "empty-label@8"},
    {"example.com..", "empty-label@12"},
    {"a.b\\", "bad-escape@3"},
    {"a.\\256", "bad-escape@2"},
    {"a.\\25", "bad-escape@2"},
    {"a.\\2x5", "bad-escape@2"},
    {"a.\\999.b", "bad-escape@2"},
};

// What people type, and what stands in records where a host is meant.
constexpr Row domain_rows[] = {
    {".", "."},
    {"example.com", "example.com"},
    {"Example.COM.", "example.com"},
    {"_dmarc.example.com", "_dmarc.example.com"},
    {"a--b.example.com", "a--b.example.com"},
    // UTS 46: mapped, not transitional.
    {"m\xc3\xbcller.example", "xn--mller-kva.example"},
    {"M\xc3\x9cLLER.Example.", "xn--mller-kva.example"},
    {"mu\xcc\x88ller.example", "xn--mller-kva.example"},
    {"_dmarc.m\xc3\xbcller.example", "_dmarc.xn--mller-kva.example"},
    {"fa\xc3\x9f.example", "xn--fa-hia.example"},
    {"\xe4\xbe\x8b\xe3\x81\x88.example", "xn--r8jz45g.example"},
    {"a\xc2\xad.example", "a.example"},
    {"example\xe3\x80\x82"
     "com",
     "example.com"},
    {"\xef\xbd\x85xample.com", "example.com"},
    {"xn--mller-kva.example", "xn--mller-kva.example"},
    {"XN--MLLER-KVA.example.", "xn--mller-kva.example"},
    // RFC 5891 section 4.2, RFC 5893: what is no label of a name.
    {"xn--.example", "idna@0"},
    {"xn--a.example", "idna@0"},
    {"xn--zzzzzzz9999.example", "idna@0"},
    {"-\xc3\xbc.example", "idna@0"},
    {"\xc3\xbc-.example", "idna@0"},
    {"ab--\xc3\xbc.example", "idna@0"},
    {"\xcc\x80"
     "a.example",
     "idna@0"},
    {"a\xe2\x80\x8d"
     "b.example",
     "idna@0"},
    {"1\xd8\xa8.example", "idna@0"},
    {"\xe2\x98\x83.example", "idna@0"},
    {"m\xc3\xbcller.example\xff", "not-utf8@0"},
    {"\xc0\xae.example", "not-utf8@0"},
    {"\xed\xa0\x80.example", "not-utf8@0"},
    // Labels.
    {"", "empty-name@0"},
    {"..", "empty-label@0"},
    {".example.com", "empty-label@0"},
    {"example..com", "empty-label@8"},
    // Octets.
    {"example.com\n", "control-byte@11"},
    {"exam\tple.com", "control-byte@4"},
    {"example.com\x7f", "control-byte@11"},
    {"exam ple.com", "forbidden-character@4"},
    {" example.com", "forbidden-character@0"},
    {"https://example.com/", "forbidden-character@5"},
    {"example.com/", "forbidden-character@11"},
    {"someone@example.com", "forbidden-character@7"},
    {"*.example.com", "forbidden-character@0"},
    {"a\\.example.com", "forbidden-character@1"},
    {"example.com:25", "forbidden-character@11"},
    {"\"example.com\"", "forbidden-character@0"},
};

}  // namespace

TEST_CASE("a name in a master file is read and printed") {
    for (const auto& row : master_file_rows) {
        CAPTURE(row.text);
        const auto parsed = parse_name(row.text);
        CHECK(outcome(parsed) == row.outcome);
        if (!parsed) continue;
        CHECK(parse_name(parsed->text()) == *parsed);
    }
}

TEST_CASE("a relative name is completed with the origin") {
    const auto origin = name("example.com");
    CHECK(parse_name("www", origin) == name("www.example.com"));
    CHECK(parse_name("a.b", origin) == name("a.b.example.com"));
    CHECK(parse_name("www.", origin) == name("www"));
    CHECK(parse_name(".", origin) == Name());
    CHECK(parse_name("www\\.", origin).value().text() == "www\\..example.com");
    CHECK(outcome(parse_name("www..", origin)) == "empty-label@4");
}

TEST_CASE("labels and names are as long as RFC 1035 allows and no longer") {
    CHECK(name(std::string(63, 'a')).first_label().size() == label_octets_max);
    CHECK(outcome(parse_name(std::string(64, 'a'))) == "label-too-long@64");
    CHECK(outcome(parse_name("x." + std::string(64, 'a') + ".x")) == "label-too-long@66");
    CHECK(outcome(parse_name(repeated("\\065", 64))) == "label-too-long@256");
    CHECK(name(repeated("\\065", 63)).text() == std::string(63, 'a'));

    CHECK(name(longest).wire().size() == name_octets_max);
    CHECK(name(longest + '.').wire().size() == name_octets_max);
    CHECK(outcome(parse_name(longest + 'a')) == "name-too-long@0");
    CHECK(outcome(parse_name(longest + ".a")) == "name-too-long@0");
    CHECK(outcome(parse_name("a", name(longest))) == "name-too-long@0");
    CHECK(name(repeated("a.", 127)).label_count() == 127);
    CHECK(outcome(parse_name(repeated("a.", 128))) == "name-too-long@0");

    CHECK(parse_domain(longest).value() == name(longest));
    CHECK(outcome(parse_domain(longest + 'a')) == "name-too-long@0");
    CHECK(outcome(parse_domain(repeated("a.", 2000))) == "name-too-long@0");
    CHECK(outcome(parse_domain(std::string(64, 'a') + ".example")) == "label-too-long@64");
    CHECK(!parse_domain(repeated("\xc3\xbc", 64) + ".example"));
}

TEST_CASE("a typed domain becomes A-labels, or a fault says why not") {
    for (const auto& row : domain_rows) {
        CAPTURE(row.text);
        const auto parsed = parse_domain(row.text);
        CHECK(outcome(parsed) == row.outcome);
        if (!parsed) continue;
        CHECK(parse_domain(parsed->text()) == *parsed);
        CHECK(parse_domain(print_unicode(*parsed)) == *parsed);
    }
}

TEST_CASE("a fault tells a person who typed a URL or an address what to leave out") {
    CHECK(parse_domain("https://example.com/").error().detail.contains("without https://"));
    CHECK(parse_domain("example.com/x").error().detail.contains("without a path"));
    CHECK(parse_domain("a@example.com").error().detail.contains("before the @"));
    CHECK(parse_domain("a\x01").error().detail.contains("0x01"));
    CHECK(parse_name(std::string(64, 'a')).error().detail.contains("64 octets; 63"));
    CHECK(parse_name("").error().cite == "RFC 1035 section 5.1");
}

TEST_CASE("an A-label is shown as the U-label that it stands for") {
    CHECK(print_unicode(name("xn--mller-kva.example")) == "m\xc3\xbcller.example");
    CHECK(print_unicode(name("_dmarc.XN--FA-HIA.example")) == "_dmarc.fa\xc3\x9f.example");
    CHECK(print_unicode(name("example.com")) == "example.com");
    CHECK(print_unicode(Name()) == ".");
    // Where it does not come back as the same name, the A-label stays.
    CHECK(print_unicode(name("xn--zzzzzzz9999.example")) == "xn--zzzzzzz9999.example");
    CHECK(print_unicode(name("xn--mller-kva.a\\.b")) == "xn--mller-kva.a\\.b");
}

TEST_CASE("the parts of a name") {
    const auto host = name("Mx1.example.com.");
    CHECK(host.wire() == std::string_view("\3mx1\7example\3com\0", 17));
    CHECK(host.label_count() == 3);
    CHECK(host.first_label() == "mx1");
    CHECK(host.labels() == std::vector<std::string_view>{"mx1", "example", "com"});
    CHECK(host.parent() == name("example.com"));
    CHECK(host.suffix(0) == Name());
    CHECK(host.suffix(1) == name("com"));
    CHECK(host.suffix(2) == name("example.com"));
    CHECK(host.suffix(3) == host);
    CHECK(host.suffix(9) == host);
    CHECK(!host.is_root());
    CHECK(!host.is_wildcard());
    CHECK(name("*.example.com").is_wildcard());
    CHECK(!name("*a.example.com").is_wildcard());
    CHECK(!name("a.*.example.com").is_wildcard());
    CHECK(Name::from_wire(std::string("\2MX\0", 4)) == name("mx"));

    const Name root;
    CHECK(root.is_root());
    CHECK(root.text() == ".");
    CHECK(root.label_count() == 0);
    CHECK(root.first_label().empty());
    CHECK(root.labels().empty());
    CHECK(root.parent() == root);
    CHECK(root.suffix(3) == root);
}

TEST_CASE("a label is put before a name if there is room") {
    const auto domain = name("example.com");
    CHECK(domain.child("_DMARC") == name("_dmarc.example.com"));
    CHECK(domain.child("a.b").value().text() == "a\\.b.example.com");
    CHECK(Name().child("com") == name("com"));
    CHECK(outcome(domain.child("")) == "empty-label@0");
    CHECK(domain.child(std::string(63, 'a')));
    CHECK(outcome(domain.child(std::string(64, 'a'))) == "label-too-long@0");
    CHECK(name(longest).parent().child(std::string(63, 'a')) == name(longest));
    CHECK(outcome(name(longest).child("a")) == "name-too-long@0");
    CHECK(name(repeated("a.", 126)).child("b"));
    CHECK(outcome(name(repeated("a.", 127)).child("b")) == "name-too-long@0");
}

TEST_CASE("above and below go by labels, not by octets") {
    const auto domain = name("example.com");
    CHECK(domain.is_at_or_below(domain));
    CHECK(!domain.is_below(domain));
    CHECK(name("a.b.example.com").is_below(domain));
    CHECK(domain.is_below(Name()));
    CHECK(Name().is_at_or_below(Name()));
    CHECK(!Name().is_below(Name()));
    CHECK(!name("com").is_at_or_below(domain));
    CHECK(!name("anexample.com").is_at_or_below(domain));
    // One label that ends in the octets of another name.
    CHECK(!name("a\\007example\\003com").is_at_or_below(domain));
    CHECK(!name("a\\007example.com").is_at_or_below(domain));
}

TEST_CASE("names are equal without regard to case and hash alike") {
    CHECK(name("EXAMPLE.com") == name("example.COM"));
    CHECK(name("a\\.b") != name("a.b"));
    CHECK((name("a") <=> name("b")) != std::strong_ordering::equal);
    const std::unordered_set<Name> names{name("a.example"), name("A.Example."), name("b.example")};
    CHECK(names.size() == 2);
}

TEST_CASE("a host name has letters, digits and hyphens inside") {
    CHECK(is_host_name(name("mx-1.example.com")));
    CHECK(is_host_name(name("3com.example")));
    CHECK(is_host_name(name("com")));
    CHECK(!is_host_name(Name()));
    CHECK(!is_host_name(name("_dmarc.example.com")));
    CHECK(!is_host_name(name("-a.example.com")));
    CHECK(!is_host_name(name("a-.example.com")));
    CHECK(!is_host_name(name("*.example.com")));
    CHECK(!is_host_name(name("a\\.b.example.com")));
    CHECK(!is_host_name(name("m\xc3\xbcller.example")));
    CHECK(!is_host_name(name("192.0.2.1")));
    CHECK(!is_host_name(name("example.1")));
}

}  // namespace assay::codec::dns
