// Result<T>: what we could do, or why we could not. Published mistakes are base::Fault, never
// Error.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

namespace assay::base {

enum class ErrorKind {
    timeout,      // no answer within the deadline
    refused,      // the peer said no (RCODE 5, connection refused)
    server,       // the peer failed (RCODE 2 and every RCODE without a kind of its own)
    malformed,    // the peer answered, but not in the protocol, or not to our question
    unreachable,  // no route, no address to ask
    bogus,        // DNSSEC validation failed: what came must not be believed
    not_covered,  // outside what the source can speak for (a zone that was not given)
    limit,        // a limit of ours was reached; its name is in the detail
    usage,        // the command line or a file given to us is wrong
    not_found,    // there is no such thing, or it is not for the person who asks
    conflict,     // somebody else changed it first; read it again
    internal,     // we failed
};

std::string_view print(ErrorKind kind);  // "not-covered"
std::optional<ErrorKind> parse_error_kind(std::string_view text);

struct Error {
    ErrorKind kind = ErrorKind::internal;
    std::string detail;  // for a person: what, where; no final full stop

    bool operator==(const Error&) const = default;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorKind kind, std::string detail) {
    return std::unexpected(Error{kind, std::move(detail)});
}

}  // namespace assay::base

#define ASSAY_CONCAT_(a, b) a##b
#define ASSAY_CONCAT(a, b) ASSAY_CONCAT_(a, b)

// ASSAY_TRY(auto value, function()): declares `value`, or returns the error of the call.
#define ASSAY_TRY(declaration, ...) \
    ASSAY_TRY_(ASSAY_CONCAT(try_, __LINE__), declaration, __VA_ARGS__)
#define ASSAY_TRY_(name, declaration, ...)                                  \
    auto name = (__VA_ARGS__);                                              \
    if (!name.has_value()) return std::unexpected(std::move(name).error()); \
    declaration = *std::move(name)

// The same in a coroutine.
#define ASSAY_CO_TRY(declaration, ...) \
    ASSAY_CO_TRY_(ASSAY_CONCAT(try_, __LINE__), declaration, __VA_ARGS__)
#define ASSAY_CO_TRY_(name, declaration, ...)                                  \
    auto name = (__VA_ARGS__);                                                 \
    if (!name.has_value()) co_return std::unexpected(std::move(name).error()); \
    declaration = *std::move(name)
