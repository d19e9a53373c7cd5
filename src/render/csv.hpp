// Comma-separated values (RFC 4180), one row a result; cells that a spreadsheet would run are
// defused.
#pragma once

#include "render/report.hpp"

namespace assay::render {

class CsvReport : public Report {
  public:
    explicit CsvReport(std::ostream& out) : out_(out) {}
    void begin() override;
    void add(const check::Assessment& assessment) override;
    void end() override;

  private:
    std::ostream& out_;
};

}  // namespace assay::render
