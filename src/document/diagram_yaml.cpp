// The description of a diagram is read here; what it must have stands in one table.
#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <span>

#include "base/text.hpp"
#include "base/time.hpp"
#include "document/diagram.hpp"

namespace assay::document {

namespace {

constexpr std::uint64_t users_max = 10'000'000;  // ours

struct SectionRule {
    std::string_view key;
    std::string_view shows;  // "it must show ..."
    char letter;             // of R-12
    std::array<std::string_view, 3> needs;
    bool needs_to;  // it is nothing without what it connects to
};

// In the order of DiagramSection.
constexpr std::array<SectionRule, diagram_sections> rules{
    {{"local", "local connections", 'c', {"name", "users"}, false},
     {"remote-network", "remote connections over the network", 'c', {"name", "users"}, true},
     {"remote-other", "other remote connections", 'c', {"name", "users"}, true},
     {"external",
      "connections to other organisations",
      'd',
      {"organisation", "reason", "boundary"},
      true},
     {"security", "security devices", 'e', {"name"}, false},
     {"wireless", "wireless devices", 'f', {"name"}, true},
     {"offshore", "what is outside the UK", 'g', {"name", "country"}, true}}};

std::size_t characters(std::string_view utf8) {
    return static_cast<std::size_t>(
        std::ranges::count_if(utf8, [](char c) { return (c & 0xC0) != 0x80; }));
}

// Where the key stands: the place of an empty value is the line after it.
YAML::Mark mark_of(const YAML::Node& map, std::string_view key) {
    for (const auto& entry : map) {
        if (entry.first.IsScalar() && entry.first.Scalar() == key) return entry.first.Mark();
    }
    return map.Mark();
}

class Reader {
  public:
    explicit Reader(std::string_view file) : file_(file) {}

    base::Result<Diagram> read(const YAML::Node& root);

  private:
    struct Reference {
        DiagramItem* from;  // stays where it is: lists are not moved after they are read
        std::string id;
        YAML::Mark at;
    };

    template <class... Arguments>
    std::unexpected<base::Error> wrong(const YAML::Mark& at, fmt::format_string<Arguments...> text,
                                       Arguments&&... arguments) const {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{}:{}: {}", file_, std::max(at.line, 0) + 1,
                                      fmt::format(text, std::forward<Arguments>(arguments)...)));
    }
    std::unexpected<base::Error> missing(const YAML::Mark& at, std::string_view key,
                                         char letter) const {
        return wrong(at, "'{}' is missing; a network diagram must show it (R-12 {})", key, letter);
    }

    // Every key once, and none but those that are known.
    base::Result<void> check_keys(const YAML::Node& map,
                                  std::span<const std::string_view> known) const;
    base::Result<std::string> text(const YAML::Node& node, std::string_view key,
                                   const YAML::Mark& at) const;
    base::Result<void> read_head(const YAML::Node& root, Diagram& out) const;
    base::Result<void> read_section(const YAML::Node& root, const SectionRule& rule,
                                    std::vector<DiagramItem>& out);
    base::Result<DiagramItem> read_item(const YAML::Node& node, const SectionRule& rule) const;
    base::Result<void> read_connections(const YAML::Node& node, DiagramItem& from);
    base::Result<void> resolve() const;

    std::string file_;
    std::vector<Reference> references_;
    std::map<std::string, std::size_t> places_;  // of ids, in the list of all items
    std::size_t items_ = 0;
};

base::Result<void> Reader::check_keys(const YAML::Node& map,
                                      std::span<const std::string_view> known) const {
    std::vector<std::string> seen;
    for (const auto& entry : map) {
        const auto key = entry.first.IsScalar() ? entry.first.Scalar() : std::string();
        if (std::ranges::find(known, key) == known.end()) {
            std::string all;
            for (const auto one : known)
                all += fmt::format("{}{}", all.empty() ? "" : ", ", one);
            return wrong(entry.first.Mark(), "'{}' is not known here; use {}",
                         base::quote_for_display(key, 60), all);
        }
        if (std::ranges::find(seen, key) != seen.end())
            return wrong(entry.first.Mark(), "'{}' stands here twice", key);
        seen.push_back(key);
    }
    return {};
}

base::Result<std::string> Reader::text(const YAML::Node& node, std::string_view key,
                                       const YAML::Mark& at) const {
    if (!node.IsScalar()) return wrong(at, "'{}' must be a text", key);
    const std::string out(base::trim(node.Scalar()));
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    if (out.empty()) return wrong(at, "'{}' is empty", key);
    if (!base::is_utf8(out) || std::ranges::any_of(out, control))
        return wrong(at, "'{}' must be one line of plain UTF-8 text", key);
    if (characters(out) > diagram_label_characters_max) {
        return wrong(at, "'{}' has more than {} characters", key, diagram_label_characters_max);
    }
    return out;
}

base::Result<void> Reader::read_head(const YAML::Node& root, Diagram& out) const {
    const std::tuple<std::string_view, std::string*, char> texts[] = {
        {"organisation", &out.organisation, 'a'},
        {"environment", &out.environment, 'a'},
        {"network", &out.network, 'c'}};
    for (const auto& [key, value, letter] : texts) {
        const auto node = root[std::string(key)];
        if (!node) return missing(root.Mark(), key, letter);
        ASSAY_TRY(auto read, text(node, key, mark_of(root, key)));
        *value = std::move(read);
    }
    const auto created = root["created"];
    if (!created) return missing(root.Mark(), "created", 'b');
    ASSAY_TRY(const auto day, text(created, "created", mark_of(root, "created")));
    const auto moment =
        day.size() == 10 ? base::parse_moment(day + "T00:00:00Z") : std::optional<base::Moment>();
    if (!moment) return wrong(created.Mark(), "write the date as 2026-11-24 (R-12 b)");
    out.created = std::chrono::floor<std::chrono::days>(*moment);
    return {};
}

base::Result<DiagramItem> Reader::read_item(const YAML::Node& node, const SectionRule& rule) const {
    if (!node.IsMap())
        return wrong(node.Mark(), "each of '{}' is a map, such as {{name: ...}}", rule.key);
    std::vector<std::string_view> known{"id", "to"};
    std::ranges::copy_if(rule.needs, std::back_inserter(known),
                         [](std::string_view key) { return !key.empty(); });
    if (auto ok = check_keys(node, known); !ok) return std::unexpected(ok.error());
    DiagramItem out;
    const std::map<std::string_view, std::string*> places{
        {"id", &out.id},         {"name", &out.name},         {"organisation", &out.name},
        {"reason", &out.reason}, {"boundary", &out.boundary}, {"country", &out.country}};
    for (const auto key : known) {
        if (key == "to") continue;
        const auto value = node[std::string(key)];
        if (!value && key == "id") continue;
        if (!value) return missing(node.Mark(), key, rule.letter);
        ASSAY_TRY(auto read, text(value, key, mark_of(node, key)));
        if (key != "users") {
            *places.at(key) = std::move(read);
            continue;
        }
        out.users = base::parse_decimal(read, users_max);
        if (!out.users)
            return wrong(value.Mark(), "write about how many users as a whole number (R-12 c)");
    }
    if (rule.needs_to && !node["to"]) {
        return wrong(node.Mark(), "say with 'to' what it connects to (R-12 {})", rule.letter);
    }
    return out;
}

base::Result<void> Reader::read_connections(const YAML::Node& node, DiagramItem& from) {
    const auto to = node["to"];
    if (!to) return {};
    if (!to.IsSequence()) {
        ASSAY_TRY(auto id, text(to, "to", mark_of(node, "to")));
        references_.push_back({&from, std::move(id), to.Mark()});
    } else {
        for (const auto& one : to) {
            ASSAY_TRY(auto id, text(one, "to", one.Mark()));
            references_.push_back({&from, std::move(id), one.Mark()});
            if (references_.size() > diagram_connections_max) break;
        }
    }
    if (references_.size() <= diagram_connections_max) return {};
    return wrong(to.Mark(), "a diagram has {} connections at most", diagram_connections_max);
}

base::Result<void> Reader::read_section(const YAML::Node& root, const SectionRule& rule,
                                        std::vector<DiagramItem>& out) {
    const auto node = root[std::string(rule.key)];
    if (!node) {
        return wrong(root.Mark(),
                     "'{}' is missing. A network diagram must show {}; write '{}: none' if there "
                     "are none (R-12 {})",
                     rule.key, rule.shows, rule.key, rule.letter);
    }
    if (node.IsScalar() && node.Scalar() == "none") return {};
    if (!node.IsSequence() || node.size() == 0) {
        return wrong(mark_of(root, rule.key), "'{}' must be a list, or the word none (R-12 {})",
                     rule.key, rule.letter);
    }
    if (items_ + node.size() > diagram_items_max)
        return wrong(node.Mark(), "a diagram has {} items at most", diagram_items_max);
    out.reserve(node.size());  // references hold addresses of items
    for (const auto& one : node) {
        ASSAY_TRY(auto item, read_item(one, rule));
        if (!item.id.empty() && !places_.emplace(item.id, items_).second) {
            return wrong(one.Mark(), "the id '{}' is given twice",
                         base::quote_for_display(item.id, 60));
        }
        ++items_;
        out.push_back(std::move(item));
        if (auto ok = read_connections(one, out.back()); !ok) return ok;
    }
    return {};
}

base::Result<void> Reader::resolve() const {
    for (const auto& reference : references_) {
        const auto found = places_.find(reference.id);
        if (found == places_.end()) {
            return wrong(reference.at, "nothing has the id '{}'",
                         base::quote_for_display(reference.id, 60));
        }
        reference.from->to.push_back(found->second);
    }
    return {};
}

base::Result<Diagram> Reader::read(const YAML::Node& root) {
    if (!root.IsMap()) return wrong(root.Mark(), "a diagram begins with 'organisation: ...'");
    std::vector<std::string_view> known{"organisation", "environment", "created", "network"};
    for (const auto& rule : rules)
        known.push_back(rule.key);
    if (auto ok = check_keys(root, known); !ok) return std::unexpected(ok.error());
    Diagram out;
    if (auto ok = read_head(root, out); !ok) return std::unexpected(ok.error());
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (auto ok = read_section(root, rules[i], out.sections[i]); !ok)
            return std::unexpected(ok.error());
    }
    if (auto ok = resolve(); !ok) return std::unexpected(ok.error());
    return out;
}

}  // namespace

base::Result<Diagram> read_diagram(std::string_view yaml, std::string_view file) {
    if (yaml.size() > diagram_octets_max) {
        return base::fail(base::ErrorKind::usage, fmt::format("{}: a diagram has {} bytes at most",
                                                              file, diagram_octets_max));
    }
    try {
        return Reader(file).read(YAML::Load(std::string(yaml)));
    } catch (const YAML::Exception& failure) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("{}:{}: {}", file, std::max(failure.mark.line, 0) + 1,
                                      base::quote_for_display(failure.msg)));
    }
}

}  // namespace assay::document
