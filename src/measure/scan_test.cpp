#include "measure/scan.hpp"

#include <doctest/doctest.h>

#include "cli/profiles.hpp"
#include "codec/zone/master.hpp"
#include "net/fake/scripted_resolver.hpp"

namespace assay::measure {

namespace {

constexpr std::size_t domains = 300;

// d0.example to d299.example; the even ones enforce DMARC.
net::ZoneSet zones() {
    std::string text = "@ SOA ns h 1 7200 900 1209600 300\n@ NS ns\nns A 192.0.2.1\n";
    for (std::size_t i = 0; i < domains; ++i) {
        text += "_dmarc.d" + std::to_string(i) +
                " TXT \"v=DMARC1; p=" + (i % 2 == 0 ? "reject" : "none") + "\"\n";
    }
    net::ZoneSet out;
    const auto origin = codec::dns::parse_name("example").value();
    CHECK(out.add(codec::zone::parse_master(text, origin, "example.zone").value()));
    return out;
}

ScanOptions options(unsigned threads, unsigned jobs) {
    ScanOptions out;
    out.threads = threads;
    out.jobs = jobs;
    out.profiles.main = cli::load_profiles("uk-government").value().main;
    out.selection.only = {"dmarc.policy"};
    out.now = [] { return base::parse_moment("2026-11-01T12:00:00Z").value(); };
    return out;
}

base::Result<Instruments> instruments(net::Executor) {
    Instruments out;
    out.resolvers.push_back(std::make_unique<net::ScriptedResolver>(zones()));
    return out;
}

std::function<std::optional<codec::dns::Name>()> names() {
    return [at = std::size_t{0}]() mutable -> std::optional<codec::dns::Name> {
        if (at == domains) return std::nullopt;
        return codec::dns::parse_name("d" + std::to_string(at++) + ".example").value();
    };
}

}  // namespace

TEST_CASE("every domain is measured once, and results come in the order of the targets") {
    const auto suffixes = codec::dns::SuffixList::builtin();
    for (const auto& [threads, jobs] : {std::pair{1U, 1U}, {1U, 64U}, {2U, 7U}, {4U, 64U}}) {
        CAPTURE(threads);
        CAPTURE(jobs);
        std::vector<std::string> order;
        const auto done = scan(
            options(threads, jobs), suffixes, instruments, names(), [&](const Measured& measured) {
                order.push_back(measured.facts.name.text());
                const auto& judgements = measured.assessment.judgements;
                REQUIRE(judgements.size() == 1);
                const bool even = (order.size() - 1) % 2 == 0;
                CHECK(judgements.front().outcome.tag == (even ? "reject" : "none"));
            });
        CHECK(done);
        REQUIRE(order.size() == domains);
        for (std::size_t i = 0; i < domains; ++i)
            CHECK(order[i] == "d" + std::to_string(i) + ".example");
    }
}

TEST_CASE("instruments that cannot be made are an error, and nothing is measured") {
    const auto suffixes = codec::dns::SuffixList::builtin();
    std::size_t measured = 0;
    const auto done = scan(
        options(2, 4), suffixes,
        [](net::Executor) -> base::Result<Instruments> {
            return base::fail(base::ErrorKind::usage, "no such resolver");
        },
        names(), [&](const Measured&) { ++measured; });
    REQUIRE_FALSE(done);
    CHECK(done.error().detail == "no such resolver");
    CHECK(measured == 0);
}

}  // namespace assay::measure
