// Reads case files (tests/README.md) and runs them: a small world, the real probes, the real
// checks.
#pragma once

#include <string>
#include <vector>

#include "check/check.hpp"

namespace assay::tests {

struct Expectation {
    std::string check, outcome;
    std::vector<std::pair<std::string, std::string>> arguments;
    std::size_t line = 0;
};

struct Case {
    std::string file, name;
    std::size_t line = 0;
    std::string domain = "example.gov.uk", profile, next_step;
    std::vector<std::string> zone, dns, servers, selectors, without, fixes;
    bool zones = false;
    std::vector<Expectation> expectations;
};

// Throws std::runtime_error naming file and line: a case file is ours, a mistake in it is a bug.
std::vector<Case> read_cases(const std::string& path);

struct CaseResult {
    std::vector<std::string> complaints;     // empty: as expected
    std::vector<std::string> outcomes_seen;  // "dmarc.policy/none"
    std::vector<std::string> unfilled;       // outcomes whose texts keep a placeholder
};
CaseResult run_case(const Case& test);

}  // namespace assay::tests
