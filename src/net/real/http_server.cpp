#include "net/real/http_server.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <csignal>

#include "base/text.hpp"
#include "net/task.hpp"

namespace assay::net {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;

constexpr auto no_throw = asio::as_tuple(use_task);

base::Result<tcp::endpoint> parse_listen(const std::string& text) {
    const auto colon = text.rfind(':');
    const auto port = colon == text.npos
                          ? std::nullopt
                          : base::parse_decimal(std::string_view(text).substr(colon + 1), 65'535);
    auto host = text.substr(0, colon == text.npos ? 0 : colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    boost::system::error_code failure;
    const auto address = asio::ip::make_address(host, failure);
    if (port && !failure) return tcp::endpoint(address, static_cast<std::uint16_t>(*port));
    return base::fail(base::ErrorKind::usage,
                      fmt::format("'{}' is no address and port, such as 127.0.0.1:8080",
                                  base::quote_for_display(text, 80)));
}

http::response<http::string_body> response_of(const HttpResponse& from, bool keep_alive) {
    http::response<http::string_body> out(static_cast<http::status>(from.status), 11);
    out.set(http::field::content_type, from.content_type);
    out.keep_alive(keep_alive);
    out.body() = from.body;
    out.prepare_payload();
    return out;
}

class Server {
  public:
    Server(asio::io_context& io, const HttpHandler& handler)
        : acceptor_(io), signals_(io, SIGINT, SIGTERM), handler_(handler) {}

    boost::system::error_code open(const tcp::endpoint& at) {
        boost::system::error_code failure;
        acceptor_.open(at.protocol(), failure);
        if (!failure) acceptor_.set_option(tcp::acceptor::reuse_address(true), failure);
        if (!failure) acceptor_.bind(at, failure);
        if (!failure) acceptor_.listen(tcp::acceptor::max_listen_connections, failure);
        return failure;
    }
    std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

    // One task for the end, and one for each connection that may be open.
    Task<bool> run() {
        std::vector<Task<bool>> tasks;
        tasks.push_back(wait_for_end());
        for (unsigned i = 0; i < http_connections_max; ++i)
            tasks.push_back(accept_one_by_one());
        co_await gather(std::move(tasks));
        co_return true;
    }

  private:
    Task<bool> wait_for_end() {
        co_await signals_.async_wait(no_throw);
        ending_ = true;
        acceptor_.close();
        for (auto* stream : open_)
            stream->cancel();
        co_return true;
    }

    Task<bool> accept_one_by_one() {
        while (!ending_) {
            auto [error, socket] = co_await acceptor_.async_accept(no_throw);
            if (error == asio::error::operation_aborted) break;
            if (error) {
                // Such as too many open files: it passes.
                asio::steady_timer pause(acceptor_.get_executor(), std::chrono::milliseconds(100));
                co_await pause.async_wait(no_throw);
                continue;
            }
            beast::tcp_stream stream(std::move(socket));
            open_.push_back(&stream);
            co_await converse(stream);
            std::erase(open_, &stream);
        }
        co_return true;
    }

    Task<bool> converse(beast::tcp_stream& stream) {
        // Without a bound, chunk extensions and trailers would fill it: no limit of the parser
        // counts them.
        beast::flat_buffer buffer(http_header_octets_max + http_body_octets_max);
        for (bool more = true; more && !ending_;) {
            http::request_parser<http::string_body> parser;
            parser.body_limit(http_body_octets_max);
            parser.header_limit(http_header_octets_max);
            stream.expires_after(std::chrono::seconds(http_seconds_max));
            const auto [failure, read] =
                co_await http::async_read(stream, buffer, parser, no_throw);
            auto answer = answer_of(failure, parser, more);
            if (!answer) break;
            stream.expires_after(std::chrono::seconds(http_seconds_max));
            const auto [unsent, written] = co_await http::async_write(stream, *answer, no_throw);
            if (unsent) break;
        }
        boost::system::error_code ignored;
        stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
        co_return true;
    }

    // Nothing where nobody waits for an answer.
    std::optional<http::response<http::string_body>> answer_of(
        const beast::error_code& failure, http::request_parser<http::string_body>& parser,
        bool& more) const {
        if (!failure) {
            auto& in = parser.get();
            more = in.keep_alive();
            const HttpRequest request{std::string(in.method_string()), std::string(in.target()),
                                      std::move(in.body())};
            return response_of(handler_(request), more);
        }
        more = false;
        if (failure == http::error::body_limit)
            return response_of({413, "text/plain", "the request is longer than 64 kB\n"}, false);
        const bool is_http_error =
            failure.category() == make_error_code(http::error::bad_method).category();
        if (!is_http_error || failure == http::error::end_of_stream ||
            failure == http::error::partial_message)
            return std::nullopt;
        return response_of({400, "text/plain", "this is not an HTTP request\n"}, false);
    }

    tcp::acceptor acceptor_;
    asio::signal_set signals_;
    const HttpHandler& handler_;
    std::vector<beast::tcp_stream*> open_;
    bool ending_ = false;
};

}  // namespace

base::Result<void> serve_http(const std::string& listen, const HttpHandler& handler,
                              const std::function<void(std::uint16_t)>& listening) {
    ASSAY_TRY(const auto at, parse_listen(listen));
    asio::io_context io(1);
    Server server(io, handler);
    if (const auto failure = server.open(at)) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{} cannot be listened at: {}", listen, failure.message()));
    }
    listening(server.port());
    bool ended = false;
    asio::co_spawn(io, server.run(), [&](std::exception_ptr failure, bool done) {
        ASSAY_ASSERT(!failure);
        ended = done;
    });
    io.run();
    ASSAY_ASSERT(ended);
    return {};
}

}  // namespace assay::net
