#include "render/report.hpp"

#include <array>
#include <utility>

#include "render/csv.hpp"
#include "render/document.hpp"
#include "render/html.hpp"
#include "render/junit.hpp"
#include "render/sarif.hpp"
#include "render/text.hpp"

namespace assay::render {

namespace {

class JsonReport : public Report {
  public:
    explicit JsonReport(std::ostream& out) : out_(out) {}
    void begin() override { out_ << '['; }
    void add(const check::Assessment& assessment) override {
        add_prepared(assessment, prepare(assessment));
    }
    void end() override { out_ << "\n]\n"; }
    std::string prepare(const check::Assessment& assessment) const override {
        return to_json(assessment);
    }
    void add_prepared(const check::Assessment&, std::string_view document) override {
        out_ << (std::exchange(first_, false) ? "\n" : ",\n") << document;
    }

  private:
    std::ostream& out_;
    bool first_ = true;
};

class JsonLinesReport : public Report {
  public:
    explicit JsonLinesReport(std::ostream& out) : out_(out) {}
    void add(const check::Assessment& assessment) override {
        add_prepared(assessment, prepare(assessment));
    }
    std::string prepare(const check::Assessment& assessment) const override {
        return to_json(assessment);
    }
    void add_prepared(const check::Assessment&, std::string_view document) override {
        out_ << document << '\n';
    }

  private:
    std::ostream& out_;
};

}  // namespace

std::optional<Format> parse_format(std::string_view text) {
    constexpr std::array<std::pair<std::string_view, Format>, 7> formats{{{"text", Format::text},
                                                                          {"json", Format::json},
                                                                          {"jsonl", Format::jsonl},
                                                                          {"csv", Format::csv},
                                                                          {"sarif", Format::sarif},
                                                                          {"junit", Format::junit},
                                                                          {"html", Format::html}}};
    for (const auto& [name, format] : formats) {
        if (name == text) return format;
    }
    return std::nullopt;
}

std::unique_ptr<Report> make_report(Format format, std::ostream& out, const Options& options) {
    switch (format) {
        case Format::text: return std::make_unique<TextReport>(out, options);
        case Format::json: return std::make_unique<JsonReport>(out);
        case Format::jsonl: return std::make_unique<JsonLinesReport>(out);
        case Format::csv: return std::make_unique<CsvReport>(out);
        case Format::sarif: return std::make_unique<SarifReport>(out, options.version);
        case Format::junit: return std::make_unique<JunitReport>(out);
        case Format::html: return std::make_unique<HtmlReport>(out, options.version);
    }
    return std::make_unique<TextReport>(out, options);
}

}  // namespace assay::render
