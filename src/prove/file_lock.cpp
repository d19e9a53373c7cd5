#include "prove/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace assay::prove {

base::Result<FileLock> FileLock::take(const std::string& path) {
    FileLock out(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    int done = out.file_ < 0 ? -1 : ::flock(out.file_, LOCK_EX);
    while (done != 0 && errno == EINTR && out.file_ >= 0)
        done = ::flock(out.file_, LOCK_EX);
    if (done == 0) return out;
    return base::fail(base::ErrorKind::usage,
                      fmt::format("{} cannot be locked: {}", path, std::strerror(errno)));
}

FileLock::FileLock(FileLock&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

FileLock::~FileLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace assay::prove
