#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include "codec/zone/master.hpp"
#include "net/fake/scripted_resolver.hpp"
#include "probe/mail.hpp"

namespace assay::probe {

namespace {

struct World {
    explicit World(const std::string& records) : resolver(zones(records)) {}

    static net::ZoneSet zones(const std::string& records) {
        net::ZoneSet out;
        const auto origin = dns::parse_name("example").value();
        const auto text = "@ SOA ns h 1 7200 900 1209600 300\n" + records;
        CHECK(out.add(codec::zone::parse_master(text, origin, "example.zone").value()));
        return out;
    }

    fact::Spf measure() {
        fact::Spf out;
        Context context{resolver, nullptr, suffixes, {}, "control"};
        boost::asio::io_context io(1);
        const auto run = [&]() -> Task<void> {
            out = co_await spf(context, dns::parse_name("example").value());
        };
        boost::asio::co_spawn(io, run(), [](std::exception_ptr failure) { CHECK(!failure); });
        io.run();
        return out;
    }

    net::ScriptedResolver resolver;
    dns::SuffixList suffixes = dns::SuffixList::builtin();
};

// "v=spf1 a:h0.example a:h1.example ...", in character strings of a TXT record.
std::string record_of(std::string_view owner, std::size_t terms) {
    std::string out = std::string(owner) + " TXT \"v=spf1\"";
    for (std::size_t i = 0; i < terms; ++i)
        out += " \" a:h" + std::to_string(i) + ".example\"";
    return out + '\n';
}

}  // namespace

TEST_CASE("an SPF record with thousands of terms is counted in full and asked in part") {
    World world(record_of("@", 3000));
    const auto spf = world.measure();
    REQUIRE(spf.root().terms.size() == 3000);
    CHECK(spf.lookups == 3000);
    CHECK_FALSE(spf.complete);
    CHECK(spf.root().terms[spf_terms_max - 1].resolves.is_absent());
    const auto& beyond = spf.root().terms[spf_terms_max];
    REQUIRE(beyond.resolves.is_error());
    CHECK(beyond.resolves.error().kind == base::ErrorKind::limit);
    CHECK(beyond.lookups == 1);
    // An A and an AAAA question a term, and TXT of the domain twice.
    CHECK(world.resolver.questions() == 2 * spf_terms_max + 2);
}

TEST_CASE("the included records share the number of terms that are asked") {
    const auto include = [](std::size_t i) {
        return " \" include:i" + std::to_string(i) + ".example\"";
    };
    std::string records = "@ TXT \"v=spf1\"";
    for (std::size_t i = 0; i < 20; ++i)
        records += include(i);
    records += " \" redirect=r.example\"\n";
    for (std::size_t i = 0; i < 20; ++i)
        records += record_of("i" + std::to_string(i), 50);
    World world(records);
    const auto spf = world.measure();
    CHECK(spf.lookups == 21 + 20 * 50);
    CHECK_FALSE(spf.complete);
    CHECK(spf.nodes.size() == 22);
    CHECK(world.resolver.questions() == 2 * spf_terms_max + spf.nodes.size() + 1);
}

TEST_CASE("the escapes of a domain are written out before it is asked for") {
    World world("@ TXT \"v=spf1 a:a%%b.example -all\"\na%b A 192.0.2.1\n");
    const auto spf = world.measure();
    CHECK(spf.root().terms.front().resolves == true);
}

TEST_CASE("as many terms as may be asked are all asked") {
    World world(record_of("@", spf_terms_max));
    const auto spf = world.measure();
    CHECK(spf.lookups == spf_terms_max);
    CHECK(spf.complete);
}

}  // namespace assay::probe
