#include "codec/zone/octodns.hpp"

#include <doctest/doctest.h>

namespace assay::codec::zone {

namespace {

std::string print(const Problem& problem) {
    return problem.file + ':' + std::to_string(problem.line) + ": " + problem.text;
}

// A line a record, an alias or a warning; or the problem. TTL and class are left out.
std::string read(std::string_view text) {
    const auto apex = dns::parse_name("example.com.").value();
    const auto read = parse_octodns(text, apex, "example.com.yaml");
    if (!read) return print(read.error());
    CHECK(read->apex == apex);
    std::string out;
    for (const auto& record : read->records) {
        out += record.name.text() + ' ' + dns::print(record.type()) + ' ' +
               dns::print_rdata(record.data) + '\n';
        CHECK(record.ttl == 3600);
    }
    for (const auto& alias : read->aliases)
        out += alias.name.text() + " ALIAS " + alias.target.text() + '\n';
    for (const auto& warning : read->warnings)
        out += "warning " + print(warning) + '\n';
    return out;
}

struct Row {
    std::string_view text, printed;
};

constexpr Row rows[] = {
    // One record, several values, several records at one name.
    {"www:\n  type: A\n  value: 192.0.2.1\n", "www.example.com A 192.0.2.1\n"},
    {"www:\n  type: A\n  values:\n  - 192.0.2.1\n  - 192.0.2.2\n",
     "www.example.com A 192.0.2.1\nwww.example.com A 192.0.2.2\n"},
    {"www:\n  type: A\n  values: 192.0.2.1\n", "www.example.com A 192.0.2.1\n"},
    {"www:\n  type: A\n  value: [192.0.2.1, 192.0.2.2]\n",
     "www.example.com A 192.0.2.1\nwww.example.com A 192.0.2.2\n"},
    {"www:\n- type: A\n  value: 192.0.2.1\n- type: AAAA\n  value: 2001:DB8::1\n- type: TXT\n"
     "  value: x\n",
     "www.example.com A 192.0.2.1\nwww.example.com AAAA 2001:db8::1\nwww.example.com TXT \"x\"\n"},
    {"www:\n  type: A\n  octodns:\n    cloudflare:\n      proxied: true\n  value: 192.0.2.1\n",
     "www.example.com A 192.0.2.1\n"},
    {"www: {type: A, values: []}\n", ""},
    {"---\n# comment\nwww: {\"type\": \"A\", \"value\": \"192.0.2.1\"}\n...\n",
     "www.example.com A 192.0.2.1\n"},
    // Names.
    {"'': {type: TXT, value: x}\n", "example.com TXT \"x\"\n"},
    {"'@': {type: TXT, value: x}\n", "example.com TXT \"x\"\n"},
    {"'*': {type: TXT, value: x}\n'*.a.b': {type: TXT, value: y}\n",
     "*.example.com TXT \"x\"\n*.a.b.example.com TXT \"y\"\n"},
    {"'#x': {type: TXT, value: x}\n", "#x.example.com TXT \"x\"\n"},
    {"WWW.A: {type: TXT, value: x}\n", "www.a.example.com TXT \"x\"\n"},
    {"_dmarc: {type: TXT, value: x}\n", "_dmarc.example.com TXT \"x\"\n"},
    {"1: {type: TXT, value: x}\n2.5: {type: TXT, value: y}\ntrue: {type: TXT, value: z}\n",
     "1.example.com TXT \"x\"\n2.5.example.com TXT \"y\"\ntrue.example.com TXT \"z\"\n"},
    {"a\\.b: {type: TXT, value: x}\n", "a\\.b.example.com TXT \"x\"\n"},
    // TXT: a semicolon is escaped, every other backslash stands for itself.
    {"a: {type: TXT, value: 'v=DKIM1\\; k=rsa\\; p=MIIB'}\n",
     "a.example.com TXT \"v=DKIM1; k=rsa; p=MIIB\"\n"},
    {"a: {type: TXT, value: v=DMARC1; p=none}\n", "a.example.com TXT \"v=DMARC1; p=none\"\n"},
    {"a: {type: TXT, value: 'x\\y\\\\;z\\'}\n", "a.example.com TXT \"x\\\\y\\\\;z\\\\\"\n"},
    {"a: {type: TXT, value: \"x\\\\; \\\"y\\\"\"}\n", "a.example.com TXT \"x; \\\"y\\\"\"\n"},
    {"a: {type: TXT, value: '\"one\" \"two\\;\"'}\n", "a.example.com TXT \"one\" \"two;\"\n"},
    {"a: {type: TXT, value: '\"one'}\n", "a.example.com TXT \"\\\"one\"\n"},
    {"a: {type: TXT, value: '\"one\" two'}\n", "a.example.com TXT \"\\\"one\\\" two\"\n"},
    {"a: {type: TXT, value: ''}\n", "a.example.com TXT \"\"\n"},
    {"a:\n  type: TXT\n  values:\n  - >-\n    one\n    two\n  - |\n    three\n",
     "a.example.com TXT \"one two\"\na.example.com TXT \"three\\010\"\n"},
    {"a: {type: TXT, value: \"\xc3\xbc\"}\n", "a.example.com TXT \"\\195\\188\"\n"},
    {"a: {type: TXT, value: 12}\n", "a.example.com TXT \"12\"\n"},
    // Targets are absolute with and without the final dot.
    {"a: {type: CNAME, value: B.Example.NET.}\nb: {type: CNAME, value: c.example.net}\n",
     "a.example.com CNAME b.example.net.\nb.example.com CNAME c.example.net.\n"},
    {"'': {type: NS, values: [ns1.example.net., ns2.example.net]}\n",
     "example.com NS ns1.example.net.\nexample.com NS ns2.example.net.\n"},
    {"a: {type: PTR, value: b.}\nd: {type: DNAME, value: example.net.}\n",
     "a.example.com PTR b.\nd.example.com DNAME example.net.\n"},
    {"a: {type: MX, value: {exchange: mail.example.net., preference: 10}}\n"
     "b: {type: MX, values: [{value: mail.example.net, priority: 20}]}\n"
     "c: {type: MX, value: {exchange: ., preference: 0}}\n",
     "a.example.com MX 10 mail.example.net.\nb.example.com MX 20 mail.example.net.\n"
     "c.example.com MX 0 .\n"},
    {"_s._tcp: {type: SRV, value: {priority: 1, weight: 2, port: 3, target: a.example.net.}}\n",
     "_s._tcp.example.com SRV 1 2 3 a.example.net.\n"},
    {"a: {type: CAA, value: {tag: issue, value: 'ca.example\\; a=b'}}\n"
     "b: {type: CAA, value: {flags: 128, tag: iodef, value: 'mailto:a@example.com'}}\n",
     "a.example.com CAA 0 issue \"ca.example; a=b\"\n"
     "b.example.com CAA 128 iodef \"mailto:a@example.com\"\n"},
    {"a: {type: TLSA, value: {certificate_usage: 3, selector: 1, matching_type: 1,\n"
     "  certificate_association_data: ABCD}}\n",
     "a.example.com TLSA 3 1 1 abcd\n"},
    {"a: {type: DS, value: {key_tag: 1, algorithm: 13, digest_type: 2, digest: 00ff}}\n",
     "a.example.com DS 1 13 2 00ff\n"},
    {"a: {type: HTTPS, value: {svcpriority: 1, targetname: ., svcparams: {alpn: [h2, h3],\n"
     "  port: 443}}}\nb: {type: HTTPS, value: {svcpriority: 0, targetname: c.example.net.}}\n",
     "a.example.com HTTPS 1 . alpn=\"h2,h3\" port=443\nb.example.com HTTPS 0 c.example.net.\n"},
    // ALIAS, and what Route 53 calls so.
    {"'': {type: ALIAS, value: lb.example.net.}\n", "example.com ALIAS lb.example.net\n"},
    {"a:\n  type: Route53Provider/ALIAS\n  values:\n  - name: Lb.example.net\n    type: A\n"
     "  - name: lb6.example.net.\n",
     "a.example.com ALIAS lb.example.net\na.example.com ALIAS lb6.example.net\n"},
    // Types that are not read.
    {"a: {type: LOC, value: {altitude: 1}}\nb:\n- type: NAPTR\n  values: [x, y]\n"
     "- type: A\n  value: 192.0.2.1\n",
     "b.example.com A 192.0.2.1\n"
     "warning example.com.yaml:1: Records of type LOC are not read\n"
     "warning example.com.yaml:4: Records of type NAPTR are not read\n"
     "warning example.com.yaml:4: Records of type NAPTR are not read\n"},
    {"a: {type: TYPE65280, value: x}\n",
     "warning example.com.yaml:1: Records of type TYPE65280 are not read\n"},
    // An anchor that nobody uses does no harm.
    {"a: &a\n  type: A\n  value: 192.0.2.1\n", "a.example.com A 192.0.2.1\n"},
};

constexpr std::string_view no_zone = "This is not an OctoDNS zone: ";

// After the file's name.
constexpr Row faults[] = {
    // Not OctoDNS.
    {"", "1: This is not an OctoDNS zone: it is not a list of names with their records"},
    {"hello\n", "1: This is not an OctoDNS zone: it is not a list of names with their records"},
    {"$ORIGIN example.com.\n@ IN SOA a b 1 2 3 4 5\n",
     "1: This is not an OctoDNS zone: it is not a list of names with their records"},
    {"- a\n- b\n", "1: This is not an OctoDNS zone: it is not a list of names with their records"},
    {"a: b\n", "1: This is not an OctoDNS zone: a record is a mapping with type and value"},
    {"\na:\n- b\n", "3: This is not an OctoDNS zone: a record is a mapping with type and value"},
    {"a: {type: A, value: 192.0.2.1}\nb:\n- type: A\n  value: 192.0.2.1\n- 1\n",
     "5: This is not an OctoDNS zone: a record is a mapping with type and value"},
    {"services:\n  web:\n    image: x\n",
     "2: This is not an OctoDNS zone: a record without a type"},
    {"a:\n  value: 192.0.2.1\n", "2: This is not an OctoDNS zone: a record without a type"},
    {"a: {type: [A], value: x}\n", "1: This is not an OctoDNS zone: a record without a type"},
    {"? [a]\n: {type: A}\n", "1: This is not an OctoDNS zone: a name is missing here"},
    {"~: {type: A, value: 192.0.2.1}\n", "1: This is not an OctoDNS zone: a name is missing here"},
    // Not YAML.
    {"a: [\n", "2: This is not YAML: end of sequence flow not found"},
    {"a: {type: A, value: 192.0.2.1}\n\tb: {type: A}\n", "2: This is not YAML: "},
    {"a: 'x", "1: This is not YAML: illegal EOF in scalar"},
    {"a: b: c\n", "1: This is not YAML: "},
    // Aliases: a few bytes can stand for gigabytes.
    {"a: &a {type: A, value: 192.0.2.1}\nb: *a\n",
     "2: YAML aliases (*name) are not read in zone files"},
    {"a: &a {type: A, value: 192.0.2.1}\nb:\n  <<: *a\n",
     "3: YAML aliases (*name) are not read in zone files"},
    // Names.
    {"a..b: {type: A, value: 192.0.2.1}\n",
     "1: 'a..b' is not a name: A label between two dots is empty"},
    {"\na: {type: CNAME, value: b..c}\n",
     "2: 'b..c' is not a name: A label between two dots is empty"},
    {"a: {type: CNAME, value: ''}\n", "1: '' is not a name: The name is empty"},
    {"a: {type: CNAME, value: [[x]]}\n", "1: '' is not a name: The name is empty"},
    {"a: {type: ALIAS, value: {x: y}}\n", "1: The record lacks 'name'"},
    {"\n'www.': {type: A, value: 192.0.2.1}\n",
     "2: 'www.' is outside the zone example.com. Names in this file stand below the zone: leave "
     "out "
     "the dot at the end"},
    // Keys that stand twice.
    {"a: {type: A, value: 192.0.2.1}\nb: {type: A, value: 192.0.2.1}\na: {type: TXT, value: x}\n",
     "3: The name 'a' stands twice in the file. Put all its records into one list"},
    {"a:\n- type: A\n  value: 192.0.2.1\n- type: TXT\n  value: x\n  value: y\n",
     "6: 'value' stands twice in one record"},
    {"a: {type: MX, value: {preference: 1, preference: 2, exchange: b.}}\n",
     "1: 'preference' stands twice in one record"},
    // Values.
    {"a:\n  type: A\n", "2: The A record has neither value nor values"},
    {"a:\n  type: A\n  value:\n", "2: The A record has neither value nor values"},
    {"a:\n  type: A\n  values: ~\n", "2: The A record has neither value nor values"},
    {"a:\n  type: A\n  values:\n  - 192.0.2.1\n  - 192.0.2.256\n",
     "5: The A record cannot be read: '192.0.2.256' is not an address of this family"},
    {"a: {type: A, value: 2001:db8::1}\n", "1: The A record cannot be read: "},
    {"a: {type: MX, value: mail.example.net.}\n", "1: The record lacks 'preference'"},
    {"a: {type: MX, value: {preference: 10}}\n", "1: The record lacks 'exchange'"},
    {"a: {type: MX, value: {preference: 65536, exchange: b.}}\n",
     "1: The MX record cannot be read: "},
    {"a: {type: SRV, value: {priority: 1, weight: 2, target: b.}}\n", "1: The record lacks 'port'"},
    {"a: {type: TLSA, value: {certificate_usage: 3}}\n", "1: The record lacks 'selector'"},
    {"a: {type: DS, value: {key_tag: x, algorithm: 13, digest_type: 2, digest: 00}}\n",
     "1: The DS record cannot be read: "},
    {"a: {type: TXT, value: {x: y}}\n", "1: The value of a TXT record is a text"},
    // TTL.
    {"a:\n  ttl: 1h\n  type: A\n  value: 192.0.2.1\n", "2: The ttl '1h' is not a number"},
    {"a:\n  ttl: -1\n  type: A\n  value: 192.0.2.1\n", "2: The ttl '-1' is not a number"},
};

}  // namespace

TEST_CASE("OctoDNS zone files are read") {
    for (const auto& row : rows) {
        CAPTURE(row.text);
        CHECK(read(row.text) == row.printed);
    }
}

TEST_CASE("what is wrong in an OctoDNS zone file is said with its line") {
    for (const auto& row : faults) {
        CAPTURE(row.text);
        const auto expected = "example.com.yaml:" + std::string(row.printed);
        const auto problem = read(row.text);
        // A sentence that ends in a colon is followed by words of another part.
        if (expected.ends_with(": ")) {
            CHECK(problem.starts_with(expected));
            CHECK(problem.size() > expected.size());
        } else {
            CHECK(problem == expected);
        }
    }
    CHECK(read("a: b\n").contains(no_zone));
}

TEST_CASE("the TTL is read, within the bounds of the DNS") {
    constexpr std::pair<std::string_view, std::uint32_t> ttls[] = {
        {"0", 0},
        {"60", 60},
        {"'300'", 300},
        {"2147483647", 2147483647},
        {"2147483648", 2147483647},
        {"18446744073709551615", 2147483647},
        {"", 3600},
    };
    for (const auto& [text, ttl] : ttls) {
        const auto zone = "a:\n- ttl: " + std::string(text) +
                          "\n  type: A\n  value: 192.0.2.1\n- type: A\n  value: 192.0.2.2\n";
        const auto data = parse_octodns(zone, dns::parse_name("example.com.").value(), "z").value();
        CHECK(data.records[0].ttl == ttl);
        CHECK(data.records[1].ttl == 3600);  // not the one before
    }
}

TEST_CASE("a long TXT value becomes strings of at most 255 octets") {
    for (const std::size_t size : {1U, 254U, 255U, 256U, 510U, 511U, 4096U}) {
        const std::string value(size, 'x');
        const auto data = parse_octodns("a: {type: TXT, value: " + value + "}\n", dns::Name(), "z");
        const auto& txt = std::get<dns::Txt>(data->records.front().data);
        CHECK(txt.joined() == value);
        CHECK(txt.strings.size() == (size + 254) / 255);
        CHECK(txt.strings.front().size() == std::min<std::size_t>(size, 255));
    }
    // Strings that are given stay as they are.
    const auto given = parse_octodns(R"(a: {type: TXT, value: '"x" "y"'})", dns::Name(), "z");
    CHECK(std::get<dns::Txt>(given->records.front().data).strings ==
          std::vector<std::string>{"x", "y"});
    CHECK(read("a: {type: TXT, value: " + std::string(65536, 'x') + "}\n") ==
          "example.com.yaml:1: The record is longer than 65,535 octets");
}

TEST_CASE("a file that nests without end is refused before it is built") {
    const auto nested = [](std::size_t depth) {
        return std::string(depth, '[') + std::string(depth, ']');
    };
    CHECK(read(nested(octodns_depth_max)).contains(no_zone));
    const std::string_view refused = "example.com.yaml:1: The YAML nests deeper than 16";
    CHECK(read(nested(octodns_depth_max + 1)) == refused);
    CHECK(read(std::string(100'000, '[')) == refused);
    std::string maps;
    for (int i = 0; i < 1000; ++i)
        maps += "{a: ";
    CHECK(read(maps) == refused);
    std::string block;
    for (int i = 0; i < 1000; ++i)
        block += "- ";
    CHECK(read(block) == refused);
    std::string lines;
    for (std::size_t i = 0; i < 40; ++i)
        lines += std::string(i, ' ') + "a:\n";
    CHECK(read(lines) == "example.com.yaml:17: The YAML nests deeper than 16");
}

TEST_CASE("a zone that was read answers as its server would") {
    const auto apex = dns::parse_name("example.com.").value();
    const Zone zone(parse_octodns(R"(
'': [{type: ALIAS, value: lb.example.net.}, {type: TXT, value: 'v=spf1 -all'}]
'*': {type: CNAME, value: www.example.com.}
a.b: {type: A, value: 192.0.2.1}
sub: {type: NS, values: [ns1.example.net., ns2.example.net.]}
s.h: [{type: SSHFP, value: {algorithm: 1}}, {type: NAPTR, values: [{order: 1}]}]
in.example.com.: {type: A, value: 192.0.2.2}
)",
                                  apex, "z")
                        .value());
    const auto kind = [&](std::string_view name, dns::Type type) {
        return zone.find(dns::parse_name(name, apex).value(), type).kind;
    };
    CHECK(zone.find(apex, dns::Type::A).target.text() == "lb.example.net");
    CHECK(zone.find(apex, dns::Type::TXT).kind == Kind::answer);
    CHECK(kind("x", dns::Type::A) == Kind::cname);
    CHECK(kind("b", dns::Type::A) == Kind::no_data);
    CHECK(kind("x.b", dns::Type::A) == Kind::nx_domain);
    CHECK(kind("x.sub", dns::Type::A) == Kind::delegation);
    CHECK(kind("s.h", dns::Type::A) == Kind::no_data);
    CHECK(kind("h", dns::Type::A) == Kind::no_data);
    CHECK(kind("in", dns::Type::A) == Kind::answer);
}

TEST_CASE("records of the historic type SPF are no TXT records (RFC 7208 section 3.1)") {
    CHECK(
        read("'':\n- type: TXT\n  value: v=spf1 -all\n- type: SPF\n  value: v=spf1 -all\n") ==
        "example.com TXT \"v=spf1 -all\"\nwarning example.com.yaml:5: Records of type SPF are not "
        "read\n");
}

}  // namespace assay::codec::zone
