#include "document/file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace assay::document {

File& File::operator=(File&& other) noexcept {
    if (this == &other) return *this;
    if (descriptor_ >= 0) ::close(descriptor_);
    descriptor_ = other.release();
    return *this;
}

File::~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

int File::release() {
    return std::exchange(descriptor_, -1);
}

base::Result<std::uint64_t> FileSource::size() {
    struct stat status{};
    if (::fstat(descriptor_, &status) != 0) return system_error("the file");
    if (!S_ISREG(status.st_mode)) {
        return base::fail(base::ErrorKind::usage, "this is not a regular file");
    }
    return static_cast<std::uint64_t>(status.st_size);
}

base::Result<std::size_t> FileSource::read_at(std::uint64_t offset, std::span<std::uint8_t> out) {
    std::size_t done = 0;
    while (done < out.size()) {
        const auto rest = out.subspan(done);
        const auto count =
            ::pread(descriptor_, rest.data(), rest.size(), static_cast<off_t>(offset + done));
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("reading the file");
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

base::Result<File> open_to_read(const std::filesystem::path& path) {
    // O_NONBLOCK: opening a named pipe must not wait for somebody to write.
    File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file) return system_error(path.string());
    struct stat status{};
    if (::fstat(file.descriptor(), &status) != 0) return system_error(path.string());
    if (!S_ISREG(status.st_mode)) {
        return base::fail(base::ErrorKind::usage, path.string() + ": not a regular file");
    }
    return file;
}

base::Result<std::size_t> read_full(int descriptor, std::span<std::uint8_t> out) {
    std::size_t done = 0;
    while (done < out.size()) {
        const auto rest = out.subspan(done);
        const auto count = ::read(descriptor, rest.data(), rest.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("reading");
        if (count == 0) break;
        done += static_cast<std::size_t>(count);
    }
    return done;
}

base::Result<void> write_full(int descriptor, std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
        const auto count = ::write(descriptor, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return system_error("writing");
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return {};
}

base::Result<void> synchronise(int descriptor, std::string_view what) {
    if (::fsync(descriptor) != 0) return system_error(what);
    return {};
}

base::Result<void> synchronise_folder(const std::filesystem::path& folder) {
    const File opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!opened) return system_error(folder.string());
    return synchronise(opened.descriptor(), folder.string());
}

std::unexpected<base::Error> system_error(std::string_view what) {
    const auto code = errno;
    const auto kind = code == ENOENT || code == EACCES || code == EEXIST || code == ELOOP
                          ? base::ErrorKind::usage
                          : base::ErrorKind::internal;
    return base::fail(kind, std::string(what) + ": " + std::generic_category().message(code));
}

std::span<const std::uint8_t> as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace assay::document
