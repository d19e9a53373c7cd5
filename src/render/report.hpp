// Assessments as text, JSON, JSON lines, CSV, SARIF, JUnit XML and HTML. A report is written as it
// goes: nothing is held back but counts, so that 100,000 domains cost no more memory than one.
#pragma once

#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>

#include "check/judgement.hpp"

namespace assay::render {

enum class Format { text, json, jsonl, csv, sarif, junit, html };

std::optional<Format> parse_format(std::string_view text);

struct Options {
    bool colour = false;        // text only; never the only carrier of a meaning
    bool verbose = false;       // text: also what is met and what does not apply
    bool fix_only = false;      // text: nothing but the records to publish
    std::size_t columns = 100;  // text: where to break lines; records are never broken
    std::string version;        // of the program, for the formats that name it
};

class Report {
  public:
    Report() = default;
    Report(const Report&) = delete;
    Report& operator=(const Report&) = delete;
    virtual ~Report() = default;

    virtual void begin() {}
    virtual void add(const check::Assessment& assessment) = 0;
    virtual void end() {}

    // Formats in which a domain's part depends on nothing else make it beforehand: prepare() may
    // run on several threads at once.
    virtual std::string prepare(const check::Assessment&) const { return {}; }
    virtual void add_prepared(const check::Assessment& assessment, std::string_view) {
        add(assessment);
    }
};

std::unique_ptr<Report> make_report(Format format, std::ostream& out, const Options& options);

}  // namespace assay::render
