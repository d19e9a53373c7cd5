#include "fact/json.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace assay::fact {

namespace {

using namespace std::string_literals;
using Texts = std::vector<std::string>;

dns::Name name(std::string_view text) {
    return dns::parse_name(text).value();
}

template <class T>
T rdata(dns::Type type, std::string_view text) {
    return std::get<T>(dns::parse_rdata(type, text).value());
}

base::Error timeout() {
    return {base::ErrorKind::timeout, "no answer from 192.0.2.53 within 5 s"};
}

Host host(std::string_view text) {
    Host out;
    out.name = name(text);
    out.aliases = {name("alias.example.net"), name("other.example.net")};
    out.ipv4 = std::vector{rdata<dns::A>(dns::Type::A, "192.0.2.1")};
    out.ipv6 = std::vector{rdata<dns::Aaaa>(dns::Type::AAAA, "2001:db8::1")};
    return out;
}

void fill_dns(Domain& domain) {
    auto& zone = domain.zone.emplace();
    zone.soa =
        rdata<dns::Soa>(dns::Type::SOA, "ns.example.com. a\\.b.example.com. 4294967295 1 2 3 4");
    zone.nameservers = std::vector{host("ns.example.com")};
    zone.servers = {{name("ns.example.com"), "192.0.2.1", true, 4294967295U},
                    {name("ns.example.com"), "2001:db8::1", false, timeout()}};
    auto& dnssec = domain.dnssec.emplace();
    dnssec.status = dns::Security::bogus;
    dnssec.reason = "the signature \"expired\"";
    dnssec.ds = std::vector{rdata<dns::Ds>(dns::Type::DS, "1 13 2 00ff")};
    dnssec.keys = std::vector{rdata<dns::Dnskey>(dns::Type::DNSKEY, "257 3 13 AAECAwQ=")};
    dnssec.nsec3 = rdata<dns::Nsec3Param>(dns::Type::NSEC3PARAM, "1 0 10 abcd");
    auto& caa = domain.caa.emplace();
    caa.found_at = name("com");
    caa.properties =
        std::vector{rdata<dns::Caa>(dns::Type::CAA, "128 issue \"ca.example; a=\\\"b\\\"\"")};
    auto& wildcard = domain.wildcard.emplace();
    wildcard.txt = Texts{"v=spf1 -all", ""};
    wildcard.mx = true;
    wildcard.addresses = Absence::nx_domain;
    wildcard.aliases = {name("wild.example.net")};
    Reference reference;
    reference.kind = ReferenceKind::dmarc_report;
    reference.owner = name("_dmarc.example.com");
    reference.target = name("gone.example.org");
    reference.exists = Absence::nx_domain;
    reference.registrable_domain = name("example.org");
    reference.registrable_exists = timeout();
    domain.references = std::vector{reference, Reference{}};
}

void fill_mail(Domain& domain) {
    auto& mx = domain.mx.emplace();
    MxHost server{10, host("mail.example.com"), {}, dns::Security::secure};
    server.tlsa = std::vector{rdata<dns::Tlsa>(dns::Type::TLSA, "3 1 1 00ff")};
    mx.hosts = std::vector{server, MxHost{65535, Host{}, {}, {}}};
    mx.security = dns::Security::insecure;
    auto& spf = domain.spf.emplace();
    SpfTerm term{"include:%{i}.example.net", 2, 1, 2, 1, true, timeout(), 1};
    SpfNode root{name("example.com"), {"v=spf1 a", "v=spf1 b"}, {}, {term, SpfTerm{}}, true, false};
    root.record = base::Fault{"several-records", "RFC 7208 section 4.5", 7, "There are two"};
    SpfNode child{name("example.net"), {}, "v=spf1 -all"s, {}, false, true};
    spf = {{root, child}, 2, 1, false, 16, {"spf1 a"}, {"v=DKIM1; p="}};
    auto& dmarc = domain.dmarc.emplace();
    dmarc.walk = {
        {name("example.com"), Texts{"v=DMARC1; p=none"}, {"DMARC1"}, {name("d.example.net")}},
        {name("com"), Absence::nx_domain, {}, {}}};
    dmarc.exists = true;
    dmarc.suffix_organizational_domain = name("example.com");
    dmarc.public_suffixes = {name("com")};
    dmarc.destinations = {{ReportKind::failure, "mailto:a@example.net!10m", "a@example.net",
                           name("example.net"), true, Absence::no_data}};
    auto& dkim = domain.dkim.emplace();
    dkim.domainkey_exists = false;
    dkim.wildcard = timeout();
    dkim.selectors = {{"s1",
                       SelectorSource::provider,
                       "Example",
                       {name("s1.example.net")},
                       Texts{"v=DKIM1; p="}}};
    dkim.guesses_absent = 12;
    dkim.complete = true;
    domain.mta_sts = {name("_mta-sts.example.com"), Texts{"v=STSv1; id=1"}, {"x"}, {}};
    domain.tls_rpt = {
        name("_smtp._tls.example.com"), Absence::no_data, {}, {name("t.example.net")}};
}

Domain full() {
    Domain out;
    out.name = name("example.com");
    out.source = Source::zones;
    out.measured_at = base::parse_moment("2026-11-23T10:00:00Z").value();
    fill_dns(out);
    fill_mail(out);
    return out;
}

Domain small() {
    Domain out;
    out.name = name("example.com");
    out.measured_at = base::parse_moment("2026-11-23T10:00:00Z").value();
    return out;
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
    const auto at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

// Why it is refused, without the words that every refusal begins with.
std::string refusal(std::string_view json) {
    const auto parsed = parse(json);
    if (parsed) return "read";
    CHECK(parsed.error().kind == base::ErrorKind::usage);
    const std::string_view lead = "This is not a facts file: ";
    CHECK(parsed.error().detail.starts_with(lead));
    return parsed.error().detail.substr(lead.size());
}

}  // namespace

TEST_CASE("a domain without measurements prints every group as null") {
    CHECK(print(small()) ==
          R"({"schema":"assay.facts/1","name":"example.com","source":"live",)"
          R"("measured_at":"2026-11-23T10:00:00Z","zone":null,"dnssec":null,"caa":null,)"
          R"("wildcard":null,"mx":null,"spf":null,"dmarc":null,"dkim":null,"mta_sts":null,)"
          R"("tls_rpt":null,"references":null})");
}

TEST_CASE("facts printed and parsed are the same facts") {
    CHECK(parse(print(small())) == small());
    const auto domain = full();
    const auto json = print(domain);
    CHECK(json.find('\n') == std::string::npos);
    const auto parsed = parse(json);
    REQUIRE(parsed);
    CHECK(*parsed == domain);
    CHECK(print(*parsed) == json);
    CHECK(parse(json + " \r\n") == domain);
}

TEST_CASE("values of the DNS print as their text") {
    const auto json = print(full());
    for (const auto* part :
         {R"("soa":{"value":"ns.example.com. a\\.b.example.com. 4294967295 1 2 3 4"})",
          R"("ipv4":{"value":["192.0.2.1"]},"ipv6":{"value":["2001:db8::1"]})",
          R"("ds":{"value":["1 13 2 00ff"]})", R"("nsec3":{"value":"1 0 10 abcd"})",
          R"("addresses":{"absent":"nx_domain"})", R"("status":"bogus")",
          R"("kind":"dmarc_report","owner":"_dmarc.example.com")",
          R"("resolves":{"error":{"kind":"timeout",)",
          R"("record":{"fault":{"rule":"several-records","cite":"RFC 7208 section 4.5","offset":7)",
          R"("child":1)", R"("child":null)", R"("domainkey_exists":{"value":false})"}) {
        CHECK_MESSAGE(json.contains(part), part);
    }
}

TEST_CASE("the four states of an observation stay apart") {
    using Field = Observed<std::vector<std::string>>;
    const Field states[] = {
        Absence::no_data,
        Absence::nx_domain,
        base::Error{base::ErrorKind::not_covered, ""},
        base::Fault{"rule", "RFC 1035", 0, ""},
        Texts{},
        Texts{"", "x"},
    };
    std::vector<std::string> seen;
    for (const auto& state : states) {
        auto domain = small();
        domain.tls_rpt = {name("_smtp._tls.example.com"), state, {}, {}};
        const auto json = print(domain);
        CHECK(parse(json) == domain);
        CHECK(std::ranges::find(seen, json) == seen.end());
        seen.push_back(json);
    }
}

TEST_CASE("every kind of error comes back") {
    using enum base::ErrorKind;
    for (const auto kind : {timeout, refused, server, malformed, unreachable, bogus, not_covered,
                            limit, usage, internal}) {
        auto domain = small();
        domain.wildcard.emplace().mx = base::Error{kind, "why"};
        CHECK(parse(print(domain)) == domain);
    }
}

TEST_CASE("texts and names with odd octets come back") {
    auto domain = small();
    domain.name = name("a\\.b\\000\\255\\\".example.com");
    domain.mta_sts = {dns::Name(),
                      Texts{"quote \" backslash \\ slash /", "nul \0 tab \t"s,
                            "\xc3\xbc \xf0\x9f\x93\xa7", "\x7f\x1b"},
                      {},
                      {}};
    CHECK(parse(print(domain)) == domain);
    CHECK(print(domain).contains(R"("mta_sts":{"name":".")"));
}

TEST_CASE("another schema is named as such") {
    const auto json = replaced(print(small()), "assay.facts/1", "assay.facts/2");
    CHECK(refusal(json) ==
          "its schema is 'assay.facts/2', and this program reads 'assay.facts/1'. Measure again, "
          "or use the version of the program that wrote it");
    // The schema is looked at before anything else.
    CHECK(refusal(R"({"schema":"assay.facts/9"})").starts_with("its schema is 'assay.facts/9'"));
    CHECK(refusal(R"({"schema":""})").starts_with("its schema is ''"));
    CHECK(refusal(R"({"schema":1})") == "'1' is not a text");
    CHECK(refusal(R"({"name":"example.com"})") == "the member 'schema' is missing");
}

TEST_CASE("what is not JSON, or not one object, is refused") {
    CHECK(refusal("") == "incomplete JSON");
    CHECK(refusal("{") == "incomplete JSON");
    CHECK(refusal("hello") == "syntax error");
    CHECK(refusal("null") == "'null' is not an object");
    CHECK(refusal("[]") == "'[]' is not an object");
    CHECK(refusal("\"x\"") == "'\"x\"' is not an object");
    CHECK(refusal(print(small()) + "{}") == "extra data");
    CHECK(refusal("{\"schema\":\"\xff\"}") == "syntax error");
    CHECK(refusal(std::string(100'000, '[')) == "too deep");
    CHECK(refusal(std::string(facts_octets_max + 1, ' ')) == "a line is too long");
    CHECK(refusal(print(small()).insert(0, facts_octets_max, ' ')) == "a line is too long");
}

TEST_CASE("every member must be there, and of its type") {
    struct Row {
        std::string_view from, to, why;
    };
    constexpr Row rows[] = {
        {R"("name":"example.com",)", "", "the member 'name' is missing"},
        {R"("references":null)", R"("extra":null)", "the member 'references' is missing"},
        {R"("name":"example.com")", R"("name":"a..b")", "'a..b' is not a domain name"},
        {R"("name":"example.com")", R"("name":"")", "'' is not a domain name"},
        {R"("name":"example.com")", R"("name":[1])", "'[1]' is not a text"},
        {R"("source":"live")", R"("source":"guess")", "'guess' is not a word known here"},
        {R"("source":"live")", R"("source":"Live")", "'Live' is not a word known here"},
        {"2026-11-23T10:00:00Z", "2026-02-30T10:00:00Z",
         "'2026-02-30T10:00:00Z' is not a time such as 2026-11-23T10:00:00Z"},
        {"2026-11-23T10:00:00Z", "yesterday",
         "'yesterday' is not a time such as 2026-11-23T10:00:00Z"},
        {R"("mx":null)", R"("mx":[])", "'[]' is not an object"},
        {R"("mx":null)", R"("mx":{})", "the member 'hosts' is missing"},
        {R"("references":null)", R"("references":{})", "'{}' is not a list"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{}})", "'{}' is not an observation"},
        {R"("wildcard":null)", R"("wildcard":{"txt":null})", "'null' is not an observation"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{"absent":"no_data","value":[]}})",
         R"('{"absent":"no_data","value":[]}' is not an observation)"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{"perhaps":1}})",
         "'perhaps' is not absent, error, fault or value"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{"absent":"gone"}})",
         "'gone' is not a word known here"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{"error":{"kind":"bad","detail":""}}})",
         "'bad' is not a kind of error"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{"error":{"kind":"timeout"}}})",
         "the member 'detail' is missing"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{"fault":{"rule":"x"}}})",
         "the member 'cite' is missing"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{"value":"x"}})", "'\"x\"' is not a list"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{"value":[1]}})", "'1' is not a text"},
        {R"("wildcard":null)", R"("wildcard":{"txt":{"value":[]},"mx":{"value":1}})",
         "'1' is not true or false"},
        {R"("caa":null)", R"("caa":{"found_at":"com","properties":{"value":["x"]}})",
         "'x' is not record data of its type"},
        {R"("dnssec":null)", R"("dnssec":{"status":"maybe"})", "'maybe' is not a DNSSEC status"},
    };
    for (const auto& row : rows) {
        CAPTURE(row.to);
        CHECK(refusal(replaced(print(small()), row.from, row.to)) == row.why);
    }
}

TEST_CASE("numbers must fit their fields") {
    const auto json = print(full());
    const std::string_view field = R"("preference":10)";
    CHECK(parse(replaced(json, field, R"("preference":65535)"))->mx->hosts->front().preference ==
          65535);
    for (const auto* number : {"65536", "-1", "1.5", "\"10\"", "null", "true", "1e99"}) {
        const auto bad = replaced(json, field, "\"preference\":"s + number);
        CHECK(refusal(bad).ends_with("is not a number in range"));
    }
    CHECK(refusal(replaced(json, R"("serial":{"value":4294967295})",
                           R"("serial":{"value":4294967296})")) ==
          "'4294967296' is not a number in range");
}

TEST_CASE("the SPF tree must be one") {
    const auto json = print(full());
    const std::string_view child = R"("child":1)";
    const std::string_view why = "an SPF term points at a node that is not below it";
    CHECK(refusal(replaced(json, child, R"("child":0)")) == why);
    CHECK(refusal(replaced(json, child, R"("child":2)")) == why);
    CHECK(refusal(replaced(json, child, R"("child":18446744073709551615)")) == why);
    CHECK(refusal(replaced(json, child, R"("child":-1)")) == "'-1' is not a number in range");
    auto empty = small();
    empty.spf.emplace();
    CHECK(refusal(print(empty)) == "spf has no nodes");
}

TEST_CASE("a member that is not known is left alone") {
    CHECK(parse(replaced(print(small()), R"("source")", R"("later":[1,{}],"source")")) == small());
}

TEST_CASE("texts that are not UTF-8 come back as the octets that they are") {
    Domain domain;
    domain.name = name("example.com");
    auto& spf = domain.spf.emplace();
    spf.nodes.emplace_back().texts = {"v=spf1 \xff\xfe"};
    const auto text = print(domain);
    CHECK(text.find(R"({"octets":")") != std::string::npos);
    const auto back = parse(text);
    REQUIRE(back);
    CHECK(*back == domain);
}

}  // namespace assay::fact
