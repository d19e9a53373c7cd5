#include "render/html.hpp"

#include <fmt/ostream.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "render/document.hpp"
#include "render/words.hpp"

namespace assay::render {

namespace {

// Contrast at least 4.5:1 (WCAG 2.2 AA); every colour stands beside its word. The list of domains
// is known at the end only, and `order` shows it first.
constexpr std::string_view head = R"(<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Domain security report</title>
<style>
:root { --text: #0b0c0c; --muted: #484f53; --line: #b1b4b6; --link: #1a5a96; --panel: #f3f2f1; }
* { box-sizing: border-box; }
body { margin: 0; color: var(--text); background: #fff;
  font: 1.0625rem/1.5 Arial, Helvetica, sans-serif; overflow-wrap: anywhere; }
main, .inner { max-width: 60rem; margin: 0 auto; padding: 0 1.25rem; }
main { display: flex; flex-direction: column; }
header { background: #0b2a4a; color: #fff; padding: 1.25rem 0; }
header p { margin: .25rem 0 0; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0; }
h2 { font-size: 1.625rem; line-height: 1.2; margin: 0 0 .5rem; }
h3 { font-size: 1.25rem; line-height: 1.3; margin: 2rem 0 .75rem; }
h4 { font-size: 1.0625rem; line-height: 1.4; margin: .375rem 0; }
p { margin: .375rem 0; max-width: 44rem; }
.muted { color: var(--muted); font-size: .9375rem; }
.skip { position: absolute; left: -999rem; padding: .5rem 1.25rem; }
.skip:focus { position: static; display: block; }
a { color: var(--link); text-underline-offset: .15em; }
a:focus, summary:focus { outline: .1875rem solid #fd0; background: #fd0; color: #0b0c0c; }
nav { order: -1; padding-top: 2rem; }
nav ul { list-style: none; margin: 0; padding: 0; }
nav li { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 0 1.5rem;
  padding: .5rem 0; border-bottom: 1px solid var(--line); }
section { padding: 2.5rem 0 1.5rem; }
section + section { border-top: .25rem solid #0b2a4a; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; list-style: none; margin: .75rem 0;
  padding: 0; }
.tag { display: inline-block; padding: .0625rem .5rem; font-weight: bold; font-size: .875rem; }
.counts .tag { font-size: 1rem; padding: .25rem .625rem; }
.urgent { color: #7d1f12; background: #f6d7d2; }
.advisory { color: #594d00; background: #fff3b0; }
.informational { color: #144e81; background: #d2e2f1; }
.positive { color: #005a30; background: #cce2d8; }
.unknown { color: #3d2375; background: #dbd5e9; }
.none { color: #383f43; background: #eeefef; }
article { border: 1px solid var(--line); border-left-width: .375rem; padding: .75rem 1rem;
  margin: 0 0 1rem; }
article.is-urgent { border-left-color: #942514; }
article.is-advisory { border-left-color: #a68a00; }
article.is-informational { border-left-color: #1d70b8; }
article.is-positive { border-left-color: #00703c; }
article.is-unknown { border-left-color: #4c2c92; }
dl { margin: .5rem 0; display: grid; grid-template-columns: minmax(7rem, max-content) 1fr;
  gap: .125rem 1rem; font-size: .9375rem; }
dt { color: var(--muted); }
dd { margin: 0; min-width: 0; }
code, pre { font-family: "Courier New", Courier, monospace; }
pre { background: var(--panel); padding: .75rem; white-space: pre-wrap; margin: .375rem 0;
  font-size: .9375rem; line-height: 1.4; }
details { margin: 1.5rem 0 0; }
summary { cursor: pointer; color: var(--link); text-decoration: underline; padding: .25rem 0; }
footer { background: var(--panel); padding: 1rem 0; margin-top: 2rem; }
@media (max-width: 40rem) {
  h1 { font-size: 1.5rem; }
  h2 { font-size: 1.375rem; }
  main, .inner { padding: 0 .9375rem; }
  dl { display: block; }
  dd { margin-bottom: .375rem; }
}
@media print {
  body { font-size: 11pt; }
  header { background: none; color: #000; border-bottom: 2pt solid #000; }
  main { display: block; }
  section + section { break-before: page; border-top: 0; }
  h2, h3, h4 { break-after: avoid; }
  article, nav li { break-inside: avoid; }
  .tag, pre { border: 1px solid currentColor; }
  .skip, summary { display: none; }
}
</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header>
<div class="inner">
<h1>Domain security report</h1>
<p>Each finding says who must act, what to do, and which record to publish.</p>
</div>
</header>
<main id="main">
)";

std::string_view css_class(const check::Judgement& judgement) {
    switch (judgement.grade.status) {
        case check::Status::cannot_tell: return "unknown";
        case check::Status::not_applicable:
        case check::Status::accepted: return "none";
        default: return check::print(judgement.grade.severity);
    }
}

std::string evidence(const check::Judgement& judgement) {
    std::string rows;
    for (const auto& argument : judgement.outcome.arguments) {
        if (argument.name == "domain" || argument.name == "reason") continue;
        rows +=
            fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_markup(evidence_label(argument.name)),
                        escape_markup(check::print(argument.value)));
    }
    return rows.empty() ? rows : "<dl>\n" + rows + "</dl>\n";
}

std::string records(const check::Judgement& judgement) {
    const auto& lines = judgement.outcome.fix_records;
    if (lines.empty()) return {};
    std::string out;
    for (const auto& line : lines)
        out += escape_markup(line) + "\n";
    return fmt::format("<p><strong>{}:</strong></p>\n<pre>{}</pre>\n",
                       judgement.next_step_only ? "To publish as the next step"
                       : lines.size() == 1      ? "Record to publish"
                                                : "Records to publish",
                       out);
}

constexpr std::array by_severity = {check::Severity::urgent, check::Severity::advisory,
                                    check::Severity::informational, check::Severity::positive};

bool is_finding(const check::Judgement& judgement, check::Severity severity) {
    return judgement.grade.status == check::Status::not_met && judgement.grade.severity == severity;
}

std::size_t count_findings(const check::Assessment& assessment, check::Severity severity) {
    return static_cast<std::size_t>(std::ranges::count_if(
        assessment.judgements,
        [&](const check::Judgement& judgement) { return is_finding(judgement, severity); }));
}

}  // namespace

void HtmlReport::begin() {
    out_ << head;
}

void HtmlReport::add_judgement(const check::Judgement& judgement, std::string_view ids) {
    const auto& grade = judgement.grade;
    const auto kind = css_class(judgement);
    fmt::print(out_, "<article class=\"is-{}\">\n<span class=\"tag {}\">{}</span>\n<h4>{}</h4>\n",
               kind, kind, label(judgement), escape_markup(judgement.title));
    if (grade.status == check::Status::not_met) {
        fmt::print(out_, "<p>{}. Who acts: <strong>{}</strong>.</p>\n", level_words(grade.level),
                   grade.owner == check::Owner::you ? "you" : "your provider");
    }
    out_ << evidence(judgement);
    if (const auto what = advice(judgement); !what.empty())
        fmt::print(out_, "<p><strong>What to do:</strong> {}</p>\n", escape_markup(what));
    out_ << records(judgement);
    fmt::print(out_, "<p class=\"muted\">{}: <code>{}</code>{}</p>\n</article>\n",
               ids.find(',') == std::string_view::npos ? "Check" : "Checks", ids,
               grade.status == check::Status::not_met
                   ? fmt::format(". Source: {}", fmt::join(judgement.check->references, ", "))
                   : "");
}

// "2 urgent", "5 advisory"...: how much there is to do, at a glance.
void HtmlReport::add_counts(const check::Assessment& assessment) {
    out_ << "<ul class=\"counts\">\n";
    for (const auto severity : by_severity) {
        const auto count = count_findings(assessment, severity);
        if (count > 0) {
            fmt::print(out_, "<li class=\"tag {}\">{} {}</li>\n", check::print(severity), count,
                       check::print(severity));
        }
    }
    const auto& summary = assessment.summary;
    if (summary.cannot_tell > 0) {
        fmt::print(out_, "<li class=\"tag unknown\">{} we could not check</li>\n",
                   summary.cannot_tell);
    }
    fmt::print(out_, "<li class=\"tag positive\">{} met</li>\n</ul>\n",
               summary.met + summary.accepted);
}

// Under a heading of its own, so that the levels of headings never jump.
void HtmlReport::add_rest(const check::Assessment& assessment, std::string_view title,
                          std::initializer_list<check::Status> wanted) {
    bool first = true;
    for (const auto& judgement : assessment.judgements) {
        if (std::ranges::find(wanted, judgement.grade.status) == wanted.end()) continue;
        if (first) fmt::print(out_, "<h3>{}</h3>\n", title);
        first = false;
        add_judgement(judgement, judgement.check->id);
    }
}

void HtmlReport::add(const check::Assessment& assessment) {
    const auto& summary = assessment.summary;
    ++domains_;
    const auto name = assessment.domain.text();
    const auto unicode = codec::dns::print_unicode(assessment.domain);
    const auto shown =
        escape_markup(unicode == name ? name : fmt::format("{} ({})", unicode, name));
    if (contents_.size() < contents_max)
        contents_.push_back({shown, summary, count_findings(assessment, check::Severity::urgent)});
    fmt::print(out_, "<section id=\"d{}\">\n<h2>{}</h2>\n", domains_, shown);
    fmt::print(
        out_, "<p class=\"muted\">{} <time datetime=\"{}\">{}</time>. Judged by {}.</p>\n",
        assessment.source == fact::Source::live ? "Measured live on" : "Read from zone files on",
        base::print(assessment.measured_at), print_for_people(assessment.measured_at),
        escape_markup(assessment.profile));
    fmt::print(out_, "<p><strong>{} of {} requirements met.</strong> {} do not apply.</p>\n",
               summary.met + summary.accepted,
               summary.met + summary.accepted + summary.not_met + summary.cannot_tell,
               summary.not_applicable);
    add_counts(assessment);
    if (summary.not_met > 0) {
        out_ << "<h3>What to do</h3>\n";
    } else {
        out_ << "<p>We found nothing that you need to change.</p>\n";
    }
    for (const auto severity : by_severity) {
        for (const auto& judgement : assessment.judgements) {
            if (is_finding(judgement, severity)) add_judgement(judgement, judgement.check->id);
        }
    }
    if (summary.cannot_tell > 0) out_ << "<h3>What we could not check</h3>\n";
    for (const auto& [judgement, ids] : unchecked(assessment))
        add_judgement(*judgement, fmt::format("{}", fmt::join(ids, ", ")));
    if (summary.met + summary.accepted + summary.not_applicable > 0) {
        fmt::print(out_,
                   "<details>\n<summary>Show what is met and what does not apply ({})</summary>\n",
                   summary.met + summary.accepted + summary.not_applicable);
        add_rest(assessment, "What is met", {check::Status::met, check::Status::accepted});
        add_rest(assessment, "What does not apply", {check::Status::not_applicable});
        out_ << "</details>\n";
    }
    out_ << "</section>\n";
}

void HtmlReport::add_contents() {
    out_ << "<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">Domains in this report</h2>\n"
            "<ul>\n";
    for (std::size_t i = 0; i < contents_.size(); ++i) {
        const auto& row = contents_[i];
        fmt::print(out_, "<li><a href=\"#d{}\">{}</a> <span>", i + 1, row.name);
        fmt::print(out_, "{} to do, ", row.summary.not_met);
        if (row.urgent > 0) fmt::print(out_, "<strong>{} urgent</strong>, ", row.urgent);
        fmt::print(out_, "{} we could not check</span></li>\n", row.summary.cannot_tell);
    }
    out_ << "</ul>\n";
    if (domains_ > contents_.size()) {
        fmt::print(out_, "<p>And {} more domains, which this list leaves out.</p>\n",
                   domains_ - contents_.size());
    }
    out_ << "</nav>\n";
}

void HtmlReport::end() {
    if (domains_ == 0) out_ << "<p>No domain was checked.</p>\n";
    if (domains_ > 1) add_contents();
    fmt::print(out_,
               "</main>\n<footer>\n<div class=\"inner\">\n<p>Made by Assay {}. {} {} checked.</p>\n"
               "</div>\n</footer>\n</body>\n</html>\n",
               escape_markup(version_), domains_, domains_ == 1 ? "domain" : "domains");
}

}  // namespace assay::render
