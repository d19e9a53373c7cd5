#include "render/text.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <algorithm>
#include <set>
#include <string>

#include "base/text.hpp"
#include "render/document.hpp"

namespace assay::render {

namespace {

inline constexpr std::size_t columns = 100;
inline constexpr std::size_t evidence_columns_max = 300;  // ours: a record is shown, not a novel

constexpr std::string_view could_not_tell = "Could not tell";
constexpr std::string_view not_applicable = "Does not apply";
constexpr std::string_view met = "Met";

// In the order of the page: what must be done first.
constexpr std::string_view sections[] = {"Urgent",       "Advisory", "Informational",
                                         could_not_tell, met,        not_applicable};

std::string_view section_of(const check::Judgement& judgement) {
    switch (judgement.grade.status) {
        case check::Status::cannot_tell: return could_not_tell;
        case check::Status::not_applicable: return not_applicable;
        case check::Status::met:
        case check::Status::accepted: return met;
        case check::Status::not_met: return heading(judgement.grade.severity);
    }
    return could_not_tell;
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
    fmt::print(out_, "  - {}\n", wrap(title, 4, columns));
    std::string what =
        fmt::format("{} ({})", judgement.check->id, check::print(judgement.grade.level));
    if (judgement.grade.owner == check::Owner::provider) what += ", for your provider";
    fmt::print(out_, "    {}\n", paint(what, "2"));
    const bool explain = judgement.grade.status == check::Status::not_met || options_.verbose;
    if (!explain) return;
    for (const auto& argument : judgement.outcome.arguments) {
        if (argument.name == "domain" || argument.name == "reason") continue;
        fmt::print(out_, "      {}\n", wrap(line_of(argument), 8, columns));
    }
    if (!judgement.fix.empty()) fmt::print(out_, "    Do: {}\n", wrap(judgement.fix, 8, columns));
    for (const auto& record : judgement.outcome.fix_records) {
        fmt::print(out_, "      {}\n", base::quote_for_display(record, 5000));
    }
}

// Many checks fail to tell for one reason: it stands once, with the checks below it.
void TextReport::add_unknown(const check::Assessment& assessment) {
    std::vector<std::pair<const check::Judgement*, std::string>> groups;  // the first, all ids
    for (const auto& judgement : assessment.judgements) {
        if (section_of(judgement) != could_not_tell) continue;
        const auto same = std::ranges::find_if(groups, [&](const auto& group) {
            return group.first->title == judgement.title && group.first->fix == judgement.fix;
        });
        if (same == groups.end()) {
            groups.emplace_back(&judgement, judgement.check->id);
        } else {
            same->second += fmt::format(", {}", judgement.check->id);
        }
    }
    if (!groups.empty())
        fmt::print(out_, "\n{}\n", paint(could_not_tell, colour_of(could_not_tell)));
    for (const auto& [judgement, ids] : groups) {
        const auto title = base::quote_for_display(to_utf8(judgement->title), 1000);
        fmt::print(out_, "  - {}\n", wrap(title, 4, columns));
        fmt::print(out_, "    {}\n", paint(wrap(ids, 4, columns), "2"));
        if (!judgement->fix.empty())
            fmt::print(out_, "    Do: {}\n", wrap(judgement->fix, 8, columns));
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

void TextReport::add(const check::Assessment& assessment) {
    const auto& summary = assessment.summary;
    ++domains_;
    if (summary.not_met == 0) ++(summary.cannot_tell == 0 ? clean_ : unknown_);
    if (options_.fix_only) {
        std::set<std::string> printed;  // one record can mend several findings
        for (const auto& judgement : assessment.judgements) {
            if (judgement.grade.status != check::Status::not_met || judgement.next_step_only)
                continue;
            for (const auto& record : judgement.outcome.fix_records) {
                if (printed.insert(record).second) fmt::print(out_, "{}\n", record);
            }
        }
        return;
    }
    const auto name = assessment.domain.text();
    const auto shown = codec::dns::print_unicode(assessment.domain);
    fmt::print(out_, "{}{}\n", domains_ > 1 ? "\n" : "",
               paint(shown == name ? name : fmt::format("{} ({})", shown, name), "1"));
    fmt::print(out_, "{}, {}, {}\n", assessment.profile,
               assessment.source == fact::Source::live ? "measured live" : "read from zone files",
               base::print(assessment.measured_at));
    for (const auto section : sections) {
        const bool quiet = section == met || section == not_applicable;
        if (section == could_not_tell) {
            add_unknown(assessment);
        } else if (!quiet || options_.verbose) {
            add_section(assessment, section);
        }
    }
    fmt::print(out_,
               "\n{} of {} requirements met, {} not met, {} could not be told, {} do not apply.\n",
               summary.met + summary.accepted,
               summary.met + summary.accepted + summary.not_met + summary.cannot_tell,
               summary.not_met, summary.cannot_tell, summary.not_applicable);
}

void TextReport::end() {
    if (domains_ < 2 || options_.fix_only) return;
    fmt::print(
        out_, "\n{} domains: {} meet every requirement, {} do not, {} could not be told in full.\n",
        domains_, clean_, domains_ - clean_ - unknown_, unknown_);
}

}  // namespace assay::render
