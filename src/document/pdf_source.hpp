// A ByteSource as qpdf wants to read it. Private to the room.
#pragma once

#include <array>
#include <optional>

#include "document/file.hpp"
#include "document/qpdf.hpp"

namespace assay::document {

// Reads through one window of 64 KiB; a failure of the source is kept, and reading ends.
class PdfSource final : public InputSource {
  public:
    PdfSource(ByteSource& source, std::uint64_t size) : source_(source), size_(size) {}

    qpdf_offset_t findAndSkipNextEOL() override;
    const std::string& getName() const override { return name_; }
    qpdf_offset_t tell() override { return static_cast<qpdf_offset_t>(at_); }
    void seek(qpdf_offset_t offset, int whence) override;
    void rewind() override { at_ = 0; }
    std::size_t read(char* buffer, std::size_t length) override;
    void unreadCh(char ch) override;

    const std::optional<base::Error>& failure() const { return failure_; }

  private:
    std::span<const std::uint8_t> window();  // from at_ on; empty at the end

    ByteSource& source_;
    std::uint64_t size_;
    std::uint64_t at_ = 0;
    std::uint64_t start_ = 0;
    std::size_t filled_ = 0;
    std::array<std::uint8_t, 65536> bytes_{};
    std::string name_ = "PDF";
    std::optional<base::Error> failure_;
};

}  // namespace assay::document
