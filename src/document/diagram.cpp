#include "document/diagram.hpp"

#include <fmt/format.h>

#include "base/date.hpp"
#include "base/text.hpp"
#include "document/child.hpp"
#include "document/page.hpp"

namespace assay::document {

namespace {

constexpr const char* dot_program = "/usr/bin/dot";
constexpr ChildLimits dot_limits{.output_max = 16 << 20, .timeout_ms = 60'000};
constexpr std::size_t line_characters = 26;  // of a box's text, before it is broken

struct SectionLook {
    std::string_view fill, edge;
    bool outside;  // drawn beyond what it connects to
};

// In the order of DiagramSection. The text on each is black, 15 : 1 or better.
constexpr std::array<SectionLook, diagram_sections> looks{{{"#e8f1f5", "#0d4d6b", false},
                                                           {"#eaf3e6", "#2f6b1f", true},
                                                           {"#eaf3e6", "#2f6b1f", true},
                                                           {"#fdf1dc", "#8a5a00", true},
                                                           {"#f7e4e4", "#8f1d1d", false},
                                                           {"#efe9f7", "#553285", false},
                                                           {"#f0f0ee", "#4a4a44", true}}};

std::string title_of(const Diagram& diagram, std::size_t section) {
    const std::array<std::string, diagram_sections> titles{
        "Local connections",
        "Remote connections and access over " + diagram.network,
        "Other remote connections and access",
        "Connections to other organisations",
        "Security devices",
        "Wireless devices",
        "Infrastructure and connections outside the UK"};
    return titles[section];
}

std::string print_users(const DiagramItem& item) {
    return item.users == 1 ? "About 1 user" : fmt::format("About {} users", *item.users);
}

// What is said of an item below its name.
std::vector<std::string> facts_of(const DiagramItem& item) {
    std::vector<std::string> out;
    if (item.users) out.push_back(print_users(item));
    if (!item.reason.empty()) out.push_back("Why: " + item.reason);
    if (!item.boundary.empty()) out.push_back("Responsibility changes at: " + item.boundary);
    if (!item.country.empty()) out.push_back("In " + item.country);
    return out;
}

std::size_t character_octets(char first) {
    const auto byte = static_cast<unsigned char>(first);
    return byte < 0x80 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

// For a quoted string of Graphviz: it reads backslashes there, then entities, and no markup.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c == '&' ? std::string("&amp;") : std::string(1, c);
    }
    return out;
}

// Lines of about `line_characters`, broken at spaces; a longer word is broken within.
std::string wrapped(std::string_view text) {
    std::string out;
    std::size_t column = 0;
    for (const auto word : base::split(text, ' ')) {
        std::size_t length = 0;
        for (std::size_t at = 0; at < word.size(); at += character_octets(word[at]))
            ++length;
        if (column > 0) {
            const bool fits = column + 1 + length <= line_characters;
            out += fits ? " " : "\\n";
            column = fits ? column + 1 : 0;
        }
        for (std::size_t at = 0; at < word.size();) {
            if (column == line_characters) {
                out += "\\n";
                column = 0;
            }
            const auto size = character_octets(word[at]);
            out += escaped(word.substr(at, size));
            at += size;
            ++column;
        }
    }
    return out;
}

std::string label_of(const DiagramItem& item) {
    std::string out = wrapped(item.name);
    for (const auto& fact : facts_of(item))
        out += "\\n" + wrapped(fact);
    return out;
}

std::vector<std::pair<const DiagramItem*, std::size_t>> all_items(const Diagram& diagram) {
    std::vector<std::pair<const DiagramItem*, std::size_t>> out;
    for (std::size_t section = 0; section < diagram_sections; ++section) {
        for (const auto& item : diagram.sections[section])
            out.emplace_back(&item, section);
    }
    return out;
}

// The names of what each item connects to, whichever of the two the description says it at.
std::vector<std::vector<std::string>> neighbours_of(const Diagram& diagram) {
    const auto all = all_items(diagram);
    std::vector<std::vector<std::string>> out(all.size());
    for (std::size_t place = 0; place < all.size(); ++place) {
        for (const auto to : all[place].first->to) {
            out[place].push_back(all[to].first->name);
            out[to].push_back(all[place].first->name);
        }
    }
    return out;
}

base::Result<std::string> drawing_of(const Diagram& diagram) {
    auto drawn = run_child(dot_program, {"-Tpdf"}, {}, diagram_dot(diagram), dot_limits);
    if (!drawn && drawn.error().kind == base::ErrorKind::usage) {
        return base::fail(base::ErrorKind::usage,
                          "Graphviz is not installed; install the package graphviz");
    }
    if (!drawn && drawn.error().kind == base::ErrorKind::timeout) {
        return base::fail(base::ErrorKind::limit,
                          fmt::format("the diagram cannot be drawn within {} seconds. Put what is "
                                      "alike into one item, so that there are fewer connections",
                                      dot_limits.timeout_ms / 1000));
    }
    if (!drawn) return std::unexpected(drawn.error());
    if (drawn->status != 0 || !drawn->output.starts_with("%PDF-")) {
        return base::fail(base::ErrorKind::internal,
                          fmt::format("Graphviz ended with {}: {}", drawn->status,
                                      base::quote_for_display(drawn->complaints)));
    }
    return std::move(drawn->output);
}

void put_words(const Diagram& diagram, std::vector<Block>& blocks) {
    blocks.emplace_back(Heading{2, "What the diagram shows"});
    const auto neighbours = neighbours_of(diagram);
    std::size_t place = 0;
    for (std::size_t section = 0; section < diagram_sections; ++section) {
        blocks.emplace_back(Heading{3, title_of(diagram, section)});
        Rows rows;
        for (const auto& item : diagram.sections[section]) {
            auto lines = facts_of(item);
            const auto names = base::join(neighbours[place++], ", ");
            lines.push_back("Connects to: " + (names.empty() ? "nothing shown here" : names));
            rows.rows.emplace_back(item.name, base::join(lines, "\n"));
        }
        if (rows.rows.empty()) {
            blocks.emplace_back(Paragraph{"None."});
        } else {
            blocks.emplace_back(std::move(rows));
        }
    }
}

}  // namespace

std::string diagram_dot(const Diagram& diagram) {
    std::string out =
        "digraph diagram {\n"
        "graph [rankdir=LR, margin=0, fontname=\"DejaVu Sans\", fontsize=11, nodesep=0.2, "
        "ranksep=0.7, "
        "splines=true, pad=0.05, style=rounded, color=\"#9aa5ad\"];\n"
        "node [shape=box, style=\"rounded,filled\", fontname=\"DejaVu Sans\", fontsize=9, "
        "margin=\"0.12,0.07\"];\n"
        "edge [dir=none, color=\"#333b42\"];\n";
    std::size_t place = 0;
    for (std::size_t section = 0; section < diagram_sections; ++section) {
        out += fmt::format("subgraph cluster_{} {{\nmargin=8;\nlabel=\"{}\";\n", section,
                           wrapped(title_of(diagram, section)));
        for (const auto& item : diagram.sections[section]) {
            out += fmt::format("n{} [label=\"{}\", fillcolor=\"{}\", color=\"{}\"];\n", place++,
                               label_of(item), looks[section].fill, looks[section].edge);
        }
        if (diagram.sections[section].empty())
            out += fmt::format("none{} [shape=plaintext, style=\"\", label=\"None\"];\n", section);
        out += "}\n";
    }
    place = 0;
    for (const auto& [item, section] : all_items(diagram)) {
        for (const auto to : item->to) {
            const auto from = looks[section].outside ? to : place;
            out += fmt::format("n{} -> n{};\n", from, looks[section].outside ? place : to);
        }
        ++place;
    }
    return out + "}\n";
}

base::Result<std::string> diagram_pdf(const Diagram& diagram) {
    Document out;
    const auto day = base::print_long(diagram.created);
    out.title = "Network diagram: " + diagram.environment;
    out.author = diagram.organisation;
    out.subject = out.title;
    out.date = std::chrono::sys_days(diagram.created);
    out.footer = fmt::format("{} \u00b7 {} \u00b7 {}", diagram.organisation, out.title, day);
    out.size = {841.89, 595.28};  // A4 landscape
    out.title_size = 15;
    out.blocks.emplace_back(Letterhead{diagram.organisation});
    out.blocks.emplace_back(Heading{1, out.title});
    out.blocks.emplace_back(Paragraph{"Made on " + day + "."});
    out.blocks.emplace_back(
        Drawing{fmt::format("Network diagram of {}. The next pages say in words all that it shows.",
                            diagram.organisation)});
    put_words(diagram, out.blocks);
    ASSAY_TRY(auto drawing, drawing_of(diagram));
    out.drawing = std::move(drawing);
    return render(out);
}

}  // namespace assay::document
