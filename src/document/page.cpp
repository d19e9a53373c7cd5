#include "document/page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "document/page_canvas.hpp"
#include "document/pdf_check.hpp"
#include "document/qpdf.hpp"

namespace assay::document {

namespace {

using base::ErrorKind;
using Handle = QPDFObjectHandle;

base::Result<void> check_text(std::string_view text) {
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
    if (text.size() > text_max) {
        return base::fail(ErrorKind::limit,
                          fmt::format("a text of more than {} bytes: {}", text_max,
                                      base::quote_for_display(text, 60)));
    }
    if (!base::is_utf8(text) || std::ranges::any_of(text, control)) {
        return base::fail(ErrorKind::usage,
                          "not plain UTF-8 text: " + base::quote_for_display(text, 60));
    }
    return {};
}

std::vector<std::string_view> texts_of(const Block& block) {
    struct Visitor {
        std::vector<std::string_view> out;
        void operator()(const Heading& it) { out.push_back(it.text); }
        void operator()(const Paragraph& it) { out.push_back(it.text); }
        void operator()(const Rows& it) {
            for (const auto& [name, value] : it.rows) {
                out.push_back(name);
                out.push_back(value);
            }
        }
        void operator()(const Bullets& it) {
            out.insert(out.end(), it.items.begin(), it.items.end());
        }
        void operator()(const Scannable& it) {
            for (const auto& part : it.text)
                std::visit(*this, part);
            out.push_back(it.code);
            out.push_back(it.alternative);
        }
        void operator()(const Letterhead& it) { out.push_back(it.text); }
        void operator()(const Gap&) {}
        void operator()(const Drawing& it) { out.push_back(it.alternative); }
    };
    Visitor visitor;
    std::visit([&](const auto& it) { visitor(it); }, block);
    return std::move(visitor.out);
}

base::Result<void> check_texts(const Document& document) {
    std::vector<std::string_view> texts{document.title, document.author, document.subject,
                                        document.footer};
    for (const auto& block : document.blocks) {
        const auto more = texts_of(block);
        texts.insert(texts.end(), more.begin(), more.end());
    }
    for (const auto text : texts) {
        if (auto done = check_text(text); !done) return done;
    }
    return {};
}

Handle structure(QPDF& pdf, const char* role, const Handle& parent) {
    auto out = pdf.makeIndirectObject(Handle::newDictionary());
    out.replaceKey("/Type", Handle::newName("/StructElem"));
    out.replaceKey("/S", Handle::newName(role));
    out.replaceKey("/P", parent);
    out.replaceKey("/K", Handle::newArray());
    return out;
}

void adopt(Handle parent, Handle child) {
    child.replaceKey("/P", parent);
    parent.getKey("/K").appendItem(child);
}

// Cairo writes the leaves one after another; tables, rows and lists are built around them here,
// and all of it stands in one Document.
bool build_structure(QPDF& pdf, const std::vector<Leaf>& leaves) {
    auto root = pdf.getRoot().getKey("/StructTreeRoot");
    if (!root.isDictionary()) return leaves.empty();
    auto kids = root.getKey("/K");
    std::vector<Handle> elements;
    if (kids.isArray()) elements = kids.getArrayAsVector();
    if (kids.isDictionary()) elements.push_back(kids);
    if (elements.size() != leaves.size()) return false;
    auto whole = structure(pdf, "/Document", root);
    std::map<int, Handle> containers;
    std::map<int, Handle> items;
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        const auto& leaf = leaves[i];
        auto element = elements[i];
        if (!leaf.alternative.empty()) {
            element.replaceKey("/Alt", Handle::newUnicodeString(leaf.alternative));
        }
        if (leaf.container < 0) {
            adopt(whole, element);
            continue;
        }
        const bool list = leaf.role == "LBody";
        if (!containers.contains(leaf.container)) {
            containers[leaf.container] = structure(pdf, list ? "/L" : "/Table", whole);
            adopt(whole, containers[leaf.container]);
        }
        if (!items.contains(leaf.item)) {
            items[leaf.item] = structure(pdf, list ? "/LI" : "/TR", containers[leaf.container]);
            adopt(containers[leaf.container], items[leaf.item]);
        }
        if (leaf.role == "TH") {
            element.replaceKey("/A", Handle::parse("<< /O /Table /Scope /Row >>"));
        }
        adopt(items[leaf.item], element);
    }
    root.replaceKey("/K", whole);
    return true;
}

// Rules, marks and footers carry no tag; said to be artifacts, they are passed over by who listens.
class MarkArtifacts final : public QPDFObjectHandle::TokenFilter {
  public:
    void handleToken(const QPDFTokenizer::Token& token) override {
        pending_ += token.getRawValue();
        if (token.getType() != QPDFTokenizer::tt_word) return;
        const auto word = token.getValue();
        if (word == "BDC" || word == "BMC") {
            if (depth_++ == 0) close();
        } else if (word == "EMC") {
            --depth_;
        } else if (depth_ == 0 && !open_ && starts_painting(word)) {
            write("\n/Artifact BMC\n");
            open_ = true;
        }
        write(pending_);
        pending_.clear();
    }
    void handleEOF() override {
        close();
        write(pending_);
    }

  private:
    static bool starts_painting(std::string_view word) {
        return word == "BT" || word == "re" || word == "m" || word == "Do" || word == "sh";
    }
    void close() {
        if (open_) write("\nEMC\n");
        open_ = false;
    }

    std::string pending_;  // operands, until their operator has come
    int depth_ = 0;
    bool open_ = false;
};

void attach(QPDF& pdf, const Attachment& attachment, base::Moment date) {
    auto stream = QPDFEFStreamObjectHelper::createEFStream(pdf, attachment.bytes);
    stream.setSubtype(attachment.mime);
    stream.setCreationDate(print_pdf_date(date));
    stream.setModDate(print_pdf_date(date));
    auto file = QPDFFileSpecObjectHelper::createFileSpec(pdf, attachment.name, stream);
    file.setDescription(attachment.description);
    auto object = file.getObjectHandle();
    // ISO 32000-2 section 14.13: the same facts for machines as the pages tell people.
    object.replaceKey("/AFRelationship", Handle::newName("/Data"));
    QPDFEmbeddedFileDocumentHelper(pdf).replaceEmbeddedFile(attachment.name, file);
    auto associated = pdf.getRoot().getKey("/AF");
    if (!associated.isArray()) associated = Handle::newArray();
    associated.appendItem(object);
    pdf.getRoot().replaceKey("/AF", associated);
}

// The first page of another PDF, as large as fits into the box, in its middle.
void place(QPDF& pdf, const std::string& drawing, const Drawn& drawn, double page_height) {
    QPDF other;
    other.setImmediateCopyFrom(true);  // it is gone when the pages are written
    other.processMemoryFile("drawing", drawing.data(), drawing.size());
    auto page = QPDFPageDocumentHelper(pdf).getAllPages().at(drawn.drawing_page);
    auto form = pdf.copyForeignObject(
        QPDFPageDocumentHelper(other).getAllPages().at(0).getFormXObjectForPage());
    const auto& box = *drawn.drawing;
    constexpr double inset = 8;
    const Handle::Rectangle where(box.x + inset, page_height - box.y - box.height + inset,
                                  box.x + box.width - inset, page_height - box.y - inset);
    auto resources = page.getAttribute("/Resources", true);
    if (!resources.getKey("/XObject").isDictionary()) {
        resources.replaceKey("/XObject", Handle::newDictionary());
    }
    resources.getKey("/XObject").replaceKey("/Drawing", form);
    // The figure's own tag speaks for it; its text stays in the page for whoever searches.
    const auto content = "/Artifact BMC\n" +
                         page.placeFormXObject(form, "/Drawing", where, false, true, true) +
                         "EMC\n";
    page.addPageContents(Handle::newStream(&pdf, "q\n"), true);
    page.addPageContents(Handle::newStream(&pdf, "\nQ\n" + content), false);
}

base::Result<std::string> finish(const Document& document, const Drawn& drawn) {
    try {
        QPDF pdf;
        pdf.processMemoryFile("pages", drawn.pdf.data(), drawn.pdf.size());
        auto root = pdf.getRoot();
        root.replaceKey("/Lang", Handle::newUnicodeString("en-GB"));
        root.replaceKey("/MarkInfo", Handle::parse("<< /Marked true >>"));
        root.replaceKey("/ViewerPreferences", Handle::parse("<< /DisplayDocTitle true >>"));
        if (!build_structure(pdf, drawn.leaves)) {
            return base::fail(ErrorKind::internal, "the tags of the PDF are not those drawn");
        }
        for (auto& page : QPDFPageDocumentHelper(pdf).getAllPages()) {
            page.getObjectHandle().replaceKey("/Tabs", Handle::newName("/S"));
            page.addContentTokenFilter(std::make_shared<MarkArtifacts>());
        }
        for (const auto& attachment : document.attachments)
            attach(pdf, attachment, document.date);
        if (drawn.drawing && !document.drawing.empty()) {
            place(pdf, document.drawing, drawn, document.size.height);
        }
        QPDFWriter writer(pdf);
        writer.setOutputMemory();
        writer.setDeterministicID(true);
        writer.setMinimumPDFVersion("1.7");
        writer.setObjectStreamMode(qpdf_o_generate);
        writer.write();
        const auto buffer = writer.getBufferSharedPointer();
        return std::string(reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize());
    } catch (const std::exception& failure) {
        return base::fail(ErrorKind::internal, std::string("qpdf: ") + failure.what());
    }
}

}  // namespace

base::Result<std::string> render(const Document& document) {
    if (auto done = check_texts(document); !done) return std::unexpected(done.error());
    // Twice, because the first page says how many there are.
    ASSAY_TRY(const auto counted, draw(document, 0));
    ASSAY_TRY(const auto drawn, draw(document, counted.pages));
    return finish(document, drawn);
}

}  // namespace assay::document
