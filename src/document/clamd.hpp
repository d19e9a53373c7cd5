// A virus scanner is asked about a document: the INSTREAM command of clamd (clamd(8), "COMMANDS").
#pragma once

#include <string>
#include <string_view>

#include "document/file.hpp"

namespace assay::document {

struct Scanned {
    bool clean = false;
    std::string found;  // the name of what was found, printable; only if not clean
    bool operator==(const Scanned&) const = default;
};

struct ScanLimits {
    std::uint64_t octets_max = 1u << 30;  // ours; clamd has its own, StreamMaxLength
    int timeout_ms = 300'000;             // for all of it
};

// `socket` is the path of a Unix socket ("/run/clamav/clamd.ctl") or "HOST:PORT". Every error means
// that nobody knows whether the document is clean: unreachable (cannot reach it, or it closed
// without an answer), timeout, limit (larger than it takes), server (it says ERROR), malformed (an
// answer that is none of clamd's), usage (no such address). Also the errors of `source`.
base::Result<Scanned> scan(const std::string& socket, ByteSource& source, ScanLimits limits = {});

constexpr std::size_t scan_reply_octets_max = 1'024;  // ours: a name has some 50

// "stream: OK", "stream: NAME FOUND", "... ERROR". Only the first, to the letter, is clean.
base::Result<Scanned> parse_scan_reply(std::string_view reply);

}  // namespace assay::document
