// JUnit XML as CI servers read it: a test suite a domain, a test case a check.
#pragma once

#include "render/report.hpp"

namespace assay::render {

class JunitReport : public Report {
  public:
    explicit JunitReport(std::ostream& out) : out_(out) {}
    void begin() override;
    void add(const check::Assessment& assessment) override;
    void end() override;

  private:
    std::ostream& out_;
};

}  // namespace assay::render
