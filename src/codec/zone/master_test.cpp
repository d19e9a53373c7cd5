#include "codec/zone/master.hpp"

#include <doctest/doctest.h>

#include <map>

namespace assay::codec::zone {

namespace {

constexpr std::string_view soa = "@ SOA ns hostmaster 1 7200 900 1209600 300\n";
constexpr std::string_view soa_printed =
    "example.com. 3600 IN SOA ns.example.com. hostmaster.example.com. 1 7200 900 1209600 300\n";

dns::Name example() {
    return dns::parse_name("example.com.").value();
}

std::string print(const Problem& problem) {
    return problem.file + ':' + std::to_string(problem.line) + ": " + problem.text;
}

// Records a line each, then warnings; or the problem.
std::string print(const std::expected<ZoneData, Problem>& read) {
    if (!read) return print(read.error());
    std::string out;
    for (const auto& record : read->records)
        out += dns::print_record(record) + '\n';
    for (const auto& warning : read->warnings)
        out += "warning " + print(warning) + '\n';
    CHECK(read->aliases.empty());
    return out;
}

// With the SOA record as first line of the file, which is left out of what is printed.
std::string read(std::string_view lines, const Includer& include = {}) {
    const auto text = std::string(soa) + std::string(lines);
    auto out = print(parse_master(text, example(), "example.zone", include));
    if (out.starts_with(soa_printed)) out.erase(0, soa_printed.size());
    return out;
}

struct Row {
    std::string_view lines, printed;
};

constexpr Row rows[] = {
    {"", ""},
    {"a A 192.0.2.1", "a.example.com. 3600 IN A 192.0.2.1\n"},
    {"a 300 IN A 192.0.2.1\n", "a.example.com. 300 IN A 192.0.2.1\n"},
    {"a 1h30m A 192.0.2.1\n", "a.example.com. 5400 IN A 192.0.2.1\n"},
    {"A.Example.COM. in a 192.0.2.1\r\nB AAAA 2001:DB8::1\r\n",
     "a.example.com. 3600 IN A 192.0.2.1\nb.example.com. 3600 IN AAAA 2001:db8::1\n"},
    {"@ MX 10 mail\n", "example.com. 3600 IN MX 10 mail.example.com.\n"},
    {"@ MX 0 .\n", "example.com. 3600 IN MX 0 .\n"},
    {"* CNAME @\n", "*.example.com. 3600 IN CNAME example.com.\n"},
    {"a CNAME b.example.net.\n", "a.example.com. 3600 IN CNAME b.example.net.\n"},
    // The owner before, when there is none (RFC 1035 section 5.1).
    {"a A 192.0.2.1\n  A 192.0.2.2\n\tTXT x\n",
     "a.example.com. 3600 IN A 192.0.2.1\na.example.com. 3600 IN A 192.0.2.2\n"
     "a.example.com. 3600 IN TXT \"x\"\n"},
    {" A 192.0.2.1\n", "example.com. 3600 IN A 192.0.2.1\n"},
    // Directives.
    {"$TTL 300\na A 192.0.2.1\n$TTL 1d\nb A 192.0.2.2\nc 5 A 192.0.2.3\n",
     "a.example.com. 300 IN A 192.0.2.1\nb.example.com. 86400 IN A 192.0.2.2\n"
     "c.example.com. 5 IN A 192.0.2.3\n"},
    {"$ORIGIN sub.example.com.\na A 192.0.2.1\n@ A 192.0.2.2\n$ORIGIN example.com.\nb TXT x\n",
     "a.sub.example.com. 3600 IN A 192.0.2.1\nsub.example.com. 3600 IN A 192.0.2.2\n"
     "b.example.com. 3600 IN TXT \"x\"\n"},
    {"$ORIGIN .\na.example.com A 192.0.2.1\n", "a.example.com. 3600 IN A 192.0.2.1\n"},
    // Parentheses, comments, blank lines.
    {"a ( A\n  192.0.2.1 )\nb MX ( 10 ; first\n mail ; second )\n )\n",
     "a.example.com. 3600 IN A 192.0.2.1\nb.example.com. 3600 IN MX 10 mail.example.com.\n"},
    {"\n\n; nothing ( here \"\n \na A 192.0.2.1 ; the end\n\n",
     "a.example.com. 3600 IN A 192.0.2.1\n"},
    // Character-strings.
    {"a TXT \"x;y (z)\" \"\" bare \"q\\\"q\" \\; \\065\n",
     "a.example.com. 3600 IN TXT \"x;y (z)\" \"\" \"bare\" \"q\\\"q\" \";\" \"A\"\n"},
    {"a TXT ( \"one\"\n \"two\" )\n", "a.example.com. 3600 IN TXT \"one\" \"two\"\n"},
    {"a TXT \"\\255\\000\"\n", "a.example.com. 3600 IN TXT \"\\255\\000\"\n"},
    // Names.
    {"a\\.b A 192.0.2.1\n\\099 A 192.0.2.2\n_dmarc TXT \"v=DMARC1\"\n",
     "a\\.b.example.com. 3600 IN A 192.0.2.1\nc.example.com. 3600 IN A 192.0.2.2\n"
     "_dmarc.example.com. 3600 IN TXT \"v=DMARC1\"\n"},
    // Other types.
    {"@ CAA 0 issue \"ca.example\"\n_25._tcp TLSA 3 1 1 ABCD\n_s._tcp SRV 1 2 3 a\n",
     "example.com. 3600 IN CAA 0 issue \"ca.example\"\n"
     "_25._tcp.example.com. 3600 IN TLSA 3 1 1 abcd\n"
     "_s._tcp.example.com. 3600 IN SRV 1 2 3 a.example.com.\n"},
    {"a TYPE65280 \\# 2 0aFF\nb TYPE1 \\# 4 c0000201\n",
     "a.example.com. 3600 IN TYPE65280 \\# 2 0aff\nb.example.com. 3600 IN A 192.0.2.1\n"},
    {"d DNAME example.net.\nh HTTPS 1 . alpn=h2\n",
     "d.example.com. 3600 IN DNAME example.net.\nh.example.com. 3600 IN HTTPS 1 . alpn=\"h2\"\n"},
    // Outside the zone.
    {"a.example.net. A 192.0.2.1\nb A 192.0.2.2\nnotexample.com. A 192.0.2.3\n",
     "b.example.com. 3600 IN A 192.0.2.2\n"
     "warning example.zone:0: a.example.net is outside the zone example.com and is not read\n"
     "warning example.zone:0: notexample.com is outside the zone example.com and is not read\n"},
};

constexpr std::string_view rdata_error = "The record cannot be read: ";

// Why, at which line; the SOA record is line 1.
constexpr Row faults[] = {
    {"a A 192.0.2.256\n", "example.zone:2: "},
    {"a A 192.0.2.1\n\nb A x\n", "example.zone:4: "},
    {"a ( A\n192.0.2.1\n)\nb A x\n", "example.zone:5: "},
    {"a A 192.0.2.1 192.0.2.2\n", "example.zone:2: "},
    {"a A\n", "example.zone:2: "},
    {"a\n", "example.zone:2: "},
    {"a BOGUS x\n", "example.zone:2: "},
    {"a MX mail\n", "example.zone:2: "},
    {"a TYPE65280 \\# 3 0a\n", "example.zone:2: "},
    {"a..b A 192.0.2.1\n", "example.zone:2: "},
    {"$ORIGIN a..b.\n", "example.zone:2: "},
    {"$GENERATE 1-3 a$ A 192.0.2.$\n", "example.zone:2: "},
    {"a CH TXT x\n", "example.zone:2: Only class IN is read"},
};

}  // namespace

TEST_CASE("master files are read") {
    for (const auto& row : rows) {
        CAPTURE(row.lines);
        CHECK(read(row.lines) == row.printed);
    }
}

TEST_CASE("what is printed from a master file reads back as the same records") {
    for (const auto& row : rows) {
        const auto first = parse_master(std::string(soa) + std::string(row.lines), example(), "a");
        REQUIRE(first);
        std::string text;
        for (const auto& record : first->records)
            text += dns::print_record(record) + '\n';
        CAPTURE(text);
        const auto again = parse_master(text, std::nullopt, "b");
        REQUIRE(again);
        CHECK(again->records == first->records);
        CHECK(again->apex == first->apex);
    }
}

TEST_CASE("a syntax error names the file and the line") {
    for (const auto& row : faults) {
        CAPTURE(row.lines);
        CHECK(read(row.lines).starts_with(row.printed));
    }
    CHECK(read("a A 192.0.2.256\n") ==
          "example.zone:2: The record cannot be read: '192.0.2.256' is not an address of this "
          "family");
    CHECK(read("a TXT \"" + std::string(256, 'x') + "\"\n")
              .starts_with("example.zone:2: " + std::string(rdata_error)));
    CHECK(read("a TXT \"" + std::string(255, 'x') + "\"\n").starts_with("a.example.com."));
    CHECK(read(std::string(64, 'a') + " A 192.0.2.1\n").starts_with("example.zone:2: "));
}

TEST_CASE("a zero byte is refused at its line") {
    using namespace std::string_literals;
    CHECK(read("a A 192.0.2.1\nb TXT \"x\0y\"\n"s) ==
          "example.zone:3: There is a zero byte in the file");
}

TEST_CASE("the apex is the owner of the SOA record, or the origin that is given") {
    const auto with_soa = parse_master(
        "a.example.net. SOA b. c. 1 2 3 4 5\nd.a.example.net. A 192.0.2.1\n", std::nullopt, "z");
    CHECK(with_soa->apex.text() == "a.example.net");
    CHECK(with_soa->records.size() == 2);
    const auto other = parse_master("@ SOA b c 1 2 3 4 5\n$ORIGIN example.net.\n", example(), "z");
    CHECK(other->apex.text() == "example.com");
    // The SOA record wins over the file's name.
    CHECK(parse_master("sub SOA b c 1 2 3 4 5\n@ A 192.0.2.1\n", example(), "z")->apex.text() ==
          "sub.example.com");
    CHECK(parse_master("a A 192.0.2.1\n", example(), "z")->apex == example());
    CHECK(print(parse_master("a. A 192.0.2.1\n", std::nullopt, "z")) ==
          "z:1: The zone's name is not known: give the file an SOA record, or name it after the "
          "zone");
    CHECK(parse_master(". SOA a. b. 1 2 3 4 5\nexample. NS a.\n", dns::Name(), "z")->apex ==
          dns::Name());
}

TEST_CASE("a file with no records, or with two zones, is refused") {
    for (const auto* text : {"", "\n\n", "; only a comment\n", "$TTL 300\n", "$ORIGIN example.\n"})
        CHECK(print(parse_master(text, example(), "z")) == "z:1: There are no records in the file");
    CHECK(read("sub SOA ns hostmaster 1 2 3 4 5\n") ==
          "example.zone:1: The file holds two zones, example.com and sub.example.com: put each "
          "into a file of its own");
    // The same SOA twice is one zone.
    CHECK(read(soa) == soa_printed);
}

TEST_CASE("$INCLUDE is refused unless the caller allows it") {
    constexpr std::string_view refused =
        "$INCLUDE is not followed. If you trust the file, use --allow-include";
    CHECK(read("$INCLUDE other.zone\n") == "example.zone:2: " + std::string(refused));
    CHECK(read("a A 192.0.2.1\n\n$include other.zone sub.example.com.") ==
          "example.zone:4: " + std::string(refused));
    CHECK(read("$INCLUDE\n") == "example.zone:2: $INCLUDE names no file");
    CHECK(read("$INCLUDE ; nothing\n") == "example.zone:2: $INCLUDE names no file");
    CHECK(read("$INCLUDE /etc/passwd\n") == "example.zone:2: " + std::string(refused));
}

TEST_CASE("an included file has an origin of its own and gives the old one back") {
    const std::map<std::string, std::string, std::less<>> files{
        {"plain", "a A 192.0.2.1\n"},
        {"two words", "w A 192.0.2.9\n"},
        {"origin", "$ORIGIN deep.example.com.\na A 192.0.2.2"},
        {"nested", "$INCLUDE plain\nb A 192.0.2.3\n"},
        {"broken", "a A 192.0.2.1\nb A x\n"},
        {"loop", "$INCLUDE loop\n"},
        {"empty", ""},
    };
    const auto include = [&](std::string_view name) -> std::expected<std::string, Problem> {
        const auto at = files.find(name);
        if (at == files.end()) return std::unexpected(Problem{"", 0, "no such file"});
        return at->second;
    };
    const std::string after = "c.example.com. 3600 IN A 192.0.2.4\n";
    const auto with = [&](std::string_view line) {
        return read(std::string(line) + "\nc A 192.0.2.4\n", include);
    };
    CHECK(with("$INCLUDE plain") == "a.example.com. 3600 IN A 192.0.2.1\n" + after);
    CHECK(with("$INCLUDE \"two words\"") == "w.example.com. 3600 IN A 192.0.2.9\n" + after);
    CHECK(with("$INCLUDE plain sub.example.com.") ==
          "a.sub.example.com. 3600 IN A 192.0.2.1\n" + after);
    CHECK(with("$INCLUDE origin") == "a.deep.example.com. 3600 IN A 192.0.2.2\n" + after);
    CHECK(with("$INCLUDE nested") ==
          "a.example.com. 3600 IN A 192.0.2.1\nb.example.com. 3600 IN A 192.0.2.3\n" + after);
    CHECK(with("$INCLUDE empty") == after);
    CHECK(with("$INCLUDE missing") == "example.zone:2: $INCLUDE missing: no such file");
    CHECK(with("$INCLUDE broken").starts_with("broken:2: " + std::string(rdata_error)));
    // The owner before is the old one again.
    CHECK(read("o A 192.0.2.5\n$INCLUDE plain\n A 192.0.2.6\n", include) ==
          "o.example.com. 3600 IN A 192.0.2.5\na.example.com. 3600 IN A 192.0.2.1\n"
          "o.example.com. 3600 IN A 192.0.2.6\n");
    CHECK(with("$INCLUDE loop") == "loop:1: $INCLUDE nests deeper than 8");
}

TEST_CASE("class and TTL stand in either order, and origins are relative to the one before") {
    CHECK(read("a IN 300 A 192.0.2.1\n") == "a.example.com. 300 IN A 192.0.2.1\n");
    CHECK(read("a in 1h30m A 192.0.2.1\n IN 300 TXT x\n\tA 192.0.2.2\n") ==
          "a.example.com. 5400 IN A 192.0.2.1\na.example.com. 300 IN TXT \"x\"\n"
          "a.example.com. 3600 IN A 192.0.2.2\n");
    CHECK(read("a IN 300 MX ( 10 ; first\n mail )\nb ( IN ; (\n 300 A\n 192.0.2.1 )\n") ==
          "a.example.com. 300 IN MX 10 mail.example.com.\nb.example.com. 300 IN A 192.0.2.1\n");
    CHECK(read("IN 300 A 192.0.2.1\n") == "in.example.com. 300 IN A 192.0.2.1\n");
    CHECK(read("a TXT \"b\\\"\" \"\" ; \" (\nb IN 300 TXT IN 300\n") ==
          "a.example.com. 3600 IN TXT \"b\\\"\" \"\"\nb.example.com. 300 IN TXT \"IN\" \"300\"\n");
    CHECK(read("$ORIGIN sub\na A 192.0.2.1\n") == "a.sub.example.com. 3600 IN A 192.0.2.1\n");
    CHECK(read("$ORIGIN a..b\n").starts_with("example.zone:2: The origin 'a..b' is not a name"));
}

TEST_CASE("$TTL takes a period") {
    constexpr std::pair<std::string_view, std::uint32_t> periods[] = {
        {"300", 300}, {"1h30m", 5400}, {"1W ; a week", 604800}, {"2147483647", 2147483647}};
    for (const auto& [text, seconds] : periods) {
        CHECK(read("$TTL " + std::string(text) + "\na A 192.0.2.1\n") ==
              "a.example.com. " + std::to_string(seconds) + " IN A 192.0.2.1\n");
    }
    for (const auto* text :
         {"garbage", "", "1 2", "1x", "h", "-1", "2147483648", "1h30", "3551w"}) {
        CAPTURE(text);
        CHECK(read("$TTL " + std::string(text) + "\na A 192.0.2.1\n")
                  .starts_with("example.zone:2: $TTL takes a number of seconds"));
    }
}

TEST_CASE("the fault in a line is said, whoever its owner is") {
    CHECK(read("a MX mail\n").contains("'mail'"));
    CHECK(read("a A 192.0.2.1\n A 192.0.2.x\n").contains("'192.0.2.x'"));
    CHECK(read("$GENERATE 1-3 a$ A 192.0.2.$\n") ==
          "example.zone:2: '$GENERATE' is not a directive that is read");
    CHECK(read("a MX ( x\n mail )\n").starts_with("example.zone:2: The record cannot be read"));
}

TEST_CASE("a record that is cut off is refused at its line") {
    constexpr std::string_view parenthesis =
        "example.zone:3: The '(' is not closed. Add the missing ')'";
    CHECK(read("a A 192.0.2.1\nb TXT ( \"x\"\nc A 192.0.2.2\n") == parenthesis);
    CHECK(read("a A 192.0.2.1\nb MX ( 10 mail ; )\n") == parenthesis);
    constexpr std::string_view quote =
        "example.zone:3: A string has no closing quote. Write it on one line, with both quotes";
    CHECK(read("a A 192.0.2.1\nb TXT \"x\nc A 192.0.2.2\n") == quote);
    CHECK(read("a A 192.0.2.1\nb TXT \"x\ny\"\nc A 192.0.2.2\n") == quote);
    CHECK(read("a A 192.0.2.1\nb TXT \"x\\\"") == quote);
    CHECK(read("a TXT (\n \"x\ny\" )\n") == quote);
}

TEST_CASE("a CNAME beside other records is warned of, once a name") {
    const std::string alias = "w.example.com. 3600 IN CNAME a.example.com.\n";
    CHECK(read("w CNAME a\nw A 192.0.2.1\nw TXT x\n") ==
          alias +
              "w.example.com. 3600 IN A 192.0.2.1\nw.example.com. 3600 IN TXT \"x\"\n"
              "warning example.zone:0: w.example.com has a CNAME and other records. Nameservers "
              "refuse that: keep the CNAME or the others\n");
    // What signs a CNAME stands beside it (RFC 4034 sections 3 and 4).
    CHECK_FALSE(read("w CNAME a\nw NSEC x.example.com. CNAME RRSIG NSEC\n").contains("warning"));
}

TEST_CASE("an owner with types that nobody reads exists") {
    const auto data =
        parse_master("@ SOA a b 1 2 3 4 5\nh SSHFP 1 1 " + std::string(40, 'a') +
                         "\nn NAPTR 100 10 \"u\" \"x\" \"\" .\nl LOC 51 30 N 0 7 W 10m\n",
                     example(), "z");
    REQUIRE(data);
    const Zone zone(*data);
    for (const auto* label : {"h", "n", "l"}) {
        CHECK(zone.find(example().child(label).value(), dns::Type::A).kind == Kind::no_data);
    }
}

TEST_CASE("comments and blank lines do not hide a directive or move a line's number") {
    const Includer one = [](std::string_view) { return std::string("x A 192.0.2.9\n"); };
    CHECK(read("; first\n$INCLUDE file\n", one) == "x.example.com. 3600 IN A 192.0.2.9\n");
    CHECK(read("a A 192.0.2.1\n; one\n\n; two\nb A x\n").starts_with("example.zone:6:"));
}

TEST_CASE("a name, or a TTL, that is too long is refused") {
    const std::string label(60, 'a');
    const auto owner = label + '.' + label + '.' + label + '.' + label;
    CHECK(read(owner + " A 192.0.2.1\n") == "example.zone:2: The name is longer than 255 octets");
    CHECK(read("a 2147483648 A 192.0.2.1\n").starts_with("example.zone:2: A TTL is at most"));
}

}  // namespace assay::codec::zone
