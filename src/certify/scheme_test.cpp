#include "certify/scheme.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "certify/scheme_parts.hpp"

namespace assay::certify {

namespace {

std::vector<SchemeFile> files_of(std::string_view scheme) {
    std::vector<SchemeFile> files;
    const auto folder = std::filesystem::path(ASSAY_SOURCE_DIR) / "schemes" / scheme;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream stream(entry.path());
        std::ostringstream text;
        text << stream.rdbuf();
        files.push_back({entry.path().filename().string(), text.str()});
    }
    return files;
}

std::string shown(const std::vector<SchemeFault>& faults) {
    std::string out;
    for (const auto& fault : faults) {
        out += fault.file + ':' + std::to_string(fault.line) + ": " + fault.rule + ": " +
               fault.detail + '\n';
    }
    return out;
}

Scheme shipped(std::string_view id) {
    auto reading = read_scheme(id, files_of(id));
    CHECK(shown(reading.faults) == "");
    REQUIRE(reading.scheme.has_value());
    return *std::move(reading.scheme);
}

constexpr std::string_view all[] = {"psn-connection", "psn-service-provision", "internet-exchange"};

}  // namespace

TEST_CASE("the shipped schemes have no faults, whatever the order of their files") {
    for (const auto id : all) {
        CAPTURE(id);
        const auto scheme = shipped(id);
        auto files = files_of(id);
        std::ranges::reverse(files);
        CHECK(read_scheme(id, files).scheme == scheme);
        CHECK(scheme.sha256.size() == 64);
        CHECK(scheme.sha256 == scheme_hash(files));
    }
}
}  // namespace assay::certify
