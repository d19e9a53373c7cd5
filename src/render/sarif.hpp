// SARIF 2.1.0 (OASIS): findings for code hosts and editors.
#pragma once

#include <utility>

#include "render/report.hpp"

namespace assay::render {

class SarifReport : public Report {
  public:
    SarifReport(std::ostream& out, std::string version) : out_(out), version_(std::move(version)) {}
    void begin() override;
    void add(const check::Assessment& assessment) override;
    void end() override;

  private:
    std::ostream& out_;
    std::string version_;
    bool first_ = true;
};

}  // namespace assay::render
