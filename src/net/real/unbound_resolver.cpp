#include "net/real/unbound_resolver.hpp"

#include <fmt/format.h>
#include <unbound.h>

#include <boost/asio/error.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <functional>
#include <unordered_map>

#include "base/text.hpp"
#include "codec/dns/message.hpp"
#include "net/real/exchange.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

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
};

struct ResultDeleter {
    void operator()(ub_result* result) const { ub_resolve_free(result); }
};
using ResultHandle = std::unique_ptr<ub_result, ResultDeleter>;
using Raw = std::expected<ResultHandle, base::Error>;

}  // namespace

struct UnboundResolver::State {
    explicit State(asio::any_io_executor e) : executor(e), descriptor(e), timer(e) {}
    ~State() {
        if (descriptor.is_open()) descriptor.release();  // the file descriptor is libunbound's
        if (context != nullptr) ub_ctx_delete(context);
    }

    void watch();
    void arm();
    void expire();
    void finish(std::uint64_t ticket, Raw result);
    static void on_answer(void* argument, int failure, ub_result* result);

    struct Deadline {
        Clock::time_point at;
        std::uint64_t ticket;
    };
    struct Query {
        int id = 0;
        std::move_only_function<void(Raw)> complete;
    };
    struct Handle {  // what libunbound carries for us
        State* state;
        std::uint64_t ticket;
    };

    asio::any_io_executor executor;
    asio::posix::stream_descriptor descriptor;
    asio::steady_timer timer;
    ub_ctx* context = nullptr;
    UnboundOptions options;
    std::unordered_map<std::uint64_t, Query> queries;
    std::unordered_map<std::uint64_t, std::unique_ptr<Handle>> handles;
    std::deque<Deadline> deadlines;  // ascending, because every question has the same time
    std::uint64_t next_ticket = 1;
    bool watching = false;
    bool timer_armed = false;
};

// The pipe and the timer are watched only while a question is open, so that an idle executor can
// end.
void UnboundResolver::State::watch() {
    if (watching || queries.empty()) return;
    watching = true;
    descriptor.async_wait(asio::posix::stream_descriptor::wait_read,
                          [this](const boost::system::error_code& failure) {
                              if (failure == asio::error::operation_aborted) return;
                              watching = false;
                              ub_process(context);
                              watch();
                          });
}

void UnboundResolver::State::arm() {
    while (!deadlines.empty() && !queries.contains(deadlines.front().ticket))
        deadlines.pop_front();
    if (timer_armed || deadlines.empty()) return;
    timer_armed = true;
    timer.expires_at(deadlines.front().at);
    timer.async_wait([this](const boost::system::error_code& failure) {
        if (failure == asio::error::operation_aborted) return;
        timer_armed = false;
        expire();
        arm();
    });
}

void UnboundResolver::State::expire() {
    const auto now = Clock::now();
    while (!deadlines.empty() && deadlines.front().at <= now) {
        const auto ticket = deadlines.front().ticket;
        deadlines.pop_front();
        const auto query = queries.find(ticket);
        if (query == queries.end()) continue;
        ub_cancel(context, query->second.id);
        finish(ticket, std::unexpected(base::Error{
                           base::ErrorKind::timeout,
                           fmt::format("no usable answer within {} ms", options.timeout.count())}));
    }
}

void UnboundResolver::State::finish(std::uint64_t ticket, Raw result) {
    const auto query = queries.find(ticket);
    if (query == queries.end()) return;
    asio::post(executor, [complete = std::move(query->second.complete),
                          result = std::move(result)]() mutable { complete(std::move(result)); });
    queries.erase(query);
    handles.erase(ticket);
    if (queries.empty()) {  // let the executor run out of work
        if (watching) descriptor.cancel();
        watching = false;
        if (timer_armed) timer.cancel();
        timer_armed = false;
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
    std::string_view port;
    if (text.starts_with('[')) {
        const auto close = text.find(']');
        address = text.substr(1, close == std::string_view::npos ? close : close - 1);
        if (close != std::string_view::npos && text.substr(close + 1).starts_with(':')) {
            port = text.substr(close + 2);
        }
    } else if (std::ranges::count(text, ':') == 1) {
        address = text.substr(0, text.find(':'));
        port = text.substr(text.find(':') + 1);
    }
    const bool good_address = dns::parse_ipv4(address) || dns::parse_ipv6(address);
    const bool good_port = port.empty() || base::parse_decimal(port, 65535).value_or(0) > 0;
    if (!good_address || !good_port) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("'{}' is not a resolver address. Write it as 192.0.2.53, "
                                      "192.0.2.53:5353 or [2001:db8::53]:5353",
                                      base::quote_for_display(text)));
    }
    return port.empty() ? std::string(address) : fmt::format("{}@{}", address, port);
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

}  // namespace

base::Result<std::unique_ptr<UnboundResolver>> UnboundResolver::create(
    asio::any_io_executor executor, const UnboundOptions& options) {
    auto state = std::make_unique<State>(executor);
    state->options = options;
    state->context = ub_ctx_create();
    if (state->context == nullptr)
        return base::fail(base::ErrorKind::internal, "libunbound did not start");
    if (auto done = configure(state->context, options); !done) return std::unexpected(done.error());
    ub_ctx_async(state->context, 1);
    state->descriptor.assign(ub_fd(state->context));
    return std::unique_ptr<UnboundResolver>(new UnboundResolver(std::move(state)));
}

UnboundResolver::UnboundResolver(std::unique_ptr<State> state) : state_(std::move(state)) {}
UnboundResolver::~UnboundResolver() = default;

namespace {

base::Result<AnswerPtr> read(const ub_result& result, const dns::Name& name, dns::Type type,
                             const UnboundOptions& options) {
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
        if (decoded) message = *std::move(decoded);
    }
    if (!is_answer(rcode)) {
        return base::fail(kind_of(rcode),
                          describe_failure(rcode, name, type, message ? &*message : nullptr));
    }
    auto answer = std::make_shared<Answer>();
    if (message) {
        read_answer(*message, name, type, *answer);
    } else {
        answer->existence =
            rcode == dns::Rcode::name_error ? Existence::nx_domain : Existence::no_data;
    }
    answer->security = !options.validate    ? dns::Security::indeterminate
                       : result.secure != 0 ? dns::Security::secure
                                            : dns::Security::insecure;
    if (!options.validate) answer->security_reason = options.no_validation_reason;
    return answer;
}

}  // namespace

Task<base::Result<AnswerPtr>> UnboundResolver::resolve(dns::Name name, dns::Type type) {
    auto& state = *state_;
    auto result = co_await asio::async_initiate<const asio::use_awaitable_t<>&, void(Raw)>(
        [&](auto handler) {
            const auto ticket = state.next_ticket++;
            auto& argument = state.handles[ticket] =
                std::make_unique<State::Handle>(State::Handle{&state, ticket});
            auto& query = state.queries[ticket];
            query.complete = [handler = std::move(handler)](Raw raw) mutable {
                std::move(handler)(std::move(raw));
            };
            const auto text = name.is_root() ? std::string(".") : name.text() + ".";
            const int failure =
                ub_resolve_async(state.context, text.c_str(), static_cast<int>(type), 1,
                                 argument.get(), &State::on_answer, &query.id);
            if (failure != 0) {
                state.finish(ticket, std::unexpected(base::Error{base::ErrorKind::server,
                                                                 ub_strerror(failure)}));
                return;
            }
            state.deadlines.push_back({Clock::now() + state.options.timeout, ticket});
            state.watch();
            state.arm();
        },
        asio::use_awaitable);
    if (!result) co_return std::unexpected(std::move(result).error());
    co_return read(**result, name, type, state.options);
}

}  // namespace assay::net
