#include "render/html.hpp"

#include <fmt/ostream.h>

#include "render/document.hpp"

namespace assay::render {

namespace {

// Contrast at least 4.5:1 (WCAG 2.2 AA); every colour stands beside its word.
constexpr std::string_view head = R"(<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Assay: domain security report</title>
<style>
:root { --text: #0b0c0c; --muted: #505a5f; --line: #b1b4b6; --link: #1d70b8; --panel: #f3f2f1; }
* { box-sizing: border-box; }
body {
  margin: 0; color: var(--text); background: #fff;
  font: 1.0625rem/1.5 Arial, Helvetica, sans-serif; }
main, header, footer { max-width: 62rem; margin: 0 auto; padding: 1rem 1.25rem; }
header { border-bottom: .5rem solid var(--link); }
h1 { font-size: 2rem; line-height: 1.2; margin: .5rem 0; }
h2 { font-size: 1.5rem; margin: 2.5rem 0 .25rem; overflow-wrap: anywhere; }
h3 { font-size: 1.1875rem; margin: 1.5rem 0 .5rem; }
p { margin: .25rem 0 .75rem; max-width: 44rem; }
.muted { color: var(--muted); }
.skip { position: absolute; left: -999rem; }
.skip:focus { position: static; }
a { color: var(--link); }
a:focus, summary:focus {
  outline: .1875rem solid #fd0; outline-offset: 0; background: #fd0; color: #0b0c0c; }
article { border-top: 1px solid var(--line); padding: .75rem 0; }
article h4 { font-size: 1.0625rem; margin: 0; }
.tag { display: inline-block; min-width: 8.5rem; padding: .0625rem .5rem; margin-right: .5rem;
       font-weight: bold;
       font-size: .875rem; text-align: center; border: 2px solid currentColor; }
.urgent { color: #942514; background: #f6d7d2; }
.advisory { color: #594d00; background: #fff7bf; }
.informational { color: #144e81; background: #d2e2f1; }
.positive { color: #005a30; background: #cce2d8; }
.unknown { color: #3d2375; background: #dbd5e9; }
.none { color: #383f43; background: #eeefef; }
dl {
  margin: .5rem 0; display: grid; grid-template-columns: minmax(7rem, max-content) 1fr;
  gap: .125rem 1rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
pre { background: var(--panel); padding: .75rem; overflow-x: auto; white-space: pre-wrap;
      overflow-wrap: anywhere; margin: .5rem 0;
      font: .9375rem/1.4 "Courier New", Courier, monospace; }
details { margin: 1rem 0; }
summary { cursor: pointer; color: var(--link); text-decoration: underline; }
@media print { details { display: block; } .skip { display: none; } }
</style>
</head>
<body>
<a class="skip" href="#main">Skip to the results</a>
<header>
<h1>Domain security report</h1>
<p class="muted">Made by Assay. Every finding says who must act, what to do, and which record to
publish.</p>
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

std::string_view level_words(check::Level level) {
    switch (level) {
        case check::Level::must: return "required";
        case check::Level::should: return "recommended";
        case check::Level::may: return "optional";
    }
    return "optional";
}

bool needs_attention(const check::Judgement& judgement) {
    return judgement.grade.status == check::Status::not_met ||
           judgement.grade.status == check::Status::cannot_tell;
}

}  // namespace

void HtmlReport::begin() {
    out_ << head;
}

void HtmlReport::add_judgement(const check::Judgement& judgement) {
    fmt::print(out_, "<article>\n<h4><span class=\"tag {}\">{}</span>{}</h4>\n",
               css_class(judgement), label(judgement), escape_markup(judgement.title));
    fmt::print(
        out_, "<p class=\"muted\"><code>{}</code>, {}{}</p>\n", judgement.check->id,
        level_words(judgement.grade.level),
        judgement.grade.owner == check::Owner::provider ? ", for your provider to mend" : "");
    std::string rows;
    for (const auto& argument : judgement.outcome.arguments) {
        if (argument.name == "domain" || argument.name == "reason") continue;
        rows += fmt::format("<dt>{}</dt><dd>{}</dd>\n", escape_markup(argument.name),
                            escape_markup(check::print(argument.value)));
    }
    if (!rows.empty()) fmt::print(out_, "<dl>\n{}</dl>\n", rows);
    if (!judgement.fix.empty())
        fmt::print(out_, "<p><strong>Do:</strong> {}</p>\n", escape_markup(judgement.fix));
    if (!judgement.outcome.fix_records.empty()) {
        std::string records;
        for (const auto& record : judgement.outcome.fix_records)
            records += escape_markup(record) + "\n";
        fmt::print(out_, "<pre>{}</pre>\n", records);
    }
    fmt::print(out_, "</article>\n");
}

void HtmlReport::add(const check::Assessment& assessment) {
    const auto& summary = assessment.summary;
    ++domains_;
    total_.met += summary.met + summary.accepted;
    total_.not_met += summary.not_met;
    total_.cannot_tell += summary.cannot_tell;
    const auto shown = codec::dns::print_unicode(assessment.domain);
    fmt::print(out_, "<section>\n<h2>{}</h2>\n", escape_markup(shown));
    fmt::print(out_, "<p class=\"muted\">Judged by {}, {}, {}.</p>\n",
               escape_markup(assessment.profile),
               assessment.source == fact::Source::live ? "measured live" : "read from zone files",
               base::print(assessment.measured_at));
    fmt::print(out_,
               "<p><strong>{} of {} requirements met.</strong> {} not met, {} could not be told, "
               "{} do not apply.</p>\n",
               summary.met + summary.accepted,
               summary.met + summary.accepted + summary.not_met + summary.cannot_tell,
               summary.not_met, summary.cannot_tell, summary.not_applicable);
    using check::Severity;
    bool clean = true;
    for (const auto severity :
         {Severity::urgent, Severity::advisory, Severity::informational, Severity::positive}) {
        for (const auto& judgement : assessment.judgements) {
            if (judgement.grade.status != check::Status::not_met ||
                judgement.grade.severity != severity)
                continue;
            if (clean) out_ << "<h3>What to do</h3>\n";
            clean = false;
            add_judgement(judgement);
        }
    }
    if (clean) out_ << "<p>Nothing is known to be wrong.</p>\n";
    if (summary.cannot_tell > 0) {
        out_ << "<h3>What could not be told</h3>\n";
        for (const auto& judgement : assessment.judgements) {
            if (judgement.grade.status == check::Status::cannot_tell) add_judgement(judgement);
        }
    }
    fmt::print(out_, "<details>\n<summary>What is met and what does not apply in {}</summary>\n",
               escape_markup(shown));
    for (const auto& judgement : assessment.judgements) {
        if (!needs_attention(judgement)) add_judgement(judgement);
    }
    out_ << "</details>\n</section>\n";
}

void HtmlReport::end() {
    fmt::print(out_,
               "</main>\n<footer>\n<p>{} {}: {} requirements met, {} not met, {} could not be "
               "told.</p>\n</footer>\n"
               "</body>\n</html>\n",
               domains_, domains_ == 1 ? "domain" : "domains", total_.met, total_.not_met,
               total_.cannot_tell);
}

}  // namespace assay::render
