// A small HTTP server on one thread (Boost.Beast): for a service of few requests that stands behind
// a proxy, or on loopback.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"

namespace assay::net {

inline constexpr std::size_t http_body_octets_max = 65'536;   // ours
inline constexpr std::size_t http_header_octets_max = 8'192;  // ours: as most servers have it
inline constexpr unsigned http_seconds_max = 10;     // ours: to read a request, and to answer it
inline constexpr unsigned http_connections_max = 8;  // ours: more wait in the kernel's queue

struct HttpRequest {
    std::string method, target, body;
};
struct HttpResponse {
    unsigned status = 200;
    std::string content_type, body;
};
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// Serves at "ADDR:PORT" ("[ADDR]:PORT" for IPv6) until SIGINT or SIGTERM; `listening` is told the
// port when the first client may come, also for port 0. Error: usage (cannot listen there).
base::Result<void> serve_http(const std::string& listen, const HttpHandler& handler,
                              const std::function<void(std::uint16_t port)>& listening);

}  // namespace assay::net
