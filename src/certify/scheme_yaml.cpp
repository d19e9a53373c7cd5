#include "certify/scheme_yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <sstream>
#include <tuple>
#include <utility>

#include "base/text.hpp"

namespace assay::certify {

namespace {

// Builds the tree from what the parser finds. After a first refusal it looks at nothing more.
class Builder : public YAML::EventHandler {
  public:
    Builder(std::size_t file, Faults& faults) : file_(file), faults_(faults) {}

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
        if (admits(mark, anchor)) place(node(Yaml::Kind::nothing, mark));
    }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { admits(mark, 1); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  const std::string& value) override {
        if (!admits(mark, anchor)) return;
        if (value.size() > scheme_text_octets_max) {
            return refuse(mark, "too-large",
                          fmt::format("A text may have {} bytes; this one has {}",
                                      scheme_text_octets_max, value.size()));
        }
        auto scalar = node(Yaml::Kind::scalar, mark);
        scalar.text = value;
        place(std::move(scalar));
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override {
        open(Yaml::Kind::list, mark, anchor);
    }
    void OnSequenceEnd() override { close(); }
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override {
        open(Yaml::Kind::map, mark, anchor);
    }
    void OnMapEnd() override { close(); }

    bool refused() const { return refused_; }
    Yaml take() && { return std::move(root_); }

  private:
    struct Open {
        Yaml node;
        std::optional<YamlKey> key;  // of a map, the one whose value comes next
    };

    void refuse(const YAML::Mark& mark, std::string_view rule, std::string detail) {
        refused_ = true;
        faults_.add(where(mark), rule, std::move(detail));
    }
    Where where(const YAML::Mark& mark) const {
        return {file_, static_cast<std::size_t>(std::max(mark.line, 0)) + 1};
    }
    Yaml node(Yaml::Kind kind, const YAML::Mark& mark) const {
        Yaml made;
        made.kind = kind;
        made.where = where(mark);
        return made;
    }

    bool admits(const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (refused_) return false;
        if (anchor != 0) {
            refuse(mark, "alias", "A scheme has no anchors (&name) and no aliases (*name)");
        } else if (++nodes_ > scheme_nodes_max) {
            refuse(mark, "too-large",
                   fmt::format("A file may have {} values; this one has more", scheme_nodes_max));
        }
        return !refused_;
    }

    void open(Yaml::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
        if (!admits(mark, anchor)) return;
        if (stack_.size() >= scheme_depth_max) {
            return refuse(
                mark, "too-large",
                fmt::format("Lists and maps may stand {} deep in each other", scheme_depth_max));
        }
        stack_.push_back({node(kind, mark), {}});
    }

    void close() {
        if (refused_) return;
        auto done = std::move(stack_.back().node);
        stack_.pop_back();
        place(std::move(done));
    }

    void place(Yaml made) {
        if (stack_.empty()) {
            root_ = std::move(made);
            return;
        }
        auto& [parent, key] = stack_.back();
        if (parent.kind == Yaml::Kind::map && !key) {
            if (made.kind != Yaml::Kind::scalar) {
                refused_ = true;
                return faults_.add(made.where, "yaml-syntax", "A key must be a word");
            }
            key = YamlKey{std::move(made.text), made.where};
            return;
        }
        if (parent.items.size() >= scheme_items_max) {
            refused_ = true;
            return faults_.add(made.where, "too-large",
                               fmt::format("A list may have {} items", scheme_items_max));
        }
        if (key) parent.keys.push_back(*std::exchange(key, std::nullopt));
        parent.items.push_back(std::move(made));
    }

    std::size_t file_;
    Faults& faults_;
    std::vector<Open> stack_;
    Yaml root_;
    std::size_t nodes_ = 0;
    bool refused_ = false;
};

}  // namespace

void Faults::add(const Where& where, std::string_view rule, std::string detail) {
    if (faults_.size() >= scheme_faults_max) return;
    faults_.push_back({where.file < files_.size() ? files_[where.file].path : std::string(),
                       where.line, std::string(rule), std::move(detail)});
}

std::vector<SchemeFault> Faults::by_line() && {
    std::ranges::sort(faults_, {}, [](const SchemeFault& fault) {
        return std::tie(fault.file, fault.line, fault.rule, fault.detail);
    });
    return std::move(faults_);
}

std::optional<Yaml> load_yaml(std::string_view text, std::size_t file, Faults& faults) {
    const Where whole{file, 0};
    if (text.size() > scheme_file_octets_max) {
        faults.add(whole, "too-large",
                   fmt::format("A file may have {} bytes; this one has {}", scheme_file_octets_max,
                               text.size()));
        return std::nullopt;
    }
    if (!base::is_utf8(text)) {
        faults.add(whole, "yaml-syntax", "The file is not UTF-8");
        return std::nullopt;
    }
    Builder builder(file, faults);
    try {
        std::istringstream stream{std::string(text)};
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
        if (!builder.refused() && parser.HandleNextDocument(builder)) {
            faults.add(whole, "yaml-syntax", "The file holds more than one document");
            return std::nullopt;
        }
    } catch (const YAML::Exception& failure) {
        faults.add({file, static_cast<std::size_t>(std::max(failure.mark.line, 0)) + 1},
                   "yaml-syntax", base::quote_for_display(failure.msg));
        return std::nullopt;
    }
    if (builder.refused()) return std::nullopt;
    return std::move(builder).take();
}

}  // namespace assay::certify
