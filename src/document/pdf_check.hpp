// Whether a PDF that somebody uploaded can be kept: a PDF, readable, open, and without anything
// that acts when it is opened.
#pragma once

#include <expected>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/fault.hpp"
#include "base/time.hpp"
#include "crypto/sha256.hpp"
#include "document/file.hpp"

namespace assay::document {

struct PdfFacts {
    std::uint64_t size = 0;
    crypto::Sha256 sha256{};
    std::size_t pages = 0;
    std::size_t pages_without_text = 0;   // images alone: scans that nobody made searchable
    bool repaired = false;                // its table of contents was wrong and could be built anew
    std::optional<base::Moment> created;  // of the document information; nothing if not said
    std::optional<base::Moment> modified;

    bool searchable() const { return pages_without_text < pages; }
    bool operator==(const PdfFacts&) const = default;
};

// Sizes of ours: what a report of a thousand pages needs, several times over.
constexpr std::size_t pdf_objects_max = 500'000;
constexpr std::size_t pdf_depth_max = 100;     // of dictionaries within dictionaries
constexpr std::size_t pdf_form_depth_max = 4;  // of forms within forms, where fonts are sought

// Facts, or everything that is wrong, each in plain words with what to do about it.
//
// Faults: too-large, empty, not-pdf, damaged, encrypted, no-pages, too-many-objects, too-deep,
// javascript, launch, submit-form, import-data, rich-media, remote-document, xfa,
// embedded-program.
using PdfJudgement = std::expected<PdfFacts, std::vector<base::Fault>>;

// Error: the bytes could not be read. The size is asked before anything is read.
base::Result<PdfJudgement> check_pdf(ByteSource& source, std::uint64_t size_max);
base::Result<PdfJudgement> check_pdf(const std::filesystem::path& path, std::uint64_t size_max);

// "D:20261101093000+01'00'" and shorter forms (ISO 32000-1 section 7.9.4).
std::optional<base::Moment> parse_pdf_date(std::string_view text);
std::string print_pdf_date(base::Moment moment);  // "D:20261101083000Z"

}  // namespace assay::document
