// A folder of its own for one test, gone when the test ends; and whole files.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <sstream>
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
    std::filesystem::path operator/(const std::string& name) const {
        return std::filesystem::path(path) / name;
    }
};

inline void write_file(const std::filesystem::path& path, const std::string& bytes) {
    std::ofstream(path, std::ios::binary) << bytes;
}

inline std::string read_file(const std::filesystem::path& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return std::move(out).str();
}

}  // namespace assay::test
