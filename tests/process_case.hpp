// Text cases of the compliance process: given / when / then. The grammar is in tests/README.md.
#pragma once

#include <string>
#include <vector>

#include "certify/office.hpp"

namespace assay::test {

struct ProcessStep {
    std::size_t line = 0;
    std::string verb;  // "at", "given", "when", "then"
    std::string rest;
};

struct ProcessCase {
    std::string name, file;
    std::size_t line = 0;
    std::vector<ProcessStep> steps;
};

std::vector<ProcessCase> read_process_cases(const std::string& folder);

// Where a case runs. `problem` of a run is empty when all was as expected.
class ProcessRunner {
  public:
    ProcessRunner(certify::Store& store, std::span<const certify::Scheme> schemes,
                  const certify::Issuing& issuing);
    std::string run(const ProcessCase& text);

    certify::Office& office() { return office_; }
    std::string given(const std::string& what);

  private:
    std::string step(const ProcessStep& step);
    std::string when(const std::string& rest);
    std::string then(const std::string& rest);
    std::string given_team();
    std::string given_organisation(const std::string& id, const std::string& type);
    std::string given_case(const std::string& id, const std::string& scheme, bool whole);
    std::string given_complete(const std::string& id);
    std::string given_signed(const std::string& id);
    std::string given_submitted(const std::string& id);
    std::string given_certificate(const std::string& id);
    // Runs a command that must succeed; empty, or what went wrong.
    std::string must(const std::string& who, const std::string& command, boost::json::object body);
    std::string fill(std::string text) const;
    void remember(const boost::json::object& body);

    certify::Store* store_;
    std::span<const certify::Scheme> schemes_;
    std::uint32_t random_ = 12345;
    certify::Office office_;
    base::Moment now_{};
    std::map<std::string, std::string> words_;  // $case, $certificate, $snapshot, $text, $request
    base::Result<certify::Reply> last_ = certify::Reply{};
};

}  // namespace assay::test
