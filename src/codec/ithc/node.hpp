// A bounded piece of XML or JSON, or a row of CSV: what one finding is read from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::codec::ithc {

// XML: attributes are the first children, so that a name finds either. JSON: members are children
// with names, array items children without; numbers and literals keep their text. CSV: cells are
// children by the name of their column.
struct Node {
    std::string name;
    std::string text;
    std::vector<Node> children;

    const Node* find(std::string_view child) const;
    // The text of a child, or of a child of a child ("host/hostname"); empty where there is none.
    std::string_view get(std::string_view path) const;
};

// The text of a node and of everything in it, block by block.
std::string whole_text(const Node& node);

}  // namespace assay::codec::ithc
