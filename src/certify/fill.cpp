#include "certify/fill.hpp"

namespace assay::certify {

std::string fill(std::string_view words, const std::map<std::string, std::string>& values) {
    std::string out;
    while (!words.empty()) {
        const auto open = words.find('{');
        out += words.substr(0, open);
        if (open == words.npos) break;
        words.remove_prefix(open);
        const auto close = words.find('}');
        const auto found = close == words.npos
                               ? values.end()
                               : values.find(std::string(words.substr(1, close - 1)));
        if (found == values.end()) {
            out += '{';
            words.remove_prefix(1);
        } else {
            out += found->second;
            words.remove_prefix(close + 1);
        }
    }
    return out;
}

}  // namespace assay::certify
