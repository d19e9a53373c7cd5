// The report on a terminal.
#pragma once

#include "render/report.hpp"

namespace assay::render {

class TextReport : public Report {
  public:
    TextReport(std::ostream& out, Options options) : out_(out), options_(options) {}
    void add(const check::Assessment& assessment) override;
    void end() override;

  private:
    void add_section(const check::Assessment& assessment, std::string_view name);
    void add_unknown(const check::Assessment& assessment);
    void add_judgement(const check::Judgement& judgement);
    void print_advice(std::string_view what) const;
    std::string paint(std::string_view text, std::string_view code) const;

    std::ostream& out_;
    Options options_;
    std::size_t domains_ = 0, clean_ = 0, unknown_ = 0;
};

// Words broken at `width` columns, every line after the first indented; for plain ASCII and UTF-8
// text.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width);

}  // namespace assay::render
