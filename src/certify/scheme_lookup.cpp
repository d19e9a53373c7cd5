#include <algorithm>

#include "certify/scheme.hpp"

namespace assay::certify {

namespace {

template <class T>
const T* find_in(const std::vector<T>& all, std::string_view id) {
    const auto found = std::ranges::find(all, id, &T::id);
    return found == all.end() ? nullptr : &*found;
}

}  // namespace

const Question* Scheme::question(std::string_view wanted) const {
    return find_in(questions, wanted);
}

const Condition* Scheme::condition(std::string_view wanted) const {
    return find_in(conditions, wanted);
}

const Document* Scheme::document(std::string_view wanted) const {
    return find_in(documents, wanted);
}

const Rule* Scheme::find_rule(std::string_view wanted) const {
    return find_in(rules, wanted);
}

const Template* Scheme::text(std::string_view wanted) const {
    return find_in(templates, wanted);
}

}  // namespace assay::certify
