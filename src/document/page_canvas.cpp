#include "document/page_canvas.hpp"

#include <cairo-pdf.h>
#include <fmt/format.h>
#include <qrencode.h>

#include <algorithm>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace assay::document {

namespace {

using base::ErrorKind;

struct Colour {
    double red, green, blue;
};
constexpr Colour ink{0.09, 0.11, 0.14};
constexpr Colour muted{0.33, 0.38, 0.43};  // 6.4 : 1 on white; WCAG 2.2 asks for 4.5
constexpr Colour accent{0.05, 0.30, 0.42};
constexpr Colour hairline{0.80, 0.83, 0.86};

constexpr double margin_side = 62;
constexpr double margin_top = 52;
constexpr double margin_bottom = 66;  // the footer stands in it
constexpr double label_width = 140;
constexpr double code_size = 108;  // of the QR code with its quiet zone: 38 mm

constexpr const char* mono = "DejaVu Sans Mono";

struct Look {
    double size;
    bool bold;
    Colour colour;
    double leading;  // of a line, in sizes
    double after;    // space below, in points
    const char* family = "DejaVu Sans";
};

Look look_of(Style style) {
    switch (style) {
        case Style::body: return {9.5, false, ink, 1.42, 7};
        case Style::lead: return {11, false, muted, 1.4, 6};
        case Style::strong: return {9.5, true, ink, 1.42, 7};
        case Style::quiet: return {9, false, muted, 1.4, 5};
        case Style::small: return {7.5, false, muted, 1.4, 3};
        case Style::code: return {8, false, ink, 1.4, 6, mono};
    }
    return {};
}

Look look_of(const Heading& heading) {
    if (heading.level == 1) return {22, true, accent, 1.2, 10};
    if (heading.level == 2) return {16, true, ink, 1.25, 6};
    return {10.5, true, accent, 1.3, 5};
}

double space_before(const Heading& heading) {
    return heading.level == 1 ? 4 : heading.level == 2 ? 4 : 14;
}

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
    static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
    return CAIRO_STATUS_SUCCESS;
}

using Layout = Owned<PangoLayout, g_object_unref>;

class Canvas {
  public:
    Canvas(const Document& document, std::size_t pages) : document_(document), pages_(pages) {}
    base::Result<Drawn> run();

  private:
    base::Result<void> open();
    void begin_page();
    void end_page();
    void need(double height);  // a new page unless so much is left
    double left() const { return document_.size.height - margin_bottom - y_; }
    double width() const { return document_.size.width - 2 * margin_side; }

    // Broken into lines of the width `within`; -1: one line.
    Layout layout(std::string_view text, const Look& look, double within) const;
    double height_of(const Layout& text) const;
    void tagged(Leaf leaf, auto&& paint);
    void paint(const Layout& text, const Look& look, double x, double y);
    void flow(std::string_view text, const Look& look, std::string_view role);
    void line(double y, double thickness, const Colour& colour);
    void colour(const Colour& colour);

    base::Result<void> put(const Heading& heading);
    base::Result<void> put(const Paragraph& paragraph);
    base::Result<void> put(const Rows& rows);
    base::Result<void> put(const Bullets& bullets);
    base::Result<void> put(const Scannable& scannable);
    base::Result<void> put(const Letterhead& head);
    base::Result<void> put(const Gap& gap);
    base::Result<void> put(const Drawing& drawing);
    void put_code(const QRcode& code, double x, double y);

    const Document& document_;
    std::size_t pages_;
    Drawn out_;
    Owned<cairo_surface_t, cairo_surface_destroy> surface_;
    Owned<cairo_t, cairo_destroy> cairo_;
    Owned<PangoFontMap, g_object_unref> fonts_;
    Owned<PangoContext, g_object_unref> context_;
    double y_ = 0;
    bool fresh_ = true;  // nothing on this page yet
    int containers_ = 0;
    int items_ = 0;
};

base::Result<void> Canvas::open() {
    surface_.reset(cairo_pdf_surface_create_for_stream(append, &out_.pdf, document_.size.width,
                                                       document_.size.height));
    cairo_pdf_surface_restrict_to_version(surface_.get(), CAIRO_PDF_VERSION_1_5);
    const auto date = base::print(document_.date);
    for (const auto& [key, value] : {std::pair{CAIRO_PDF_METADATA_TITLE, &document_.title},
                                     std::pair{CAIRO_PDF_METADATA_AUTHOR, &document_.author},
                                     std::pair{CAIRO_PDF_METADATA_SUBJECT, &document_.subject},
                                     std::pair{CAIRO_PDF_METADATA_CREATE_DATE, &date}}) {
        cairo_pdf_surface_set_metadata(surface_.get(), key, value->c_str());
    }
    cairo_.reset(cairo_create(surface_.get()));
    fonts_.reset(pango_cairo_font_map_new());
    // Pango takes another font in silence, and the pages would differ from machine to machine.
    for (const auto* family : {"DejaVu Sans", mono}) {
        if (!pango_font_map_get_family(fonts_.get(), family)) {
            return base::fail(ErrorKind::internal, std::string("the font ") + family +
                                                       " is not installed (fonts-dejavu-core)");
        }
    }
    context_.reset(pango_font_map_create_context(fonts_.get()));
    pango_context_set_language(context_.get(), pango_language_from_string("en-gb"));
    const Owned<cairo_font_options_t, cairo_font_options_destroy> options(
        cairo_font_options_create());
    cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context_.get(), options.get());
    return {};
}

void Canvas::begin_page() {
    y_ = margin_top;
    fresh_ = true;
    ++out_.pages;
}

void Canvas::end_page() {
    // Untagged: said once a page, it would only interrupt who listens.
    const auto look = look_of(Style::small);
    const auto y = document_.size.height - margin_bottom + 26;
    line(y - 8, 0.6, hairline);
    const auto number = fmt::format("Page {} of {}", out_.pages, std::max(pages_, out_.pages));
    const auto right = layout(number, look, width());
    int number_width = 0;
    pango_layout_get_size(right.get(), &number_width, nullptr);
    const auto room = static_cast<double>(number_width) / PANGO_SCALE;
    const auto text = layout(document_.footer, look, width() - room - 20);
    pango_layout_set_height(text.get(), -1);
    pango_layout_set_ellipsize(text.get(), PANGO_ELLIPSIZE_END);
    paint(text, look, margin_side, y);
    paint(right, look, margin_side + width() - room, y);
    cairo_show_page(cairo_.get());
}

void Canvas::need(double height) {
    if (height <= left() || fresh_) return;
    end_page();
    begin_page();
}

void Canvas::colour(const Colour& colour) {
    cairo_set_source_rgb(cairo_.get(), colour.red, colour.green, colour.blue);
}

void Canvas::line(double y, double thickness, const Colour& paint) {
    colour(paint);
    cairo_new_path(cairo_.get());
    cairo_rectangle(cairo_.get(), margin_side, y, width(), thickness);
    cairo_fill(cairo_.get());
}

Layout Canvas::layout(std::string_view text, const Look& look, double within) const {
    Layout out(pango_layout_new(context_.get()));
    const Owned<PangoFontDescription, pango_font_description_free> font(
        pango_font_description_from_string(look.family));
    pango_font_description_set_absolute_size(font.get(), look.size * PANGO_SCALE);
    if (look.bold) pango_font_description_set_weight(font.get(), PANGO_WEIGHT_BOLD);
    pango_layout_set_font_description(out.get(), font.get());
    const auto room = within < 0 ? -1 : static_cast<int>(within * PANGO_SCALE);
    pango_layout_set_width(out.get(), room);
    // An address that ends its line with a hyphen of its own would lose it when it is copied.
    const bool address = std::string_view(look.family) == mono && !text.contains(' ');
    pango_layout_set_wrap(out.get(), address ? PANGO_WRAP_CHAR : PANGO_WRAP_WORD_CHAR);
    const Owned<PangoAttrList, pango_attr_list_unref> attributes(pango_attr_list_new());
    // Ligatures come out of a PDF as one odd character; hyphens that are not in the text, too.
    pango_attr_list_insert(attributes.get(), pango_attr_font_features_new("liga=0, clig=0"));
    pango_attr_list_insert(attributes.get(), pango_attr_insert_hyphens_new(FALSE));
    pango_attr_list_insert(attributes.get(), pango_attr_line_height_new_absolute(static_cast<int>(
                                                 look.size * look.leading * PANGO_SCALE)));
    pango_layout_set_attributes(out.get(), attributes.get());
    pango_layout_set_text(out.get(), text.data(), static_cast<int>(text.size()));
    return out;
}

double Canvas::height_of(const Layout& text) const {
    int height = 0;
    pango_layout_get_size(text.get(), nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
}

void Canvas::tagged(Leaf leaf, auto&& paint_it) {
    const auto role = leaf.role;
    cairo_tag_begin(cairo_.get(), role.c_str(), nullptr);
    paint_it();
    cairo_tag_end(cairo_.get(), role.c_str());
    out_.leaves.push_back(std::move(leaf));
    fresh_ = false;
}

// Line by line, each but the last with a space at its end: Pango leaves out the space at which it
// breaks, and who hears the page read would hear two words as one.
void Canvas::paint(const Layout& text, const Look& look, double x, double y) {
    colour(look.colour);
    const std::string_view whole(pango_layout_get_text(text.get()));
    const int lines = pango_layout_get_line_count(text.get());
    const bool cut = pango_layout_is_ellipsized(text.get()) != FALSE;
    for (int i = 0; i < lines; ++i) {
        const auto* line = pango_layout_get_line_readonly(text.get(), i);
        std::string words(base::trim(whole.substr(static_cast<std::size_t>(line->start_index),
                                                  static_cast<std::size_t>(line->length))));
        const auto end = static_cast<std::size_t>(line->start_index + line->length);
        const bool within_word = i + 1 < lines && end < whole.size() &&
                                 !base::is_space(whole[end]) &&
                                 (end == 0 || !base::is_space(whole[end - 1]));
        if (i + 1 < lines && !within_word) words += ' ';
        const auto one = cut ? nullptr : layout(words, look, -1);
        cairo_move_to(cairo_.get(), x, y + i * look.size * look.leading);
        pango_cairo_show_layout(cairo_.get(), cut ? text.get() : one.get());
    }
}

// Text that goes on over the end of a page, line by line.
void Canvas::flow(std::string_view text, const Look& look, std::string_view role) {
    const double step = look.size * look.leading;
    while (!text.empty()) {
        const auto whole = layout(text, look, width());
        const auto lines = static_cast<std::size_t>(pango_layout_get_line_count(whole.get()));
        // Two lines at least on either side, where there are so many.
        need(step * static_cast<double>(std::min<std::size_t>(lines, 2)));
        auto fits =
            std::max<std::size_t>(1, static_cast<std::size_t>(std::max(0.0, left() / step)));
        if (fits >= lines) {
            tagged({std::string(role), -1, -1, {}}, [&] { paint(whole, look, margin_side, y_); });
            y_ += height_of(whole);
            break;
        }
        if (fits + 1 == lines && fits > 2) --fits;
        const auto* next = pango_layout_get_line_readonly(whole.get(), static_cast<int>(fits));
        const auto cut = static_cast<std::size_t>(next->start_index);
        const auto part = layout(base::trim(text.substr(0, cut)), look, width());
        tagged({std::string(role), -1, -1, {}}, [&] { paint(part, look, margin_side, y_); });
        text.remove_prefix(cut);
        end_page();
        begin_page();
    }
    y_ += look.after;
}

base::Result<void> Canvas::put(const Heading& heading) {
    auto look = look_of(heading);
    if (heading.level == 1) look.size = document_.title_size;
    if (!fresh_) y_ += space_before(heading);
    const auto text = layout(heading.text, look, width());
    need(height_of(text) + look.after + 34);  // never alone at the foot of a page
    tagged({fmt::format("H{}", heading.level), -1, -1, {}},
           [&] { paint(text, look, margin_side, y_); });
    y_ += height_of(text) + look.after;
    return {};
}

base::Result<void> Canvas::put(const Paragraph& paragraph) {
    flow(paragraph.text, look_of(paragraph.style), "P");
    return {};
}

base::Result<void> Canvas::put(const Rows& rows) {
    auto label = look_of(Style::body);
    label.colour = muted;
    const auto value = look_of(Style::body);
    const int container = containers_++;
    y_ += 3;
    for (const auto& [name, what] : rows.rows) {
        const auto left_text = layout(name, label, label_width - 12);
        const auto right_text = layout(what, value, width() - label_width);
        const auto height = std::max(height_of(left_text), height_of(right_text));
        need(height + 9);
        const int item = items_++;
        line(y_, 0.6, hairline);
        tagged({"TH", container, item, {}},
               [&] { paint(left_text, label, margin_side, y_ + 4.5); });
        tagged({"TD", container, item, {}},
               [&] { paint(right_text, value, margin_side + label_width, y_ + 4.5); });
        y_ += height + 9;
    }
    line(y_, 0.6, hairline);
    y_ += 10;
    return {};
}

base::Result<void> Canvas::put(const Bullets& bullets) {
    const auto look = look_of(Style::body);
    const int container = containers_++;
    for (const auto& item : bullets.items) {
        const auto text = layout(item, look, width() - 16);
        need(height_of(text));
        // The mark is drawn, not written: a list is known by its tags.
        colour(accent);
        cairo_new_path(cairo_.get());  // text leaves its last point behind
        cairo_arc(cairo_.get(), margin_side + 4, y_ + look.size * 0.72, 1.7, 0, 6.2832);
        cairo_fill(cairo_.get());
        tagged({"LBody", container, items_++, {}},
               [&] { paint(text, look, margin_side + 16, y_); });
        y_ += height_of(text) + 4;
    }
    y_ += 4;
    return {};
}

base::Result<void> Canvas::put(const Scannable& scannable) {
    const Owned<QRcode, QRcode_free> code(
        QRcode_encodeString8bit(scannable.code.c_str(), 0, QR_ECLEVEL_M));
    if (!code) {
        return base::fail(ErrorKind::usage, "the address is too long for a QR code: " +
                                                base::quote_for_display(scannable.code, 60));
    }
    const double text_width = width() - code_size - 24;
    struct Piece {
        std::string role;
        Look look;
        Layout text;
    };
    std::vector<Piece> pieces;
    double height = 0;
    for (const auto& part : scannable.text) {
        const auto* heading = std::get_if<Heading>(&part);
        const auto* paragraph = std::get_if<Paragraph>(&part);
        const auto look = heading ? look_of(*heading) : look_of(paragraph->style);
        auto text = layout(heading ? heading->text : paragraph->text, look, text_width);
        height += height_of(text) + look.after;
        pieces.push_back(
            {heading ? fmt::format("H{}", heading->level) : "P", look, std::move(text)});
    }
    if (!fresh_) y_ += 14;
    need(std::max(height, code_size));
    double y = y_;
    for (const auto& piece : pieces) {
        tagged({piece.role, -1, -1, {}}, [&] { paint(piece.text, piece.look, margin_side, y); });
        y += height_of(piece.text) + piece.look.after;
    }
    tagged({"Figure", -1, -1, scannable.alternative},
           [&] { put_code(*code, margin_side + width() - code_size, y_); });
    y_ += std::max(height, code_size) + 4;
    return {};
}

// One path of all dark modules, so that no viewer shows seams between them.
void Canvas::put_code(const QRcode& code, double x, double y) {
    constexpr int quiet = 4;  // modules of white around it, ISO 18004 section 6.3.8
    // The quiet zone lies over the edge of the text block, so that the dark part ends with it.
    const double module = code_size / (code.width + quiet);
    colour({0, 0, 0});
    cairo_new_path(cairo_.get());
    for (int row = 0; row < code.width; ++row) {
        for (int column = 0; column < code.width; ++column) {
            if ((code.data[row * code.width + column] & 1) == 0) continue;
            cairo_rectangle(cairo_.get(), x + (column + quiet) * module, y + row * module, module,
                            module);
        }
    }
    cairo_fill(cairo_.get());
}

base::Result<void> Canvas::put(const Letterhead& head) {
    const Look look{11, true, ink, 1.3, 0};
    const auto text = layout(head.text, look, width());
    tagged({"P", -1, -1, {}}, [&] { paint(text, look, margin_side, y_); });
    y_ += height_of(text) + 8;
    line(y_, 2.5, accent);
    y_ += 24;
    return {};
}

base::Result<void> Canvas::put(const Gap& gap) {
    y_ += gap.points;
    return {};
}

base::Result<void> Canvas::put(const Drawing& drawing) {
    const Box box{margin_side, y_, width(), left()};
    if (box.height < 100) {
        return base::fail(ErrorKind::usage, "there is no room left on the page for the drawing");
    }
    out_.drawing = box;
    out_.drawing_page = out_.pages - 1;
    tagged({"Figure", -1, -1, drawing.alternative}, [&] {
        colour(hairline);
        cairo_new_path(cairo_.get());
        cairo_set_line_width(cairo_.get(), 0.6);
        cairo_rectangle(cairo_.get(), box.x, box.y, box.width, box.height);
        cairo_stroke(cairo_.get());
    });
    y_ += box.height;
    return {};
}

base::Result<Drawn> Canvas::run() {
    if (auto opened = open(); !opened) return std::unexpected(opened.error());
    begin_page();
    for (const auto& block : document_.blocks) {
        auto done = std::visit([&](const auto& one) { return put(one); }, block);
        if (!done) return std::unexpected(done.error());
        if (out_.pages > pages_max) {
            return base::fail(ErrorKind::limit,
                              fmt::format("more than {} pages (pages_max)", pages_max));
        }
    }
    end_page();
    cairo_.reset();
    cairo_surface_finish(surface_.get());
    const auto status = cairo_surface_status(surface_.get());
    if (status != CAIRO_STATUS_SUCCESS) {
        return base::fail(ErrorKind::internal,
                          std::string("Cairo: ") + cairo_status_to_string(status));
    }
    surface_.reset();
    return std::move(out_);
}

}  // namespace

base::Result<Drawn> draw(const Document& document, std::size_t pages) {
    return Canvas(document, pages).run();
}

}  // namespace assay::document

#if __has_feature(address_sanitizer)
// fontconfig loses some bytes, once a process, while it reads its configuration; not ours to mend.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig.so";
}
#endif
