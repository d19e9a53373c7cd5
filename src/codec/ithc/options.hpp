// What a reader of findings is told, what it tells, and its limits.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "codec/ithc/finding.hpp"
#include "codec/ithc/format.hpp"
#include "codec/ithc/severity.hpp"

namespace assay::codec::ithc {

inline constexpr std::uint64_t file_length_max = 2ULL << 30;  // ours: 15 times the largest seen
inline constexpr std::uint64_t findings_max = 5'000'000;      // ours: 100 times the largest
inline constexpr std::size_t depth_max = 64;                  // ours: the deepest seen is 16
inline constexpr std::size_t token_length_max = 1024 * 1024;  // ours: one tag, one comment
inline constexpr std::size_t attributes_max = 256;            // ours
inline constexpr std::size_t document_type_length_max = 64 * 1024;  // ours: Burp's has 1.5 KiB
inline constexpr std::size_t record_nodes_max = 50'000;             // ours: parts of one finding
inline constexpr std::size_t record_length_max = 4 * 1024 * 1024;   // ours: text of one finding
inline constexpr std::size_t held_length_max = 48 * 1024 * 1024;    // ours: what waits for its end
inline constexpr std::size_t title_length_max = 1024;               // ours: longer ones are cut
inline constexpr std::size_t text_length_max = 64 * 1024;
inline constexpr std::size_t evidence_length_max = 16 * 1024;
inline constexpr std::size_t list_length_max = 256;  // CVEs, CWEs, references of one finding

struct Options {
    Format format = Format::unknown;  // unknown: it is sniffed
    std::string filename;             // helps to sniff
    QualysScale qualys_scale = QualysScale::legacy;
    std::uint64_t file_length = file_length_max;  // a longer file is refused
};

struct Summary {
    Format format = Format::unknown;
    std::uint64_t bytes = 0;
    std::uint64_t findings = 0;
    std::uint64_t severities[6] = {};  // derived, by Severity
    std::uint64_t disagreements = 0;
    std::uint64_t cut_texts = 0;        // shortened to a limit
    std::uint64_t cut_lists = 0;        // entries beyond list_length_max were left out
    std::uint64_t repaired_bytes = 0;   // not UTF-8, or control bytes: replaced by U+FFFD
    std::uint64_t skipped_records = 0;  // neither id nor title, or a test that found nothing
    std::uint64_t undefined_ids = 0;    // the file does not say what the finding is

    bool operator==(const Summary&) const = default;
};

// Called once a finding, in the order of the file; what it returns ends the reading.
using Sink = std::function<base::Result<void>(Finding)>;

}  // namespace assay::codec::ithc
