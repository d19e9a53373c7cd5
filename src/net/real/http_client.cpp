#include "net/real/http_client.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <memory>

#include "base/assert.hpp"

namespace assay::net {

namespace {

// libcurl stops when it is told that less was taken than it gave.
std::size_t take(char* bytes, std::size_t size, std::size_t count, void* out) {
    auto& body = *static_cast<std::string*>(out);
    if (body.size() + size * count > http_reply_octets_max) return 0;
    body.append(bytes, size * count);
    return size * count;
}

base::ErrorKind kind_of(CURLcode failure) {
    switch (failure) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL: return base::ErrorKind::usage;
        case CURLE_OPERATION_TIMEDOUT: return base::ErrorKind::timeout;
        case CURLE_WRITE_ERROR: return base::ErrorKind::limit;
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_GOT_NOTHING: return base::ErrorKind::malformed;
        default: return base::ErrorKind::unreachable;
    }
}

}  // namespace

base::Result<HttpReply> http_post(const std::string& url, const std::string& body,
                                  std::chrono::seconds timeout) {
    const std::unique_ptr<CURL, void (*)(CURL*)> curl(curl_easy_init(), curl_easy_cleanup);
    std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(
        curl_slist_append(nullptr, "Content-Type: text/plain; charset=utf-8"), curl_slist_free_all);
    ASSAY_ASSERT(curl && headers);  // fails only without memory
    HttpReply out;
    curl_easy_setopt(curl.get(), CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT, static_cast<long>(timeout.count()));
    curl_easy_setopt(curl.get(), CURLOPT_USERAGENT, "assay");
    curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl.get(), CURLOPT_POST, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDS, body.data());
    curl_easy_setopt(curl.get(), CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &out.body);
    if (const auto failure = curl_easy_perform(curl.get()); failure != CURLE_OK) {
        return base::fail(kind_of(failure),
                          fmt::format("{}: {}", url, curl_easy_strerror(failure)));
    }
    long status = 0;
    curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &status);
    out.status = static_cast<unsigned>(status);
    const char* type = nullptr;
    curl_easy_getinfo(curl.get(), CURLINFO_CONTENT_TYPE, &type);
    if (type != nullptr) out.content_type = type;
    return out;
}

}  // namespace assay::net
