#include "cli/sources.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <sstream>

#include "net/caching_resolver.hpp"
#include "net/real/stub_resolver.hpp"
#include "net/real/system_random.hpp"
#include "net/real/udp_nameserver_client.hpp"
#include "net/real/unbound_resolver.hpp"
#include "net/real/zone_resolver.hpp"

namespace assay::cli {

namespace {

namespace asio = boost::asio;

// Debian's `publicsuffix` keeps this fresh; the list inside libpsl is only as new as libpsl.
constexpr const char* suffix_list_file = "/usr/share/publicsuffix/public_suffix_list.dat";

codec::dns::SuffixList load_suffixes() {
    std::ifstream in(suffix_list_file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (in) {
        if (auto list = codec::dns::SuffixList::parse(std::move(text).str()))
            return *std::move(list);
    }
    return codec::dns::SuffixList::builtin();
}

net::UnboundOptions unbound_options(const SourceOptions& options, bool validate,
                                    std::string reason) {
    net::UnboundOptions out;
    out.forwarders = options.resolvers;
    out.recurse = options.recurse;
    out.root_hints = options.root_hints;
    out.trust_anchor = options.trust_anchor;
    out.validate = validate;
    out.no_validation_reason = std::move(reason);
    out.timeout = std::chrono::milliseconds(static_cast<long>(options.timeout * 1000));
    return out;
}

}  // namespace

std::string random_label(World& world) {
    return fmt::format("assay-{:08x}{:08x}", world.random(), world.random());
}

Sources::Sources(const SourceOptions& options, World& world)
    : options_(options), world_(&world), suffixes_(load_suffixes()) {}

base::Result<Sources> Sources::open(const SourceOptions& options, World& world) {
    Sources out(options, world);
    out.live_ = options.zones.empty() || options.zones_then_live;
    for (const auto& resolver : options.resolvers) {
        if (auto parsed = net::parse_forwarder(resolver); !parsed)
            return std::unexpected(parsed.error());
    }
    for (const auto& file : {options.root_hints, options.trust_anchor}) {
        if (file && !std::ifstream(*file)) {
            return base::fail(base::ErrorKind::usage, *file + ": The file cannot be read");
        }
    }
    if (auto done = out.read_zones(); !done) return std::unexpected(done.error());
    if (out.live_) {
        if (auto done = out.decide_validation(); !done) return std::unexpected(done.error());
    }
    return out;
}

base::Result<void> Sources::read_zones() {
    if (options_.zones.empty()) return {};
    ASSAY_TRY(auto files,
              net::read_zone_files(options_.zones, options_.allow_include, world_->processors));
    for (const auto& warning : files.warnings) {
        fmt::print(world_->err, "assay: {}:{}: {}\n", warning.file, warning.line, warning.text);
    }
    zones_ = std::make_shared<const net::ZoneFiles>(std::move(files));
    return {};
}

// With the system's resolvers the built-in anchor is used; one that strips signatures would make
// everything look bogus, so the root's own keys are asked for first.
base::Result<void> Sources::decide_validation() {
    if (!options_.resolvers.empty() && !options_.trust_anchor) {
        validate_ = false;
        no_validation_reason_ = "no trust anchor was given for this resolver";
        return {};
    }
    asio::io_context io(1);
    ASSAY_TRY(auto resolver,
              net::UnboundResolver::create(io.get_executor(), unbound_options(options_, true, "")));
    if (options_.recurse || !options_.resolvers.empty()) return {};
    bool stripped = false;
    const auto look = [&]() -> net::Task<void> {
        const auto asked = co_await resolver->resolve(codec::dns::Name(), codec::dns::Type::DNSKEY);
        stripped = !asked && asked.error().kind == base::ErrorKind::bogus;
    };
    asio::co_spawn(io, look(), [](std::exception_ptr) {});
    io.run();
    if (stripped) {
        validate_ = false;
        no_validation_reason_ = "the system's resolver does not pass on DNSSEC signatures";
    }
    return {};
}

// Given resolvers without a trust anchor can only be believed or not: a stub does that at a
// fraction of the cost of libunbound.
base::Result<std::unique_ptr<net::Resolver>> Sources::make_live_resolver(
    const net::Executor& executor) const {
    if (!validate_ && !options_.resolvers.empty() && !options_.recurse) {
        net::StubOptions stub{options_.resolvers, unbound_options(options_, false, "").timeout,
                              no_validation_reason_};
        return net::StubResolver::create(executor, std::move(stub), net::system_random());
    }
    return net::UnboundResolver::create(
        executor, unbound_options(options_, validate_, no_validation_reason_));
}

void Sources::apply(measure::ScanOptions& scan) const {
    scan.window = live_ ? measure::window_live : measure::window_zones_each * world_->processors;
    scan.source = from_zones() ? fact::Source::zones : fact::Source::live;
    scan.control_label = random_label(*world_);
    scan.now = world_->now;
}

measure::MakeInstruments Sources::make_instruments() const {
    return [this](net::Executor executor) -> base::Result<measure::Instruments> {
        measure::Instruments out;
        net::Resolver* behind = nullptr;
        if (live_) {
            ASSAY_TRY(auto live, make_live_resolver(executor));
            auto caching = std::make_unique<net::CachingResolver>(*live, net::CacheLimits());
            behind = caching.get();
            out.resolvers.push_back(std::move(live));
            out.resolvers.push_back(std::move(caching));
        }
        if (from_zones()) {
            out.resolvers.push_back(std::make_unique<net::ZoneResolver>(zones_->zones, behind));
        } else {
            net::NameserverOptions asking;  // its limit is for all threads
            asking.sockets_max = std::max<std::size_t>(
                asking.sockets_each_max, asking.sockets_max / std::max(1U, world_->processors));
            out.nameservers =
                std::make_unique<net::UdpNameserverClient>(executor, asking, net::system_random());
        }
        return out;
    };
}

}  // namespace assay::cli
