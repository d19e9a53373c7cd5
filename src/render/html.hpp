// One self-contained accessible page: no script, no font, nothing fetched.
#pragma once

#include "render/report.hpp"

namespace assay::render {

class HtmlReport : public Report {
  public:
    explicit HtmlReport(std::ostream& out) : out_(out) {}
    void begin() override;
    void add(const check::Assessment& assessment) override;
    void end() override;

  private:
    void add_judgement(const check::Judgement& judgement);

    std::ostream& out_;
    check::Summary total_;
    std::size_t domains_ = 0;
};

}  // namespace assay::render
