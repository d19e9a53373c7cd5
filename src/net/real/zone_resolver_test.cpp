#include "net/real/zone_resolver.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "base/text.hpp"
#include "codec/zone/octodns.hpp"
#include "net/fake/scripted_resolver.hpp"

namespace assay::net {

namespace {

dns::Name name(std::string_view text) {
    return dns::parse_name(text).value();
}

// OctoDNS zones, one after the other: "example.com" and its YAML.
ZoneSet zones(std::initializer_list<std::pair<std::string_view, std::string_view>> files) {
    ZoneSet out;
    for (const auto& [apex, yaml] : files)
        CHECK(out.add(codec::zone::parse_octodns(yaml, name(apex), apex).value()));
    return out;
}

std::string print(const base::Result<AnswerPtr>& asked) {
    if (!asked) return "error " + asked.error().detail;
    const auto& answer = **asked;
    std::string out;
    for (const auto& alias : answer.aliases)
        out += "> " + alias.text() + ' ';
    if (answer.broken) return out + "broken " + answer.broken->detail;
    if (answer.existence == Existence::nx_domain) return out + "no name";
    if (answer.existence == Existence::no_data) return out + "no data";
    for (const auto& record : answer.records)
        out += record.name.text() + ' ' + dns::print_rdata(record.data);
    return out;
}

// The given zone is example.com; everything else is live, example.com with other addresses too.
struct World {
    explicit World(std::string_view yaml)
        : files(zones({{"example.com", yaml}})),
          live(zones({{"example.com", R"(
'': {type: A, value: 192.0.2.200}
www: {type: A, value: 192.0.2.201}
)"},
                      {"example.net", R"(
'': {type: TXT, value: x}
host: {type: A, value: 192.0.2.1}
back: {type: CNAME, value: www.example.com.}
gone: {type: CNAME, value: nowhere.example.net.}
to-alias: {type: CNAME, value: example.com.}
)"}})),
          resolver(files, &live) {
        live.secure(name("example.net"), dns::Security::secure);
        live.secure(name("example.com"), dns::Security::secure);
    }

    base::Result<AnswerPtr> resolve(std::string_view asked, dns::Type type = dns::Type::A) {
        base::Result<AnswerPtr> out;
        boost::asio::io_context io(1);
        const auto run = [&]() -> Task<void> {
            out = co_await resolver.resolve(name(asked), type);
        };
        boost::asio::co_spawn(io, run(), [](std::exception_ptr failure) { CHECK(!failure); });
        io.run();
        return out;
    }
    std::string ask(std::string_view asked) { return print(resolve(asked)); }

    ZoneSet files;
    ScriptedResolver live;
    ZoneResolver resolver;
};

}  // namespace

TEST_CASE("what the files say wins, and names outside them are asked live") {
    World world("www: {type: A, value: 192.0.2.9}\n");
    CHECK(world.ask("www.example.com") == "www.example.com 192.0.2.9");
    CHECK(world.ask("example.com") == "no data");
    CHECK(world.ask("x.example.com") == "no name");
    CHECK(world.ask("host.example.net") == "host.example.net 192.0.2.1");
    CHECK(world.resolve("host.example.net").value()->security == dns::Security::secure);
    CHECK(world.resolve("www.example.com").value()->security == dns::Security::indeterminate);
}

TEST_CASE("the target of an ALIAS is asked live, not the name where it stands") {
    World world(R"(
'': {type: ALIAS, value: host.example.net.}
a: {type: ALIAS, value: b.example.com.}
b: {type: ALIAS, value: host.example.net.}
gone: {type: ALIAS, value: nowhere.example.net.}
dead: {type: ALIAS, value: dead.example.net.}
)");
    world.live.fail(name("dead.example.net"), {}, {base::ErrorKind::timeout, "no answer"});
    CHECK(world.ask("example.com") == "example.com 192.0.2.1");
    CHECK(world.ask("a.example.com") == "a.example.com 192.0.2.1");
    CHECK(world.ask("gone.example.com") == "no data");
    CHECK(world.ask("dead.example.com") ==
          "error dead.example.com takes its addresses from dead.example.net: no answer");
    CHECK(world.resolve("example.com").value()->security == dns::Security::indeterminate);
}

TEST_CASE("a chain that leaves the files and comes back is answered from the files") {
    World world(R"(
'': {type: ALIAS, value: www.example.com.}
out: {type: CNAME, value: back.example.net.}
away: {type: CNAME, value: host.example.net.}
lost: {type: CNAME, value: gone.example.net.}
www: {type: A, value: 192.0.2.9}
)");
    CHECK(world.ask("out.example.com") ==
          "> back.example.net > www.example.com www.example.com 192.0.2.9");
    CHECK(world.ask("back.example.net") == "> www.example.com www.example.com 192.0.2.9");
    CHECK(world.ask("to-alias.example.net") == "> example.com example.com 192.0.2.9");
    CHECK(world.ask("away.example.com") == "> host.example.net host.example.net 192.0.2.1");
    CHECK(world.ask("lost.example.com") == "> gone.example.net > nowhere.example.net no name");
    // No one has proved the part that is from the files.
    for (const auto* asked : {"out.example.com", "back.example.net", "away.example.com"}) {
        const auto answer = world.resolve(asked).value();
        CHECK(answer->security == dns::Security::indeterminate);
        CHECK(answer->security_reason.contains("zone files"));
    }
}

TEST_CASE("a circle of aliases through files and live names ends") {
    World world(R"(
www: {type: CNAME, value: back.example.net.}
a: {type: ALIAS, value: b.example.com.}
b: {type: ALIAS, value: a.example.com.}
)");
    CHECK(world.ask("www.example.com").contains("round in a circle"));
    CHECK(world.ask("a.example.com").contains("round in a circle"));
}

TEST_CASE("without a live source, what is outside the files is not covered") {
    const auto files = zones({{"example.com", R"(
'': {type: ALIAS, value: host.example.net.}
a: {type: ALIAS, value: a.example.com.}
out: {type: CNAME, value: host.example.net.}
)"}});
    const auto ask = [&](std::string_view asked) {
        return files.resolve(name(asked), dns::Type::A);
    };
    CHECK(ask("example.com").error().kind == base::ErrorKind::not_covered);
    CHECK(ask("out.example.com").value()->broken->kind == base::ErrorKind::not_covered);
    CHECK(ask("host.example.net").error().kind == base::ErrorKind::not_covered);
    CHECK(ask("a.example.com").error().kind == base::ErrorKind::server);
    CHECK(ask("a.example.com").error().detail.contains("round in a circle"));
}

TEST_CASE("a DNAME that makes too long a name is an error of the server, not an absent name") {
    const std::string label(60, 'a');
    const auto target = label + '.' + label + '.' + label + ".example.net.";
    const auto files = zones({{"example.com", "old: {type: DNAME, value: " + target +
                                                  "}\n"
                                                  "to: {type: CNAME, value: " +
                                                  label + ".old.example.com.}\n"}});
    const auto asked = files.resolve(name(label + ".old.example.com"), dns::Type::A);
    REQUIRE(!asked);
    CHECK(asked.error().kind == base::ErrorKind::server);
    CHECK(asked.error().detail.contains("YXDOMAIN"));
    CHECK(files.resolve(name("to.example.com"), dns::Type::A).value()->broken.has_value());
}

}  // namespace assay::net
