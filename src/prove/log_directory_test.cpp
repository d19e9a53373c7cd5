#include "prove/log_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "temporary_folder.hpp"

namespace assay::prove {

namespace {

using Folder = test::TemporaryFolder;

std::vector<std::string> entries(std::uint64_t from, std::uint64_t to) {
    std::vector<std::string> out;
    for (auto i = from; i < to; ++i)
        out.push_back("{\"v\":1,\"n\":" + std::to_string(i) + "}");
    return out;
}

}  // namespace

TEST_CASE("tiles are named as C2SP tlog-tiles does") {
    CHECK(tile_path(0, 0) == "000");
    CHECK(tile_path(67, 0) == "067");
    CHECK(tile_path(1234067, 0) == "x001/x234/067");
    CHECK(tile_path(1, 5) == "001.p/5");
    CHECK(tile_path(273, 112) == "273.p/112");
}

TEST_CASE("bundles are read and written, and cut off ones refused") {
    const std::vector<std::string> some{"a", "", std::string(65'535, 'x')};
    CHECK(*parse_bundle(print_bundle(some)) == some);
    CHECK(parse_bundle("")->empty());
    for (const std::string_view wrong : {std::string_view("\0", 1), std::string_view("\0\2a", 3)})
        CHECK_FALSE(parse_bundle(wrong));
    CHECK_FALSE(parse_bundle(print_bundle(std::vector<std::string>(257, "a"))));
}

TEST_CASE("a log grows, is read again, and notices every change of its files") {
    const Folder folder;
    const auto key = *crypto::PrivateKey::generate(crypto::KeyKind::ed25519);
    auto log = *LogDirectory::open(folder.path);
    for (const auto& [from, to] : {std::pair{0u, 3u}, {3u, 255u}, {255u, 257u}, {257u, 600u}}) {
        REQUIRE(log.append(from, entries(from, to)));
        REQUIRE(log.publish(*log.sign_checkpoint("example.com/log", key)));
        const auto again = LogDirectory::open(folder.path);
        REQUIRE(again);
        CHECK(again->size() == to);
        CHECK(again->tree().root(to) == log.tree().root(to));
    }
    CHECK(std::filesystem::file_size(folder.path + "/tile/0/000") == 256 * 32);
    CHECK(std::filesystem::file_size(folder.path + "/tile/1/000.p/2") == 2 * 32);
    CHECK(std::filesystem::exists(folder.path + "/tile/entries/002.p/88"));
    // The same again is no change; something else at the same place is a conflict.
    CHECK(log.append(590, entries(590, 600)));
    REQUIRE(!log.append(599, {"other"}));
    CHECK(log.append(599, {"other"}).error().kind == base::ErrorKind::conflict);
    REQUIRE(write_file(folder.path + "/tile/entries/001", "\0\1x"));
    CHECK_FALSE(LogDirectory::open(folder.path));
}

TEST_CASE("entries without a checkpoint, as after a crash, are written again") {
    const Folder folder;
    const auto key = *crypto::PrivateKey::generate(crypto::KeyKind::ed25519);
    {
        auto log = *LogDirectory::open(folder.path);
        REQUIRE(log.append(0, entries(0, 10)));
        REQUIRE(log.publish(*log.sign_checkpoint("example.com/log", key)));
        REQUIRE(log.append(10, entries(10, 20)));  // and here the process ends
    }
    auto log = *LogDirectory::open(folder.path);
    CHECK(log.size() == 10);
    REQUIRE(log.append(10, entries(10, 20)));
    REQUIRE(log.publish(*log.sign_checkpoint("example.com/log", key)));
    CHECK(LogDirectory::open(folder.path)->size() == 20);
}

}  // namespace assay::prove
