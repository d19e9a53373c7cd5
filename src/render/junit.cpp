#include "render/junit.hpp"

#include <fmt/ostream.h>

#include "render/document.hpp"
#include "render/words.hpp"

namespace assay::render {

namespace {

void add_case(std::ostream& out, const check::Assessment& assessment,
              const check::Judgement& judgement) {
    const auto title = escape_markup(judgement.title);
    fmt::print(out, "    <testcase classname=\"{}\" name=\"{}\">",
               escape_markup(assessment.domain.text()), judgement.check->id);
    std::string details = advice(judgement);
    for (const auto& record : judgement.outcome.fix_records)
        details += "\n" + record;
    switch (judgement.grade.status) {
        case check::Status::not_met:
            // Only a "must" breaks a build; the rest is said, and passes.
            if (judgement.grade.level == check::Level::must) {
                fmt::print(out, "<failure type=\"{}\" message=\"{}\">{}</failure>",
                           judgement.outcome.tag, title, escape_markup(details));
            } else {
                fmt::print(out, "<system-out>{}: {}\n{}</system-out>", label(judgement), title,
                           escape_markup(details));
            }
            break;
        case check::Status::cannot_tell:
            // "error" is JUnit's word for a test that could not be carried out.
            if (judgement.grade.level == check::Level::must) {
                fmt::print(out, "<error type=\"cannot-tell\" message=\"{}\"/>", title);
            } else {
                fmt::print(out, "<skipped message=\"{}\"/>", title);
            }
            break;
        case check::Status::not_applicable:
            fmt::print(out, "<skipped message=\"{}\"/>", title);
            break;
        case check::Status::met:
        case check::Status::accepted: break;
    }
    fmt::print(out, "</testcase>\n");
}

}  // namespace

void JunitReport::begin() {
    out_ << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"assay\">\n";
}

void JunitReport::add(const check::Assessment& assessment) {
    unsigned failures = 0, errors = 0, skipped = 0;
    for (const auto& judgement : assessment.judgements) {
        const bool must = judgement.grade.level == check::Level::must;
        const auto status = judgement.grade.status;
        if (status == check::Status::not_met && must) ++failures;
        if (status == check::Status::cannot_tell && must) ++errors;
        if (status == check::Status::not_applicable ||
            (status == check::Status::cannot_tell && !must))
            ++skipped;
    }
    fmt::print(out_,
               "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\" "
               "timestamp=\"{}\">\n",
               escape_markup(assessment.domain.text()), assessment.judgements.size(), failures,
               errors, skipped, base::print(assessment.measured_at));
    for (const auto& judgement : assessment.judgements)
        add_case(out_, assessment, judgement);
    fmt::print(out_, "  </testsuite>\n");
}

void JunitReport::end() {
    out_ << "</testsuites>\n";
}

}  // namespace assay::render
