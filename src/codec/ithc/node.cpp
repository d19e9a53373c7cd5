#include "codec/ithc/node.hpp"

#include "base/text.hpp"

namespace assay::codec::ithc {

namespace {

// Recursion ends at depth_max, which the readers keep.
void add_text(const Node& node, std::string& out) {
    const auto text = base::trim(node.text);
    if (!text.empty()) {
        if (!out.empty()) out += '\n';
        out += text;
    }
    for (const auto& child : node.children)
        add_text(child, out);
}

}  // namespace

const Node* Node::find(std::string_view child) const {
    for (const auto& node : children) {
        if (node.name == child) return &node;
    }
    return nullptr;
}

std::string_view Node::get(std::string_view path) const {
    const Node* node = this;
    while (node != nullptr) {
        const auto slash = path.find('/');
        node = node->find(path.substr(0, slash));
        if (slash == std::string_view::npos) break;
        path.remove_prefix(slash + 1);
    }
    return node == nullptr ? std::string_view() : std::string_view(node->text);
}

std::string whole_text(const Node& node) {
    std::string out;
    add_text(node, out);
    return out;
}

}  // namespace assay::codec::ithc
