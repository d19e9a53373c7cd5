// Closes the loop between checks, cases, profiles and guidance.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <filesystem>
#include <set>

#include "case_file.hpp"
#include "check/catalogue.hpp"
#include "cli/profiles.hpp"
#include "library/resources.hpp"

namespace assay {

namespace {

std::string file_of(std::string_view id, std::string_view extension) {
    std::string path(id);
    for (char& c : path) {
        if (c == '-') c = '_';
        if (c == '.') c = '/';
    }
    return fmt::format("{}/src/check/{}{}", ASSAY_SOURCE_DIR, path, extension);
}

}  // namespace

TEST_CASE("every check has a source file, a case file and a guidance text, and asks a question") {
    std::set<std::string_view> ids;
    for (const auto* check : check::catalogue()) {
        CAPTURE(check->id);
        CHECK(ids.insert(check->id).second);
        CHECK(std::filesystem::exists(file_of(check->id, ".cpp")));
        CHECK(std::filesystem::exists(file_of(check->id, ".cases")));
        CHECK(check->question.ends_with('?'));
        CHECK_FALSE(check->references.empty());
        const auto guidance = library::guidance(check->id);
        REQUIRE(guidance);
        for (const auto* section : {"## What", "## Why", "## How to fix", "## How to verify"}) {
            CHECK_MESSAGE(guidance->find(section) != std::string_view::npos, section);
        }
    }
}

TEST_CASE("every case gives the outcome that it expects, and every outcome has a case") {
    std::set<std::string> seen;
    std::size_t cases = 0;
    for (const auto* check : check::catalogue()) {
        const auto path = file_of(check->id, ".cases");
        if (!std::filesystem::exists(path)) continue;
        for (const auto& test : tests::read_cases(path)) {
            ++cases;
            const auto result = tests::run_case(test);
            for (const auto& complaint : result.complaints)
                FAIL_CHECK(complaint);
            for (const auto& outcome : result.unfilled)
                FAIL_CHECK(outcome, ": a placeholder is not supplied");
            seen.insert(result.outcomes_seen.begin(), result.outcomes_seen.end());
        }
    }
    for (const auto* check : check::catalogue()) {
        for (const auto& outcome : check->outcomes) {
            const auto id = fmt::format("{}/{}", check->id, outcome.tag);
            CHECK_MESSAGE(seen.contains(id), "no case produces ", id);
        }
    }
    MESSAGE(cases, " cases, ", seen.size(), " outcomes");
    CHECK(cases > 0);
}

TEST_CASE("every profile grades every outcome of every check that it has") {
    CHECK(library::profile_names().size() >= 3);
    for (const auto name : library::profile_names()) {
        const auto profiles = cli::load_profiles(std::string(name));
        CHECK_MESSAGE(profiles.has_value(), name, ": ", profiles ? "" : profiles.error().detail);
        if (profiles) CHECK(profiles->main.name == name);
    }
}

TEST_CASE(
    "the profile for UK government covers every check that is not only about parked domains") {
    const auto profiles = cli::load_profiles("uk-government");
    REQUIRE(profiles);
    for (const auto* check : check::catalogue()) {
        if (check->id.starts_with("parked.") || check->id == "dkim.wildcard-revoked") continue;
        CHECK_MESSAGE(profiles->main.grades.contains(check->id), check->id);
    }
}

TEST_CASE("a title is one sentence without a final stop") {
    for (const auto* check : check::catalogue()) {
        for (const auto& outcome : check->outcomes) {
            CAPTURE(check->id);
            CAPTURE(outcome.tag);
            CHECK_FALSE(outcome.title.empty());
            CHECK_FALSE(outcome.title.ends_with('.'));
        }
    }
}

}  // namespace assay
