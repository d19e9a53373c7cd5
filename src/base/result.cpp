#include "base/result.hpp"

namespace assay::base {

std::string_view print(ErrorKind kind) {
    switch (kind) {
        case ErrorKind::timeout: return "timeout";
        case ErrorKind::refused: return "refused";
        case ErrorKind::server: return "server";
        case ErrorKind::malformed: return "malformed";
        case ErrorKind::unreachable: return "unreachable";
        case ErrorKind::bogus: return "bogus";
        case ErrorKind::not_covered: return "not-covered";
        case ErrorKind::limit: return "limit";
        case ErrorKind::usage: return "usage";
        case ErrorKind::not_found: return "not-found";
        case ErrorKind::conflict: return "conflict";
        case ErrorKind::internal: return "internal";
    }
    return "internal";
}

std::optional<ErrorKind> parse_error_kind(std::string_view text) {
    for (auto kind = ErrorKind::timeout; kind <= ErrorKind::internal;
         kind = static_cast<ErrorKind>(static_cast<int>(kind) + 1)) {
        if (print(kind) == text) return kind;
    }
    return std::nullopt;
}

}  // namespace assay::base
