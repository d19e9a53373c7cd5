// One self-contained accessible page: no script, no font, nothing fetched.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "render/report.hpp"

namespace assay::render {

// ours: rows of the list of domains; it is kept to the end, so it must not grow without limit
inline constexpr std::size_t contents_max = 10'000;

class HtmlReport : public Report {
  public:
    HtmlReport(std::ostream& out, std::string version) : out_(out), version_(std::move(version)) {}
    void begin() override;
    void add(const check::Assessment& assessment) override;
    void end() override;

  private:
    struct Row {
        std::string name;  // escaped
        check::Summary summary;
        std::size_t urgent = 0;
    };

    void add_judgement(const check::Judgement& judgement, std::string_view ids);
    void add_counts(const check::Assessment& assessment);
    void add_rest(const check::Assessment& assessment, std::string_view title,
                  std::initializer_list<check::Status> wanted);
    void add_contents();

    std::ostream& out_;
    std::string version_;
    std::vector<Row> contents_;
    std::size_t domains_ = 0;
};

}  // namespace assay::render
