// YAML as a plain tree with the line of every part. A scheme needs maps, lists and text, and
// nothing else of YAML: anchors, aliases and several documents in a file are refused.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "certify/scheme.hpp"

namespace assay::certify {

inline constexpr std::size_t scheme_depth_max = 12;           // ours: a scheme needs seven
inline constexpr std::size_t scheme_nodes_max = 20'000;       // ours: PSN has some 3,000
inline constexpr std::size_t scheme_items_max = 500;          // ours: in one list or map
inline constexpr std::size_t scheme_text_octets_max = 8'000;  // ours: a letter has some 1,500
inline constexpr std::size_t scheme_faults_max = 500;         // ours: nobody reads more

struct Where {
    std::size_t file = 0;  // index into the files
    std::size_t line = 0;  // from 1; 0: the file as a whole
    bool operator==(const Where&) const = default;
};

struct YamlKey {
    std::string text;
    Where where;
};

struct Yaml {
    enum class Kind { nothing, scalar, list, map };
    Kind kind = Kind::nothing;
    Where where;
    std::string text;           // of a scalar
    std::vector<YamlKey> keys;  // of a map, one for each item
    std::vector<Yaml> items;    // of a list or a map
};

class Faults {
  public:
    explicit Faults(std::span<const SchemeFile> files) : files_(files) {}

    void add(const Where& where, std::string_view rule, std::string detail);
    std::vector<SchemeFault> by_line() &&;

  private:
    std::span<const SchemeFile> files_;
    std::vector<SchemeFault> faults_;
};

// Nothing where the text is no YAML, or more of it than a scheme may have; `faults` says why.
std::optional<Yaml> load_yaml(std::string_view text, std::size_t file, Faults& faults);

}  // namespace assay::certify
