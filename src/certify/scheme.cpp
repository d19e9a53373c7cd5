#include "certify/scheme.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "certify/scheme_parts.hpp"

namespace assay::certify {

namespace {

template <class Item>
const Item* find(const std::vector<Item>& items, std::string_view id) {
    const auto at = std::ranges::find(items, id, &Item::id);
    return at == items.end() ? nullptr : &*at;
}

std::string_view name_of(const SchemeFile& file) {
    const std::string_view path = file.path;
    return path.substr(path.rfind('/') + 1);
}

// The keys of all files in one map.
Yaml merge(std::span<const SchemeFile> files, Faults& faults) {
    Yaml root;
    root.kind = Yaml::Kind::map;
    for (std::size_t i = 0; i < files.size(); ++i) {
        const auto same = std::ranges::find(files.first(i), name_of(files[i]), name_of);
        if (same != files.begin() + static_cast<std::ptrdiff_t>(i)) {
            faults.add({i, 0}, "duplicate-file",
                       fmt::format("There are two files '{}'",
                                   base::quote_for_display(name_of(files[i]))));
        }
        auto tree = load_yaml(files[i].text, i, faults);
        if (!tree) continue;
        if (tree->kind != Yaml::Kind::map) {
            faults.add({i, tree->where.line}, "wrong-type",
                       "A file of a scheme is a map of keys and values");
            continue;
        }
        std::ranges::move(tree->keys, std::back_inserter(root.keys));
        std::ranges::move(tree->items, std::back_inserter(root.items));
    }
    return root;
}

}  // namespace

const Question* Scheme::question(std::string_view wanted) const {
    return find(questions, wanted);
}

const Condition* Scheme::condition(std::string_view wanted) const {
    return find(conditions, wanted);
}

const Document* Scheme::document(std::string_view wanted) const {
    return find(documents, wanted);
}

const Rule* Scheme::find_rule(std::string_view wanted) const {
    return find(rules, wanted);
}

const Template* Scheme::text(std::string_view wanted) const {
    return find(templates, wanted);
}

SchemeReading read_scheme(std::string_view id, std::span<const SchemeFile> given) {
    if (given.empty()) {
        return {{}, {{std::string(id), 0, "missing-key", "The scheme has no files"}}};
    }
    if (given.size() > scheme_files_max) {
        return {{},
                {{std::string(id), 0, "too-large",
                  fmt::format("A scheme may have {} files; this one has {}", scheme_files_max,
                              given.size())}}};
    }
    std::vector<SchemeFile> files(given.begin(), given.end());
    std::ranges::sort(files, {}, [](const SchemeFile& file) {
        return std::pair(name_of(file), std::string_view(file.path));
    });
    Faults faults(files);
    Names names(faults);
    const auto tree = merge(files, faults);
    Scheme scheme;
    scheme.id = id;
    Places places;
    Fields root(names, tree, "The scheme");
    read_head(root, scheme, places);
    read_questions(root, scheme);
    read_conditions(root, scheme);
    read_documents(root, scheme);
    read_people(root, scheme, places);
    read_texts(root, scheme, places);
    read_rules(root, scheme, places);
    root.done();
    check_whole(scheme, names, places);
    scheme.sha256 = scheme_hash(files);
    SchemeReading reading;
    reading.faults = std::move(faults).by_line();
    if (reading.faults.empty()) reading.scheme = std::move(scheme);
    return reading;
}

}  // namespace assay::certify
