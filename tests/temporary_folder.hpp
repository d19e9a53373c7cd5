// A folder of its own for one test, gone when the test ends.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace assay::test {

struct TemporaryFolder {
    std::string path;

    TemporaryFolder() {
        // mkdtemp replaces the last six letters, which must be this one.
        std::string name =
            (std::filesystem::temp_directory_path() / "assay-test-").string() + std::string(6, 'X');
        path = mkdtemp(name.data());
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code failure;
        std::filesystem::remove_all(path, failure);
    }
};

}  // namespace assay::test
