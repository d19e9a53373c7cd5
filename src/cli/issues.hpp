// The issues of a health check report: the findings of one weakness, on however many hosts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "codec/ithc/reader.hpp"

namespace assay::cli {

struct Issue {
    codec::ithc::Finding first;
    codec::ithc::Severity worst = codec::ithc::Severity::unknown;  // of all its findings
    unsigned count = 0;
    std::vector<std::string> assets;         // the first few
    std::vector<std::string> also_reported;  // other words for the severity: a disagreement
};

class Issues {
  public:
    // Fixed findings are left out.
    void add(codec::ithc::Finding finding);
    const std::vector<Issue>& all() const { return issues_; }

  private:
    std::map<std::string, std::size_t> index_;
    std::vector<Issue> issues_;
};

// Error: usage (the file cannot be read, or is none that we know).
base::Result<codec::ithc::Summary> read_issues(const std::string& path, Issues& issues);

}  // namespace assay::cli
