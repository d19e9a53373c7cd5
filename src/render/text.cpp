#include "render/text.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/text.hpp"
#include "render/document.hpp"
#include "render/words.hpp"

namespace assay::render {

namespace {

inline constexpr std::size_t evidence_columns_max = 300;  // ours: a record is shown, not a novel

constexpr std::string_view could_not_check = "We could not check";
constexpr std::string_view not_applicable = "Does not apply";
constexpr std::string_view met = "Met";

// In the order of the page: what must be done first.
constexpr std::string_view sections[] = {"Urgent",        "Advisory", "Informational",
                                         could_not_check, met,        not_applicable};

std::string_view section_of(const check::Judgement& judgement) {
    switch (judgement.grade.status) {
        case check::Status::cannot_tell: return could_not_check;
        case check::Status::not_applicable: return not_applicable;
        case check::Status::met:
        case check::Status::accepted: return met;
        case check::Status::not_met: return heading(judgement.grade.severity);
    }
    return could_not_check;
}

std::string_view colour_of(std::string_view section) {
    if (section == "Urgent") return "1;31";
    if (section == "Advisory") return "1;33";
    if (section == met) return "32";
    return "1";
}

std::string line_of(const check::Argument& argument) {
    return fmt::format("{}: {}", argument.name,
                       base::quote_for_display(check::print(argument.value), evidence_columns_max));
}

}  // namespace

std::string wrap(std::string_view text, std::size_t indent, std::size_t width) {
    std::string out;
    std::size_t column = indent;
    for (const auto word : base::split(text, ' ')) {
        if (word.empty()) continue;
        if (column + 1 + word.size() > width && column > indent) {
            out += "\n" + std::string(indent, ' ');
            column = indent;
        } else if (column > indent) {
            out += ' ';
            ++column;
        }
        out += word;
        column += word.size();
    }
    return out;
}

std::string TextReport::paint(std::string_view text, std::string_view code) const {
    return options_.colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
}

void TextReport::add_judgement(const check::Judgement& judgement) {
    const auto title = base::quote_for_display(to_utf8(judgement.title), 1000);
    fmt::print(out_, "  - {}\n", wrap(title, 4, options_.columns));
    std::string what =
        fmt::format("{} ({})", judgement.check->id, check::print(judgement.grade.level));
    if (judgement.grade.owner == check::Owner::provider) what += ", for your provider";
    fmt::print(out_, "    {}\n", paint(what, "2"));
    const bool explain = judgement.grade.status == check::Status::not_met || options_.verbose;
    if (!explain) return;
    for (const auto& argument : judgement.outcome.arguments) {
        if (argument.name == "domain" || argument.name == "reason") continue;
        fmt::print(out_, "      {}\n", wrap(line_of(argument), 8, options_.columns));
    }
    if (const auto todo = advice(judgement); !todo.empty()) print_advice(todo);
    for (const auto& record : judgement.outcome.fix_records) {
        fmt::print(out_, "      {}\n", base::quote_for_display(record, 5000));
    }
}

void TextReport::print_advice(std::string_view what) const {
    fmt::print(out_, "    {}\n", wrap(fmt::format("What to do: {}", what), 6, options_.columns));
}

// The reason stands once, with the checks below it.
void TextReport::add_unknown(const check::Assessment& assessment) {
    const auto groups = unchecked(assessment);
    if (!groups.empty())
        fmt::print(out_, "\n{}\n", paint(could_not_check, colour_of(could_not_check)));
    for (const auto& [judgement, ids] : groups) {
        const auto title = base::quote_for_display(to_utf8(judgement->title), 1000);
        fmt::print(out_, "  - {}\n", wrap(title, 4, options_.columns));
        fmt::print(out_, "    {}\n",
                   paint(wrap(fmt::format("{}", fmt::join(ids, ", ")), 4, options_.columns), "2"));
        if (!judgement->fix.empty()) print_advice(judgement->fix);
    }
}

void TextReport::add_section(const check::Assessment& assessment, std::string_view name) {
    bool first = true;
    for (const auto& judgement : assessment.judgements) {
        if (section_of(judgement) != name) continue;
        if (first) fmt::print(out_, "\n{}\n", paint(name, colour_of(name)));
        first = false;
        add_judgement(judgement);
    }
}

namespace {

bool is_in_zone(std::string_view record, const codec::dns::Name& domain) {
    const auto owner = codec::dns::parse_name(record.substr(0, record.find(' ')));
    return owner && owner->is_at_or_below(domain);
}

// In front of a record that cannot be published as it stands: it makes the line a comment.
std::string_view condition_of(const check::Judgement& judgement, std::string_view record,
                              const codec::dns::Name& domain) {
    if (!is_in_zone(record, domain)) return "; For another organisation to publish: ";
    return judgement.raises_policy ? "; Only when your reports show that your own mail passes: "
                                   : "";
}

}  // namespace

void TextReport::add(const check::Assessment& assessment) {
    const auto& summary = assessment.summary;
    ++domains_;
    if (summary.not_met == 0) ++(summary.cannot_tell == 0 ? clean_ : unknown_);
    if (options_.fix_only) {
        std::set<std::string> printed;  // one record can fix several findings
        for (const auto& judgement : assessment.judgements) {
            if (judgement.grade.status != check::Status::not_met || judgement.next_step_only)
                continue;
            for (const auto& record : judgement.outcome.fix_records) {
                if (!printed.insert(record).second) continue;
                fmt::print(out_, "{}{}\n", condition_of(judgement, record, assessment.domain),
                           record);
            }
        }
        return;
    }
    const auto name = assessment.domain.text();
    const auto shown = codec::dns::print_unicode(assessment.domain);
    fmt::print(out_, "{}{}\n", domains_ > 1 ? "\n" : "",
               paint(shown == name ? name : fmt::format("{} ({})", shown, name), "1"));
    const auto made = fmt::format(
        "{}, {}, {}", assessment.profile,
        assessment.source == fact::Source::live ? "measured live" : "read from zone files",
        base::print(assessment.measured_at));
    fmt::print(out_, "{}\n", wrap(made, 0, options_.columns));
    for (const auto section : sections) {
        const bool quiet = section == met || section == not_applicable;
        if (section == could_not_check) {
            add_unknown(assessment);
        } else if (!quiet || options_.verbose) {
            add_section(assessment, section);
        }
    }
    const auto counts = fmt::format(
        "{} of {} requirements met, {} not met, {} we could not check, {} do not apply.",
        summary.met + summary.accepted,
        summary.met + summary.accepted + summary.not_met + summary.cannot_tell, summary.not_met,
        summary.cannot_tell, summary.not_applicable);
    fmt::print(out_, "\n{}\n", wrap(counts, 0, options_.columns));
}

void TextReport::end() {
    if (domains_ < 2 || options_.fix_only) return;
    const auto counts = fmt::format(
        "{} domains: {} meet every requirement, {} do not, {} we could not check in full.",
        domains_, clean_, domains_ - clean_ - unknown_, unknown_);
    fmt::print(out_, "\n{}\n", wrap(counts, 0, options_.columns));
}

}  // namespace assay::render
