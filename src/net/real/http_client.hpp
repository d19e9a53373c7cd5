// One HTTP request that waits for its answer: for commands that run once (libcurl; http and https,
// certificates checked against the system's authorities).
#pragma once

#include <chrono>
#include <string>

#include "base/result.hpp"

namespace assay::net {

inline constexpr std::size_t http_reply_octets_max = 65'536;  // ours

struct HttpReply {
    unsigned status = 0;
    std::string content_type, body;
};

// Follows no redirections. Errors: usage (the URL), timeout, unreachable, limit, malformed.
base::Result<HttpReply> http_post(const std::string& url, const std::string& body,
                                  std::chrono::seconds timeout);

}  // namespace assay::net
