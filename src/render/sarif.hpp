// SARIF 2.1.0 (OASIS): findings for code hosts and editors.
#pragma once

#include "render/report.hpp"

namespace assay::render {

class SarifReport : public Report {
  public:
    explicit SarifReport(std::ostream& out) : out_(out) {}
    void begin() override;
    void add(const check::Assessment& assessment) override;
    void end() override;

  private:
    std::ostream& out_;
    bool first_ = true;
};

}  // namespace assay::render
