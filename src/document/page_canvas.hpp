// One run over the blocks with Cairo and Pango. Private to page.cpp.
#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "document/page.hpp"

namespace assay::document {

template <auto release>
struct Release {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
template <class T, auto release>
using Owned = std::unique_ptr<T, Release<release>>;

struct Box {
    double x = 0, y = 0, width = 0, height = 0;  // points from the top left corner
};

// Every piece of tagged content, in the order of reading, and what it belongs to.
struct Leaf {
    std::string role;    // "P", "H1", "TH", "TD", "LBody", "Figure"
    int container = -1;  // number of its table or list; -1: none
    int item = -1;       // number of its row or point within all containers
    std::string alternative;
};

struct Drawn {
    std::string pdf;
    std::vector<Leaf> leaves;
    std::size_t pages = 0;
    std::optional<Box> drawing;  // where the picture goes, and on which page (from 0)
    std::size_t drawing_page = 0;
};

// `pages` is what the footers say is the number of pages; 0 on a first run that only counts.
base::Result<Drawn> draw(const Document& document, std::size_t pages);

}  // namespace assay::document
