// Pages of text for people: blocks from top to bottom, on as many pages as they need, as a tagged
// PDF. The same input gives the same bytes. Private to the room; letters and certificates use it.
#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace assay::document {

enum class Style { body, lead, strong, quiet, small, code };

struct Heading {
    int level = 1;  // 1 to 3
    std::string text;
};
struct Paragraph {
    std::string text;
    Style style = Style::body;
};
struct Rows {  // a table of a name and what it is, without lines between columns
    std::vector<std::pair<std::string, std::string>> rows;
};
struct Bullets {
    std::vector<std::string> items;
};
struct Scannable {  // text with a QR code beside it; never parted by the end of a page
    std::vector<std::variant<Heading, Paragraph>> text;
    std::string code;         // what the QR code says
    std::string alternative;  // for those who cannot see it
};
struct Letterhead {  // who speaks, over a thick line; once, at the top
    std::string text;
};
struct Gap {
    double points = 0;
};
struct Drawing {  // room for a picture that is put in later; takes what is left of its page
    std::string alternative;
};
using Block = std::variant<Heading, Paragraph, Rows, Bullets, Scannable, Letterhead, Gap, Drawing>;

struct Attachment {
    std::string name;
    std::string mime;
    std::string description;
    std::string bytes;
};

struct PageSize {
    double width = 595.28;  // A4, in points
    double height = 841.89;
};

struct Document {
    std::string title;
    std::string author;
    std::string subject;
    base::Moment date{};  // becomes the creation date
    std::string footer;   // left on every page; the page number is right
    PageSize size{};
    double title_size = 22;  // of headings of level 1, in points
    std::vector<Block> blocks;
    std::vector<Attachment> attachments;
    std::string drawing;  // a PDF whose first page fills the Drawing; empty: none
};

constexpr std::size_t pages_max = 200;    // ours: more is a mistake
constexpr std::size_t text_max = 20'000;  // bytes of one block's text, ours

// Error usage: text that is not UTF-8 or too long, a QR code that does not fit. Error internal:
// the font DejaVu Sans is not installed.
base::Result<std::string> render(const Document& document);

}  // namespace assay::document
