#include "document/diagram.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "document/pdf_check.hpp"
#include "document/qpdf.hpp"
#include "temporary_folder.hpp"

namespace assay::document {

namespace {

constexpr std::string_view example =
    "organisation: Example Borough Council\n"
    "environment: Corporate network\n"
    "created: 2026-11-24\n"
    "network: PSN\n"
    "local:\n"
    "  - {id: hall, name: Town Hall, users: 450, to: [firewall, gateway]}\n"
    "  - {name: Depot, users: 1, to: hall}\n"
    "remote-network: none\n"
    "remote-other:\n"
    "  - {name: Home working, users: 300, to: firewall}\n"
    "external:\n"
    "  - organisation: Example Payroll Ltd\n"
    "    reason: Pays our staff\n"
    "    boundary: Their router\n"
    "    to: firewall\n"
    "security:\n"
    "  - {id: firewall, name: Firewall pair}\n"
    "  - {id: gateway, name: PSN gateway}\n"
    "wireless: none\n"
    "offshore: none\n";

std::string with(std::string_view from, std::string_view to) {
    std::string out(example);
    const auto at = out.find(from);
    REQUIRE(at != std::string::npos);
    return out.replace(at, from.size(), to);
}

std::string refusal(const std::string& yaml) {
    const auto read = read_diagram(yaml, "net.yaml");
    if (read) return "";
    CHECK(read.error().kind == base::ErrorKind::usage);
    return read.error().detail;
}

DiagramItem item(std::string name) {
    DiagramItem out;
    out.name = std::move(name);
    return out;
}

}  // namespace

TEST_CASE("a description of a network is read with all its parts") {
    const auto diagram = read_diagram(example, "net.yaml").value();
    CHECK(diagram.organisation == "Example Borough Council");
    CHECK(diagram.created == std::chrono::year_month_day(std::chrono::year(2026),
                                                         std::chrono::month(11),
                                                         std::chrono::day(24)));
    const auto& local = diagram.sections[static_cast<std::size_t>(DiagramSection::local)];
    REQUIRE(local.size() == 2);
    CHECK(local[0].users == 450);
    CHECK(local[0].to == std::vector<std::size_t>{4, 5});  // after two, one and one item
    CHECK(local[1].to == std::vector<std::size_t>{0});
    const auto& external = diagram.sections[static_cast<std::size_t>(DiagramSection::external)];
    REQUIRE(external.size() == 1);
    CHECK(external[0].name == "Example Payroll Ltd");
    CHECK(external[0].reason == "Pays our staff");
    CHECK(external[0].boundary == "Their router");
    CHECK(diagram.sections[static_cast<std::size_t>(DiagramSection::wireless)].empty());
}

TEST_CASE("each part that a network diagram must show is missed by its line and rule") {
    const std::pair<const char*, const char*> parts[] = {
        {"organisation: Example Borough Council\n", "(R-12 a)"},
        {"environment: Corporate network\n", "(R-12 a)"},
        {"created: 2026-11-24\n", "(R-12 b)"},
        {"network: PSN\n", "(R-12 c)"},
        {"remote-network: none\n", "(R-12 c)"},
        {"wireless: none\n", "(R-12 f)"},
        {"offshore: none\n", "(R-12 g)"}};
    for (const auto& [line, rule] : parts) {
        CAPTURE(std::string(line));
        const auto said = refusal(with(line, ""));
        CHECK(said.starts_with("net.yaml:1: '"));
        CHECK(said.contains("is missing"));
        CHECK(said.ends_with(rule));
    }
    CHECK(refusal(with("wireless: none\n", "")).contains("write 'wireless: none'"));
    CHECK(refusal(with("    reason: Pays our staff\n", "")).starts_with("net.yaml:12: 'reason'"));
    CHECK(refusal(with("    boundary: Their router\n", "")).contains("'boundary' is missing"));
    CHECK(refusal(with("    to: firewall\n", "")).contains("(R-12 d)"));
    CHECK(refusal(with(", users: 300", "")).contains("net.yaml:10: 'users' is missing"));
}

TEST_CASE("a description with a mistake is refused with its line") {
    const std::tuple<const char*, const char*, const char*> mistakes[] = {
        {"wireless: none", "wireless:", "net.yaml:19: 'wireless' must be a list"},
        {"wireless: none", "wireless: []", "must be a list, or the word none"},
        {"wireless: none", "wireless: nothing", "must be a list, or the word none"},
        {"wireless: none", "wireless: [x]", "each of 'wireless' is a map"},
        {"wireless: none", "wireles: none", "'wireles' is not known here; use organisation"},
        {"wireless: none", "offshore: none\nwireless: none", "'offshore' stands here twice"},
        {"2026-11-24", "24.11.2026", "net.yaml:3: write the date as 2026-11-24"},
        {"2026-11-24", "2026-02-30", "write the date"},
        {"users: 300", "users: many", "net.yaml:10: write about how many users"},
        {"users: 300", "users: -1", "whole number"},
        {"users: 300", "user: 300", "'user' is not known here"},
        {"name: Depot", "name: ''", "'name' is empty"},
        {"name: Depot", "name: [a]", "'name' must be a text"},
        {"name: Depot", "name: \"a\\tb\"", "one line of plain UTF-8"},
        {"to: hall", "to: cellar", "net.yaml:7: nothing has the id 'cellar'"},
        {"id: gateway", "id: hall", "the id 'hall' is given twice"},
        {"network: PSN", "network: {a: [}", "net.yaml:4: "},
        {"network: PSN", "network: *a", "net.yaml:4: "}};
    for (const auto& [from, to, said] : mistakes) {
        CAPTURE(std::string(to));
        CHECK(refusal(with(from, to)).contains(said));
    }
    CHECK(refusal("").contains("begins with 'organisation"));
    CHECK(refusal("[1, 2]").contains("begins with 'organisation"));
    CHECK(refusal(std::string(2'000, '[')).starts_with("net.yaml:1: "));
}

TEST_CASE("a description that is too large, or has too much in it, is refused") {
    std::string long_name(diagram_label_characters_max, 'x');
    CHECK(refusal(with("Depot", long_name)) == "");
    CHECK(refusal(with("Depot", long_name + "x")).contains("200 characters"));
    std::string welsh;
    for (std::size_t i = 0; i < diagram_label_characters_max; ++i)
        welsh += "\u0175";
    CHECK(refusal(with("Depot", welsh)) == "");
    CHECK(refusal(std::string(example) + std::string(diagram_octets_max, '#')).contains("bytes"));
    std::string many = "wireless:\n";
    for (std::size_t i = 0; i < diagram_items_max - 6; ++i)
        many += "  - {name: a, to: hall}\n";
    CHECK(refusal(with("wireless: none\n", many)) == "");
    CHECK(refusal(with("wireless: none\n", many + "  - {name: a, to: hall}\n"))
              .contains("500 items"));
    std::string connected = "to: [";
    for (std::size_t i = 0; i <= diagram_connections_max; ++i)
        connected += "hall,";
    CHECK(refusal(with("to: hall", connected + "]")).contains("connections at most"));
}

TEST_CASE("no text of a description becomes markup or an attribute for Graphviz") {
    Diagram diagram;
    for (auto& section : diagram.sections)
        section.clear();
    diagram.sections[0] = {item("a\", shape=egg, x=\""), item("<b>&lt;</b>"), item("\\N\\"),
                           item("\\\"]; evil [label=\"")};
    const auto dot = diagram_dot(diagram);
    CHECK(dot.contains("label=\"a\\\", shape=egg, x=\\\"\""));
    CHECK(dot.contains("label=\"<b>&amp;lt;</b>\""));
    CHECK(dot.contains("label=\"\\\\N\\\\\""));
    CHECK(dot.contains("label=\"\\\\\\\"]; evil [label=\\\"\""));
    CHECK(dot.contains("label=\"None\""));
}

TEST_CASE("a network diagram is a PDF whose text can be searched, the same bytes each time") {
    const auto diagram = read_diagram(example, "net.yaml").value();
    const auto bytes = diagram_pdf(diagram).value();
    CHECK(diagram_pdf(diagram).value() == bytes);
    test::TemporaryFolder folder;
    test::write_file(folder / "a.pdf", bytes);
    const auto facts = check_pdf(folder / "a.pdf", 10'000'000).value();
    REQUIRE(facts.has_value());
    CHECK(facts->pages == 3);
    CHECK(facts->pages_without_text == 0);
    CHECK(facts->created == std::chrono::sys_days(diagram.created));
    QPDF pdf;
    pdf.processMemoryFile("diagram", bytes.data(), bytes.size());
    auto page = QPDFPageDocumentHelper(pdf).getAllPages().at(0);
    auto box = page.getAttribute("/MediaBox", false);
    CHECK(box.getArrayItem(2).getNumericValue() > box.getArrayItem(3).getNumericValue());
}

TEST_CASE("text that looks like markup is drawn as it is") {
    auto diagram = read_diagram(example, "net.yaml").value();
    diagram.sections[0][0].name = "<b>\"A\" & &lt; \\N \\";
    CHECK(diagram_pdf(diagram));
}

}  // namespace assay::document
