#include "codec/zone/zone.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "base/text.hpp"

namespace assay::codec::zone {

namespace {

using dns::Type;

dns::Name name(std::string_view text) {
    return dns::parse_name(text, dns::parse_name("example.").value()).value();
}

// One line a record, relative to "example."; a line "owner ALIAS target" makes an alias.
Zone zone_of(std::string_view lines) {
    ZoneData data;
    data.apex = name("example.");
    for (const auto line : base::split(lines, '\n')) {
        if (base::trim(line).empty()) continue;
        if (const auto at = line.find(" ALIAS "); at != std::string_view::npos) {
            data.aliases.push_back(
                {name(base::trim(line.substr(0, at))), name(line.substr(at + 7))});
        } else {
            data.records.push_back(dns::parse_record(base::trim(line), data.apex).value());
        }
    }
    return Zone(std::move(data));
}

std::string print(const Found& found) {
    constexpr const char* kinds[] = {"answer",  "cname", "alias",   "no data",
                                     "no name", "cut",   "too long"};
    std::string out = found.wildcard ? "wildcard " : "";
    out += kinds[static_cast<int>(found.kind)];
    if (found.kind == Kind::alias) out += " " + found.target.text();
    for (const auto& record : found.records)
        out += " | " + record.name.text() + " " + dns::print_rdata(record.data);
    return out;
}

struct Row {
    std::string_view asked;
    Type type;
    std::string_view found;
};

void check(const Zone& zone, std::initializer_list<Row> rows) {
    for (const auto& row : rows) {
        CAPTURE(row.asked);
        CAPTURE(dns::print(row.type));
        CHECK(print(zone.find(name(row.asked), row.type)) == row.found);
    }
}

}  // namespace

TEST_CASE("names that exist without the type are told from names that do not exist") {
    const auto zone = zone_of(R"(
        example. SOA ns.example. hostmaster.example. 1 7200 900 1209600 300
        example. NS ns.example.
        example. MX 10 mail.example.
        mail.example. A 192.0.2.1
        mail.example. A 192.0.2.2
        host.empty.example. TXT "x"
    )");
    CHECK(zone.apex() == name("example."));
    check(zone, {
                    {"example.", Type::MX, "answer | example 10 mail.example."},
                    {"example.", Type::NS, "answer | example ns.example."},
                    {"example.", Type::TXT, "no data"},
                    {"mail.example.", Type::A,
                     "answer | mail.example 192.0.2.1 | mail.example "
                     "192.0.2.2"},
                    {"MAIL.Example.", Type::A,
                     "answer | mail.example 192.0.2.1 | mail.example "
                     "192.0.2.2"},
                    {"mail.example.", Type::AAAA, "no data"},
                    {"web.example.", Type::A, "no name"},
                    {"x.mail.example.", Type::A, "no name"},
                    // RFC 4592 section 2.2.2: it exists because something stands below.
                    {"empty.example.", Type::TXT, "no data"},
                    {"host.empty.example.", Type::TXT, "answer | host.empty.example \"x\""},
                    {"other.empty.example.", Type::TXT, "no name"},
                });
}

TEST_CASE("wildcards answer as in the example of RFC 4592 section 2.2.1") {
    const auto zone = zone_of(R"(
        example. SOA ns.example.com. hostmaster.example. 1 7200 900 1209600 300
        example. NS ns.example.com.
        example. NS ns.example.net.
        *.example. TXT "wild"
        *.example. MX 10 host1.example.
        sub.*.example. TXT "plain"
        host1.example. A 192.0.2.1
        _ssh._tcp.host1.example. SRV 0 0 22 host1.example.
        _ssh._tcp.host2.example. SRV 0 0 22 host2.example.
        subdel.example. NS ns.example.com.
        subdel.example. NS ns.example.net.
    )");
    const std::string text = " \"wild\"";
    check(zone,
          {
              // The responses that are synthesised.
              {"host3.example.", Type::MX, "wildcard answer | host3.example 10 host1.example."},
              {"host3.example.", Type::A, "wildcard no data"},
              {"foo.bar.example.", Type::TXT, "wildcard answer | foo.bar.example" + text},
              // And those that are not: the name exists, or stands below one that does.
              {"host1.example.", Type::MX, "no data"},
              {"sub.*.example.", Type::MX, "no data"},
              {"_telnet._tcp.host1.example.", Type::SRV, "no name"},
              {"host.subdel.example.", Type::A,
               "cut | subdel.example ns.example.com. | subdel.example ns.example.net."},
              {"ghost.*.example.", Type::MX, "no name"},
              // The asterisk itself is a name like any other (section 2.1.1).
              {"*.example.", Type::TXT, "answer | *.example" + text},
              {"sub.*.example.", Type::TXT, "answer | sub.*.example \"plain\""},
              {"_tcp.host1.example.", Type::SRV, "no data"},
              {"host2.example.", Type::TXT, "no data"},
          });
}

TEST_CASE("only the wildcard at the closest encloser counts") {
    const auto zone = zone_of(R"(
        *.example. A 192.0.2.1
        *.a.example. A 192.0.2.2
        b.example. TXT "x"
        x.*.c.example. TXT "not a wildcard: the asterisk is not the first label"
        d*.example. TXT "not a wildcard: the label is longer"
    )");
    check(zone, {
                    {"y.example.", Type::A, "wildcard answer | y.example 192.0.2.1"},
                    {"y.a.example.", Type::A, "wildcard answer | y.a.example 192.0.2.2"},
                    {"y.z.a.example.", Type::A, "wildcard answer | y.z.a.example 192.0.2.2"},
                    {"a.example.", Type::A, "no data"},
                    {"y.b.example.", Type::A, "no name"},
                    {"y.x.*.c.example.", Type::A, "no name"},
                    {"dd.example.", Type::TXT, "wildcard no data"},
                    {"example.", Type::A, "no data"},
                });
}

TEST_CASE("a wildcard answers for a name as long as names can be") {
    const auto zone = zone_of("*.example. A 192.0.2.1");
    std::string longest = std::string(55, 'a') + ".example.";
    for (int i = 0; i < 3; ++i)
        longest.insert(0, std::string(62, 'b') + '.');
    const auto found = zone.find(name(longest), Type::A);
    CHECK(found.wildcard);
    CHECK(found.records.front().name == name(longest));
}

TEST_CASE("a CNAME stands in for every other type") {
    const auto zone = zone_of(R"(
        a.example. CNAME b.example.
        b.example. CNAME c.example.net.
        *.w.example. CNAME a.example.
    )");
    check(zone, {
                    {"a.example.", Type::A, "cname | a.example b.example."},
                    {"a.example.", Type::TXT, "cname | a.example b.example."},
                    {"a.example.", Type::CNAME, "answer | a.example b.example."},
                    {"b.example.", Type::MX, "cname | b.example c.example.net."},
                    {"x.a.example.", Type::A, "no name"},
                    {"x.w.example.", Type::A, "wildcard cname | x.w.example a.example."},
                    {"x.y.w.example.", Type::CNAME, "wildcard answer | x.y.w.example a.example."},
                    {"w.example.", Type::CNAME, "no data"},
                });
}

TEST_CASE("below a cut nothing is answered, not even what the file holds") {
    const auto zone = zone_of(R"(
        example. NS ns.example.
        *.example. TXT "wild"
        sub.example. NS ns.sub.example.
        sub.example. NS ns.example.
        sub.example. DS 1 13 2 0000000000000000000000000000000000000000000000000000000000000000
        sub.example. TXT "hidden"
        ns.sub.example. A 192.0.2.1
    )");
    const std::string cut = "cut | sub.example ns.sub.example. | sub.example ns.example.";
    check(zone, {
                    {"sub.example.", Type::A, cut},
                    {"sub.example.", Type::TXT, cut},
                    {"sub.example.", Type::NS, cut},
                    {"ns.sub.example.", Type::A, cut},
                    {"a.b.sub.example.", Type::A, cut},
                    {"x.sub.example.", Type::DS, cut},
                    // The parent's side of the cut (RFC 4035 section 3.1.4.1).
                    {"sub.example.", Type::DS,
                     "answer | sub.example 1 13 2 "
                     "0000000000000000000000000000000000000000000000000000000000000000"},
                    {"subs.example.", Type::TXT, "wildcard answer | subs.example \"wild\""},
                    {"example.", Type::NS, "answer | example ns.example."},
                });
}

TEST_CASE("an ALIAS answers addresses only, and only where none stand") {
    const auto zone = zone_of(R"(
        example. MX 10 mail.example.
        example. ALIAS lb.example.net.
        v4.example. A 192.0.2.1
        v4.example. ALIAS lb.example.net.
        *.example. ALIAS wild.example.net.
        only.sub.example. ALIAS lb.example.net.
    )");
    check(zone, {
                    {"example.", Type::A, "alias lb.example.net"},
                    {"example.", Type::AAAA, "alias lb.example.net"},
                    {"example.", Type::MX, "answer | example 10 mail.example."},
                    {"example.", Type::TXT, "no data"},
                    {"example.", Type::CNAME, "no data"},
                    {"v4.example.", Type::A, "answer | v4.example 192.0.2.1"},
                    {"v4.example.", Type::AAAA, "alias lb.example.net"},
                    {"x.example.", Type::A, "wildcard alias wild.example.net"},
                    {"x.example.", Type::TXT, "wildcard no data"},
                    {"sub.example.", Type::A, "no data"},
                    {"only.sub.example.", Type::A, "alias lb.example.net"},
                });
}

TEST_CASE("the names of a zone are its owners, without empty non-terminals") {
    const auto zone = zone_of(R"(
        example. TXT "x"
        a.b.c.example. A 192.0.2.1
        a.b.c.example. TXT "x"
        w.example. ALIAS lb.example.net.
        *.example. A 192.0.2.1
    )");
    std::vector<std::string> names;
    for (const auto& owner : zone.names())
        names.push_back(owner.text());
    std::ranges::sort(names);
    CHECK(names == std::vector<std::string>{"*.example", "a.b.c.example", "example", "w.example"});
    CHECK(zone.has(name("a.b.c.example."), Type::A));
    CHECK_FALSE(zone.has(name("a.b.c.example."), Type::MX));
    CHECK_FALSE(zone.has(name("b.c.example."), Type::A));
    CHECK_FALSE(zone.has(name("x.example."), Type::A));  // no synthesis here
}

TEST_CASE("a zone without records has an apex, and what is outside is left out") {
    check(zone_of(""), {{"example.", Type::A, "no data"}, {"x.example.", Type::A, "no name"}});
    const auto zone = zone_of(R"(
        a.example.net. A 192.0.2.1
        notexample. A 192.0.2.1
        b.example.net. ALIAS a.example.net.
    )");
    CHECK(zone.names().empty());
    CHECK(print(zone.find(name("a.example.net."), Type::A)) == "no name");
}

TEST_CASE("the root can be a zone") {
    ZoneData data;
    data.records.push_back(dns::parse_record("example. NS ns.example.").value());
    data.records.push_back(dns::parse_record(". TXT x").value());
    data.records.push_back(dns::parse_record("*. TXT wild").value());
    const Zone zone(std::move(data));
    CHECK(print(zone.find(dns::Name(), Type::TXT)) == "answer | . \"x\"");
    CHECK(print(zone.find(dns::Name(), Type::A)) == "no data");
    CHECK(print(zone.find(name("a.example."), Type::A)) == "cut | example ns.example.");
    CHECK(print(zone.find(dns::parse_name("test.").value(), Type::TXT)) ==
          "wildcard answer | test \"wild\"");
}

TEST_CASE("equal records are one, the highest cut counts, and an empty wildcard is a name") {
    CHECK(print(zone_of("a TXT x\na TXT x\na TXT y").find(name("a"), Type::TXT)) ==
          "answer | a.example \"x\" | a.example \"y\"");
    CHECK(print(zone_of("b NS ns1\na.b NS ns2").find(name("x.a.b"), Type::A)) ==
          "cut | b.example ns1.example.");
    CHECK(print(zone_of("sub.*.e A 192.0.2.1").find(name("x.e"), Type::A)) == "wildcard no data");
}

TEST_CASE("a name whose records are not read exists") {
    ZoneData data;
    data.apex = name("example.");
    data.others = {name("ssh.a"), name("*.w"), name("ssh.example.net.")};
    check(Zone(std::move(data)), {{"ssh.a", Type::A, "no data"},
                                  {"a", Type::A, "no data"},
                                  {"x.w", Type::A, "wildcard no data"},
                                  {"x", Type::A, "no name"}});
}

TEST_CASE("many delegations and many records at one name are equal records once") {
    std::string lines;
    for (int i = 0; i < 5000; ++i) {
        lines += "d" + std::to_string(i) + " NS ns\n";
        lines += "a TXT t" + std::to_string(i / 2) + "\n";
    }
    const auto zone = zone_of(lines);
    CHECK(zone.find(name("a"), Type::TXT).records.size() == 2500);
    check(zone, {{"x.d4999", Type::A, "cut | d4999.example ns.example."}});
}

TEST_CASE("a DNAME that makes too long a name is told from a name that does not exist") {
    const std::string label(60, 'a');
    const auto zone = zone_of("old DNAME " + label + '.' + label + '.' + label + ".example.net.");
    const auto longest = name(label + ".old");
    check(zone, {{longest.text() + '.', Type::A, "too long"}});
    CHECK(zone.find(longest, Type::A).target == name("old"));
}

TEST_CASE("below a DNAME every name is an alias (RFC 6672 section 3.2)") {
    const auto zone = zone_of("old DNAME new.example.net.\nold A 192.0.2.1");
    CHECK(print(zone.find(name("a.b.old"), Type::A)) ==
          "cname | a.b.old.example a.b.new.example.net.");
    CHECK(print(zone.find(name("old"), Type::A)) == "answer | old.example 192.0.2.1");
}

}  // namespace assay::codec::zone
