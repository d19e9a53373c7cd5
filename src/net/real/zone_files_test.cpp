#include "net/real/zone_files.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>

namespace assay::net {

namespace {

namespace fs = std::filesystem;

// A folder of its own, gone at the end.
class Folder {
  public:
    Folder() {
        auto name = (fs::temp_directory_path() / "assay-zones-").string() + std::string(6, 'X');
        REQUIRE(mkdtemp(name.data()) != nullptr);
        path_ = name;
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    ~Folder() { fs::remove_all(path_); }

    std::string write(std::string_view name, std::string_view text) const {
        const auto path = path_ / name;
        std::ofstream(path) << text;
        return path.string();
    }

  private:
    fs::path path_;
};

}  // namespace

TEST_CASE("a zone is named by its file, where the file does not say it") {
    constexpr std::pair<std::string_view, std::string_view> names[] = {
        {"example.gov.uk", "example.gov.uk"},
        {"example.gov.uk.zone", "example.gov.uk"},
        {"db.example.gov.uk", "example.gov.uk"},
        {"db.example.zone", "db.example"},
    };
    const Folder folder;
    for (const auto& [file, apex] : names) {
        CAPTURE(file);
        const auto path = folder.write(file, "@ TXT x\nwww A 192.0.2.1\n");
        const auto read = read_zone_files({path}, false);
        REQUIRE(read);
        CHECK(read->zones.apexes().front().text() == apex);
    }
    const auto path = folder.write("db.example.net", "$ORIGIN example.org.\n@ SOA a b 1 2 3 4 5\n");
    CHECK(read_zone_files({path}, false)->zones.apexes().front().text() == "example.org");
}

TEST_CASE("a key that stands twice in an OctoDNS file is an error with file and line") {
    const Folder folder;
    const auto path = folder.write("example.com.yaml",
                                   "a: {type: A, value: 192.0.2.1}\n"
                                   "a: {type: TXT, value: x}\n");
    const auto read = read_zone_files({path}, false);
    REQUIRE(!read);
    CHECK(read.error().kind == base::ErrorKind::usage);
    CHECK(read.error().detail.starts_with(path + ":2: The name 'a' stands twice"));
}

}  // namespace assay::net
