#include "net/real/unbound_resolver.hpp"

#include <fmt/format.h>
#include <unbound.h>

#include <algorithm>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <fstream>
#include <functional>
#include <unordered_map>

#include "base/text.hpp"
#include "codec/dns/message.hpp"
#include "net/real/exchange.hpp"
#include "net/real/open_questions.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;

// IANA root trust anchors: KSK-2017 and KSK-2024 (data.iana.org/root-anchors).
constexpr const char* root_anchors[] = {
    ". IN DS 20326 8 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D",
    ". IN DS 38696 8 2 683D2D0ACB8C9B712A1948B27F741219298D0A450D612C483AF444A4C0FB2B16",
};

constexpr std::pair<const char*, const char*> settings[] = {
    {"do-not-query-localhost:", "no"},  // a resolver on loopback is an ordinary server
    {"edns-buffer-size:", "1232"},       {"outgoing-range:", "512"},
    {"num-queries-per-thread:", "2048"}, {"rrset-cache-size:", "16m"},
    {"msg-cache-size:", "8m"},           {"ede:", "yes"},
    {"unblock-lan-zones:", "yes"},  // what the resolver says of private reverse zones is reported
};

// Zones that libunbound would answer for by itself (RFC 6761, RFC 7686, RFC 8375, RFC 9462).
constexpr const char* local_zones[] = {
    "localhost.",
    "127.in-addr.arpa.",
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.ip6.arpa.",
    "home.arpa.",
    "resolver.arpa.",
    "service.arpa.",
    "onion.",
    "test.",
    "invalid.",
};

struct ResultDeleter {
    void operator()(ub_result* result) const { ub_resolve_free(result); }
};
using ResultHandle = std::unique_ptr<ub_result, ResultDeleter>;
using Raw = std::expected<ResultHandle, base::Error>;

}  // namespace

struct UnboundResolver::State {
    explicit State(Executor e)
        : executor(e),
          descriptor(e),
          watch(
              descriptor, [this] { return !queries.empty(); }, [this] { ub_process(context); }),
          deadlines(
              e, [this](auto ticket) { return queries.contains(ticket); },
              [this](auto ticket) { expire(ticket); }) {}
    ~State() {
        if (descriptor.is_open()) descriptor.release();  // the file descriptor is libunbound's
        if (context != nullptr) ub_ctx_delete(context);
    }

    void expire(Deadlines::Ticket ticket);
    void finish(Deadlines::Ticket ticket, Raw result);
    static void on_answer(void* argument, int failure, ub_result* result);

    struct Query {
        int id = 0;
        std::move_only_function<void(Raw)> complete;
    };
    struct Handle {  // what libunbound carries for us
        State* state;
        Deadlines::Ticket ticket;
    };

    Executor executor;
    asio::posix::stream_descriptor descriptor;
    ub_ctx* context = nullptr;
    UnboundOptions options;
    std::vector<dns::Name> anchors;  // owners of the trust anchors
    std::unordered_map<Deadlines::Ticket, Query> queries;
    std::unordered_map<Deadlines::Ticket, std::unique_ptr<Handle>> handles;
    Watch<asio::posix::stream_descriptor> watch;
    Deadlines deadlines;
    Deadlines::Ticket next_ticket = 1;
};

void UnboundResolver::State::expire(Deadlines::Ticket ticket) {
    ub_cancel(context, queries.at(ticket).id);
    finish(ticket, std::unexpected(base::Error{
                       base::ErrorKind::timeout,
                       fmt::format("no usable answer within {} ms", options.timeout.count())}));
}

void UnboundResolver::State::finish(Deadlines::Ticket ticket, Raw result) {
    const auto query = queries.find(ticket);
    if (query == queries.end()) return;
    asio::post(executor, [complete = std::move(query->second.complete),
                          result = std::move(result)]() mutable { complete(std::move(result)); });
    queries.erase(query);
    handles.erase(ticket);
    if (queries.empty()) {  // let the executor run out of work
        watch.stop();
        deadlines.clear();
    }
}

void UnboundResolver::State::on_answer(void* argument, int failure, ub_result* raw) {
    ResultHandle result(raw);
    const auto* handle = static_cast<Handle*>(argument);
    auto* state = handle->state;
    if (failure != 0) {
        state->finish(handle->ticket,
                      std::unexpected(base::Error{base::ErrorKind::server, ub_strerror(failure)}));
    } else {
        state->finish(handle->ticket, std::move(result));
    }
}

base::Result<std::string> parse_forwarder(std::string_view text) {
    std::string_view address = text;
    std::optional<std::string_view> port;
    const bool brackets = text.starts_with('[');
    if (brackets) {  // RFC 3986 section 3.2.2: for IPv6 alone
        const auto close = std::min(text.find(']'), text.size());
        const auto rest = text.substr(std::min(close + 1, text.size()));
        address = text.substr(1, close - 1);
        if (close == text.size()) address = "";
        if (rest.starts_with(':')) {
            port = rest.substr(1);
        } else if (!rest.empty()) {
            address = "";
        }
    } else if (std::ranges::count(text, ':') == 1) {
        address = text.substr(0, text.find(':'));
        port = text.substr(text.find(':') + 1);
    }
    const bool good_address =
        dns::parse_ipv6(address).has_value() || (!brackets && dns::parse_ipv4(address).has_value());
    const bool good_port = !port || base::parse_decimal(*port, 65535).value_or(0) > 0;
    if (!good_address || !good_port) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("'{}' is not a resolver address. Write it as 192.0.2.53, "
                                      "192.0.2.53:5353 or [2001:db8::53]:5353",
                                      base::quote_for_display(text)));
    }
    return port ? fmt::format("{}@{}", address, *port) : std::string(address);
}

namespace {

base::Result<void> configure(ub_ctx* context, const UnboundOptions& options) {
    const auto check = [](int code, std::string_view what) -> base::Result<void> {
        if (code == 0) return {};
        return base::fail(base::ErrorKind::usage, fmt::format("{}: {}", what, ub_strerror(code)));
    };
    for (const auto& [name, value] : settings) {
        // An older libunbound may not know a setting; none of them decides about correctness.
        static_cast<void>(ub_ctx_set_option(context, name, value));
    }
    for (const auto& forwarder : options.forwarders) {
        ASSAY_TRY(const auto address, parse_forwarder(forwarder));
        if (auto done = check(ub_ctx_set_fwd(context, address.c_str()), forwarder); !done)
            return done;
    }
    if (options.recurse && options.root_hints) {
        const auto code = ub_ctx_set_option(context, "root-hints:", options.root_hints->c_str());
        if (auto done = check(code, *options.root_hints); !done) return done;
    }
    if (!options.recurse && options.forwarders.empty()) {
        const auto code = ub_ctx_resolvconf(context, nullptr);
        if (auto done = check(code, "/etc/resolv.conf"); !done) return done;
    }
    if (!options.validate) return {};
    if (options.trust_anchor) {
        return check(ub_ctx_add_ta_file(context, options.trust_anchor->c_str()),
                     *options.trust_anchor);
    }
    for (const auto* anchor : root_anchors) {
        if (auto done = check(ub_ctx_add_ta(context, anchor), "the root trust anchor"); !done)
            return done;
    }
    return {};
}

// The last step: the configuration is closed by it.
base::Result<void> open_local_zones(ub_ctx* context) {
    for (const auto* zone : local_zones) {
        if (const auto code = ub_ctx_zone_remove(context, zone); code != 0) {
            return base::fail(base::ErrorKind::internal,
                              fmt::format("{}: {}", zone, ub_strerror(code)));
        }
    }
    return {};
}

// The owners of the records in a file of DS or DNSKEY records; libunbound has read it already, and
// takes one record a line.
std::vector<dns::Name> owners_in(const std::string& file) {
    std::vector<dns::Name> out;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);) {
        const auto owner = line.substr(0, line.find_first_of(" \t;"));
        if (owner.empty() || owner.starts_with('$')) continue;
        if (auto name = dns::parse_name(owner)) out.push_back(*std::move(name));
    }
    return out;
}

}  // namespace

base::Result<std::unique_ptr<UnboundResolver>> UnboundResolver::create(
    Executor executor, const UnboundOptions& options) {
    auto state = std::make_unique<State>(executor);
    state->options = options;
    state->context = ub_ctx_create();
    if (state->context == nullptr)
        return base::fail(base::ErrorKind::internal, "libunbound did not start");
    ub_ctx_async(state->context, 1);
    if (auto done = configure(state->context, options); !done) return std::unexpected(done.error());
    if (auto done = open_local_zones(state->context); !done) return std::unexpected(done.error());
    if (options.trust_anchor) {
        state->anchors = owners_in(*options.trust_anchor);
    } else {
        state->anchors.emplace_back();
    }
    state->descriptor.assign(ub_fd(state->context));
    return std::unique_ptr<UnboundResolver>(new UnboundResolver(std::move(state)));
}

UnboundResolver::UnboundResolver(std::unique_ptr<State> state) : state_(std::move(state)) {}
UnboundResolver::~UnboundResolver() = default;

namespace {

bool covered(const std::vector<dns::Name>& anchors, const dns::Name& name) {
    return std::ranges::any_of(
        anchors, [&](const dns::Name& anchor) { return name.is_at_or_below(anchor); });
}

base::Result<AnswerPtr> read(const ub_result& result, const dns::Name& name, dns::Type type,
                             const UnboundOptions& options, const std::vector<dns::Name>& anchors) {
    if (result.bogus != 0) {
        // "validation failure <name type class>: cause"; each question has its own name, all share
        // the cause.
        std::string_view why =
            result.why_bogus != nullptr ? result.why_bogus : "signatures do not hold";
        if (const auto cause = why.rfind(">: "); cause != std::string_view::npos)
            why.remove_prefix(cause + 3);
        return base::fail(base::ErrorKind::bogus, base::quote_for_display(why, 400));
    }
    const auto rcode = static_cast<dns::Rcode>(result.rcode);
    std::optional<dns::Message> message;
    if (result.answer_packet != nullptr && result.answer_len > 0) {
        const std::span bytes(static_cast<const std::uint8_t*>(result.answer_packet),
                              static_cast<std::size_t>(result.answer_len));
        auto decoded = dns::decode_message(bytes);
        // libunbound's own failures come as a bare header: then the code says all there is.
        if (!decoded && is_answer(rcode)) {
            return base::fail(base::ErrorKind::malformed,
                              fmt::format("the answer for {} {} cannot be read: {}", name.text(),
                                          dns::print(type), decoded.error().detail));
        }
        if (decoded && decoded->header.truncated && is_answer(rcode)) {
            return base::fail(base::ErrorKind::malformed,
                              fmt::format("the answer for {} {} is larger than a message can be",
                                          name.text(), dns::print(type)));
        }
        if (decoded) message = *std::move(decoded);
    }
    if (!is_answer(rcode)) {
        return base::fail(kind_of(rcode),
                          describe_failure(rcode, name, type, message ? &*message : nullptr));
    }
    auto answer = std::make_shared<Answer>();
    if (message) {
        // libunbound follows aliases itself; but what a server to which it forwards says of others,
        // it passes on.
        const auto ending = read_answer(*message, name, type, *answer);
        const bool servers = std::ranges::any_of(
            message->authority, [](const auto& record) { return record.type() == dns::Type::NS; });
        if (ending == Ending::referral) return std::unexpected(referral(name, type));
        if (ending == Ending::alias_only && servers)
            answer->broken = referral(answer->aliases.back(), type);
    } else {
        answer->existence =
            rcode == dns::Rcode::name_error ? Existence::nx_domain : Existence::no_data;
    }
    if (!options.validate) {
        answer->security_reason = options.no_validation_reason;
    } else if (result.secure != 0) {
        answer->security = dns::Security::secure;
    } else if (covered(anchors, name) &&
               std::ranges::all_of(answer->aliases, [&](const dns::Name& alias) {
                   return covered(anchors, alias);
               })) {
        answer->security = dns::Security::insecure;
    } else {  // RFC 4033 section 5
        answer->security_reason = "no trust anchor covers the name";
    }
    return answer;
}

}  // namespace

Task<base::Result<AnswerPtr>> UnboundResolver::resolve(dns::Name name, dns::Type type) {
    auto& state = *state_;
    auto result = co_await suspend<void(Raw)>([&](auto handler) {
        const auto ticket = state.next_ticket++;
        auto& argument = state.handles[ticket] =
            std::make_unique<State::Handle>(State::Handle{&state, ticket});
        auto& query = state.queries[ticket];
        query.complete = [handler = std::move(handler)](Raw raw) mutable {
            std::move(handler)(std::move(raw));
        };
        const auto text = name.is_root() ? std::string(".") : name.text() + ".";
        const int failure = ub_resolve_async(state.context, text.c_str(), static_cast<int>(type), 1,
                                             argument.get(), &State::on_answer, &query.id);
        if (failure != 0) {
            state.finish(ticket, std::unexpected(
                                     base::Error{base::ErrorKind::server, ub_strerror(failure)}));
            return;
        }
        state.deadlines.add(Clock::now() + state.options.timeout, ticket);
        state.watch.start();
    });
    if (!result) co_return std::unexpected(std::move(result).error());
    co_return read(**result, name, type, state.options, state.anchors);
}

}  // namespace assay::net
