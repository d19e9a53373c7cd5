// A network diagram: a short YAML description becomes a PDF that shows all that such a diagram must
// show, because a description that leaves something out is not drawn.
//
//   organisation: Example Borough Council        (a)
//   environment: Corporate network
//   created: 2026-11-24                          (b)
//   network: PSN                                 the network that is joined
//   local:                                       (c) local connections
//     - {id: hall, name: Town Hall, users: 450, to: firewall}
//   remote-network:                              (c) remote connections and access over the network
//     - {name: Shared services, users: 20, to: gateway}
//   remote-other: none                           (c) and over others
//   external:                                    (d) other organisations
//     - {organisation: Example Payroll Ltd, reason: Pays our staff,
//        boundary: Their router in our comms room, to: firewall}
//   security:                                    (e)
//     - {id: firewall, name: Firewall pair, to: gateway}
//     - {id: gateway, name: PSN gateway}
//   wireless: none                               (f)
//   offshore: none                               (g) {name, country, to}
#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace assay::document {

constexpr std::size_t diagram_octets_max = 64 * 1024;      // ours: what people write and review
constexpr std::size_t diagram_items_max = 500;             // ours: more cannot be read on a page
constexpr std::size_t diagram_connections_max = 1'000;     // ours
constexpr std::size_t diagram_label_characters_max = 200;  // ours

enum class DiagramSection {
    local,
    remote_network,
    remote_other,
    external,
    security,
    wireless,
    offshore,
};
constexpr std::size_t diagram_sections = 7;

struct DiagramItem {
    std::string id;                      // empty: nothing connects to it
    std::string name;                    // of an external connection, the organisation
    std::optional<std::uint64_t> users;  // about so many; local and remote
    std::string reason, boundary;        // external: why, and where responsibility changes hands
    std::string country;                 // offshore
    std::vector<std::size_t> to;         // places in the list of all items, section by section
    bool operator==(const DiagramItem&) const = default;
};

struct Diagram {
    std::string organisation, environment, network;
    std::chrono::year_month_day created{};
    // By DiagramSection; an empty list: the description says `none`.
    std::array<std::vector<DiagramItem>, diagram_sections> sections;
    bool operator==(const Diagram&) const = default;
};

// What a diagram that was drawn shows, by the names that schemes have for it.
constexpr std::array<std::string_view, 7> diagram_contents{
    "name", "date", "local", "external", "security", "wireless", "offshore"};

// Error usage: "FILE:LINE: what is wrong, and what to do (R-12 letter)".
base::Result<Diagram> read_diagram(std::string_view yaml, std::string_view file);

// The same bytes for the same diagram. Error usage: Graphviz is not installed; limit: it takes
// too long to draw.
base::Result<std::string> diagram_pdf(const Diagram& diagram);

// The input of Graphviz: all text is quoted, and none of it can be markup.
std::string diagram_dot(const Diagram& diagram);

}  // namespace assay::document
