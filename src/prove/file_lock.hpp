// One process at a time: a lock on a file, held while the value lives.
#pragma once

#include <string>

#include "base/result.hpp"

namespace assay::prove {

class FileLock {
  public:
    // Makes the file, and waits until nobody else has it. Error: usage.
    static base::Result<FileLock> take(const std::string& path);
    FileLock(FileLock&& other) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

  private:
    explicit FileLock(int file) : file_(file) {}
    int file_;
};

}  // namespace assay::prove
