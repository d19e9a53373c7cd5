// Descriptors with one owner, and bytes that can be read from any place: of a file, of a vault.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace assay::document {

// Owns a descriptor and closes it.
class File {
  public:
    File() = default;
    explicit File(int descriptor) : descriptor_(descriptor) {}
    File(File&& other) noexcept : descriptor_(other.release()) {}
    File& operator=(File&& other) noexcept;
    ~File();

    int descriptor() const { return descriptor_; }
    int release();
    void close() { *this = File(); }
    explicit operator bool() const { return descriptor_ >= 0; }

  private:
    int descriptor_ = -1;
};

// Bytes that can be read more than once and from any offset, a piece at a time.
class ByteSource {
  public:
    virtual ~ByteSource() = default;
    // What the source says of itself; reading may find less.
    virtual base::Result<std::uint64_t> size() = 0;
    // Fills `out` as far as there are bytes; fewer than asked for: the end.
    virtual base::Result<std::size_t> read_at(std::uint64_t offset,
                                              std::span<std::uint8_t> out) = 0;
};

// A regular file by its descriptor, which is borrowed.
class FileSource final : public ByteSource {
  public:
    explicit FileSource(int descriptor) : descriptor_(descriptor) {}
    base::Result<std::uint64_t> size() override;
    base::Result<std::size_t> read_at(std::uint64_t offset, std::span<std::uint8_t> out) override;

  private:
    int descriptor_;
};

// Regular files only, and never through a symbolic link in the last part of the path.
base::Result<File> open_to_read(const std::filesystem::path& path);

base::Result<std::size_t> read_full(int descriptor, std::span<std::uint8_t> out);
base::Result<void> write_full(int descriptor, std::span<const std::uint8_t> bytes);
// fsync of a file, or of a folder so that a new name in it survives a power cut.
base::Result<void> synchronise(int descriptor, std::string_view what);
base::Result<void> synchronise_folder(const std::filesystem::path& folder);

// "PATH: No such file or directory", from errno.
std::unexpected<base::Error> system_error(std::string_view what);

std::span<const std::uint8_t> as_bytes(std::string_view text);

}  // namespace assay::document
