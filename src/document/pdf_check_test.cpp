#include "document/pdf_check.hpp"

#include <doctest/doctest.h>
#include <unistd.h>

#include <functional>

#include "document/qpdf.hpp"
#include "document/vault.hpp"
#include "temporary_folder.hpp"

namespace assay::document {

namespace {

constexpr std::uint64_t size_max = 50'000'000;
using Change = std::function<void(QPDF&)>;
using Settings = std::function<void(QPDFWriter&)>;

// One page with one line of text, and what `change` makes of it.
std::string make_pdf(const Change& change = {}, const Settings& settings = {}) {
    QPDF pdf;
    pdf.emptyPDF();
    auto page = pdf.makeIndirectObject(QPDFObjectHandle::parse(
        "<< /Type /Page /MediaBox [0 0 200 200] /Resources << /Font << /F1 << /Type /Font "
        "/Subtype /Type1 /BaseFont /Helvetica >> >> >> >>"));
    page.replaceKey("/Contents",
                    QPDFObjectHandle::newStream(&pdf, "BT /F1 12 Tf 20 100 Td (Hello) Tj ET"));
    QPDFPageDocumentHelper(pdf).addPage(page, false);
    pdf.getTrailer().replaceKey(
        "/Info", pdf.makeIndirectObject(QPDFObjectHandle::parse(
                     "<< /CreationDate (D:20261101093000+01'00') /ModDate (D:2026) >>")));
    if (change) change(pdf);
    QPDFWriter writer(pdf);
    writer.setOutputMemory();
    writer.setStaticID(true);
    if (settings) settings(writer);
    writer.write();
    const auto buffer = writer.getBufferSharedPointer();
    return {reinterpret_cast<const char*>(buffer->getBuffer()), buffer->getSize()};
}

PdfJudgement judge(const std::string& bytes) {
    test::TemporaryFolder folder;
    test::write_file(folder / "a.pdf", bytes);
    return check_pdf(folder / "a.pdf", size_max).value();
}

std::string rules(const PdfJudgement& judgement) {
    std::string out;
    if (judgement) return out;
    for (const auto& fault : judgement.error()) {
        if (!out.empty()) out += ' ';
        out += fault.rule;
        CHECK(!fault.cite.empty());
        CHECK(fault.detail.ends_with('.'));
    }
    return out;
}

Change in_root(const char* key, const char* value) {
    return [=](QPDF& pdf) { pdf.getRoot().replaceKey(key, QPDFObjectHandle::parse(value)); };
}

Change attach(const std::string& name, const std::string& bytes) {
    return [=](QPDF& pdf) {
        auto stream = QPDFObjectHandle::newStream(&pdf, bytes);
        auto specification = QPDFObjectHandle::newDictionary();
        specification.replaceKey("/UF", QPDFObjectHandle::newUnicodeString(name));
        auto files = QPDFObjectHandle::newDictionary();
        files.replaceKey("/F", stream);
        specification.replaceKey("/EF", files);
        pdf.getRoot().replaceKey("/Attached", pdf.makeIndirectObject(specification));
    };
}

}  // namespace

TEST_CASE("the facts of an ordinary PDF are told") {
    const auto bytes = make_pdf();
    const auto facts = judge(bytes).value();
    CHECK(facts.size == bytes.size());
    CHECK(facts.sha256 == crypto::sha256(as_bytes(bytes)));
    CHECK(facts.pages == 1);
    CHECK(facts.searchable());
    CHECK(!facts.repaired);
    CHECK(base::print(facts.created.value()) == "2026-11-01T08:30:00Z");
    CHECK(base::print(facts.modified.value()) == "2026-01-01T00:00:00Z");
}

TEST_CASE("a scanned image is a PDF that is not searchable") {
    const auto facts =
        judge(make_pdf([](QPDF& pdf) {
            QPDFObjectHandle(pdf.getAllPages().front())
                .replaceKey("/Resources", QPDFObjectHandle::parse("<< /Font << >> >>"));
        })).value();
    CHECK(!facts.searchable());
    CHECK(facts.pages_without_text == 1);
}

TEST_CASE("text within a form counts as text, and forms that contain themselves end") {
    const auto with_form = [](const char* fonts) {
        return make_pdf([=](QPDF& pdf) {
            auto form = QPDFObjectHandle::newStream(&pdf, "q Q");
            form.getDict().replaceKey("/Subtype", QPDFObjectHandle::newName("/Form"));
            auto inner = QPDFObjectHandle::parse(fonts);
            auto objects = QPDFObjectHandle::newDictionary();
            objects.replaceKey("/Self", form);
            inner.replaceKey("/XObject", objects);
            form.getDict().replaceKey("/Resources", inner);
            auto outer = QPDFObjectHandle::newDictionary();
            outer.replaceKey("/XObject", objects);
            QPDFObjectHandle(pdf.getAllPages().front()).replaceKey("/Resources", outer);
        });
    };
    CHECK(judge(with_form("<< /Font << /F 1 >> >>"))->searchable());
    CHECK(!judge(with_form("<< >>"))->searchable());
}

TEST_CASE("every kind of active content is refused by its name") {
    const struct {
        Change change;
        std::string_view expected;
    } rows[] = {
        {in_root("/OpenAction", "<< /S /JavaScript /JS (app.alert(1)) >>"), "javascript"},
        {in_root("/OpenAction", "<< /S /J#61vaScript >>"), "javascript"},
        {in_root("/Names", "<< /JavaScript << /Names [] >> >>"), "javascript"},
        {in_root("/AA", "<< /WC << /S /Launch /F (cmd.exe) >> >>"), "launch"},
        {in_root("/X", "[[<< /S /SubmitForm >>]]"), "submit-form"},
        {in_root("/X", "<< /S /ImportData >>"), "import-data"},
        {in_root("/X", "<< /Subtype /RichMedia >>"), "rich-media"},
        {in_root("/X", "<< /S /GoToE >>"), "remote-document"},
        {in_root("/AcroForm", "<< /XFA (x) >>"), "xfa"},
        {in_root("/X", "<< /S /Launch /Next << /S /JavaScript >> >>"), "launch javascript"},
        {attach("setup.EXE", "anything"), "embedded-program"},
        {attach("notes.txt", "MZ\x90 and so on, padding"), "embedded-program"},
        {attach("notes.txt", "plain text, long enough"), ""},
        {in_root("/OpenAction", "<< /S /GoTo /D [0 /Fit] >>"), ""},
        {in_root("/X", "<< /S /URI /URI (https://example.com/) >>"), ""},
    };
    for (const auto& row : rows) {
        CAPTURE(row.expected);
        CHECK(rules(judge(make_pdf(row.change))) == row.expected);
        const auto streams = make_pdf(
            row.change, [](QPDFWriter& writer) { writer.setObjectStreamMode(qpdf_o_generate); });
        CHECK(rules(judge(streams)) == row.expected);
    }
}

TEST_CASE("bad input is refused with what is wrong and what to do") {
    const auto good = make_pdf();
    const auto locked = make_pdf({}, [](QPDFWriter& writer) {
        writer.setR6EncryptionParameters("user", "owner", true, true, true, true, true, true,
                                         qpdf_r3p_full, true);
    });
    const auto restricted = make_pdf({}, [](QPDFWriter& writer) {
        writer.setR6EncryptionParameters("", "owner", true, true, true, true, true, true,
                                         qpdf_r3p_none, true);
    });
    CHECK(rules(judge("")) == "empty");
    CHECK(rules(judge("PK\x03\x04 a spreadsheet")) == "not-pdf");
    CHECK(rules(judge(std::string(1024, ' ') + good)) == "not-pdf");
    CHECK(judge(std::string(1000, '\n') + good));
    CHECK(rules(judge("%PDF-1.7\n")) == "damaged");
    CHECK(rules(judge("%PDF-1.7\n" + std::string(5000, 'x'))) == "damaged");
    CHECK(rules(judge(good.substr(0, good.size() / 3))) == "damaged");
    CHECK(rules(judge(locked)) == "encrypted");
    CHECK(judge(locked).error().front().detail.contains("password"));
    CHECK(rules(judge(restricted)) == "encrypted");
    const auto empty = make_pdf([](QPDF& pdf) {
        pdf.getRoot().getKey("/Pages").replaceKey("/Kids", QPDFObjectHandle::newArray());
    });
    CHECK(rules(judge(empty)) == "no-pages");
    // Where the end alone is missing, the table is built anew, and that is said.
    const auto mended = judge(good.substr(0, good.size() - 20));
    REQUIRE(mended);
    CHECK(mended->repaired);
}

TEST_CASE("a file of 2 GB is refused by its size alone") {
    test::TemporaryFolder folder;
    test::write_file(folder / "big.pdf", "%PDF-1.7\n");
    REQUIRE(::truncate((folder / "big.pdf").c_str(), 2'000'000'000) == 0);
    const auto judgement = check_pdf(folder / "big.pdf", size_max).value();
    CHECK(rules(judgement) == "too-large");
    CHECK(judgement.error().front().detail.contains("2000 MB; the limit is 50 MB"));
}

TEST_CASE("a PDF that cannot be opened is our error, not theirs") {
    test::TemporaryFolder folder;
    CHECK(!check_pdf(folder / "none.pdf", size_max));
    CHECK(!check_pdf(folder.path, size_max));
}

TEST_CASE("a PDF is checked within the vault without being written out") {
    test::TemporaryFolder folder;
    const auto key = create_master_key(folder / "key").value();
    const auto vault = Vault::open_folder(folder / "vault", key).value();
    const auto bytes = make_pdf([](QPDF& pdf) {
        pdf.getRoot().replaceKey("/Large",
                                 QPDFObjectHandle::newStream(&pdf, std::string(300'000, 'x')));
    });
    test::write_file(folder / "a.pdf", bytes);
    const auto stored = vault.put_file(folder / "a.pdf", size_max).value();
    auto document = vault.open(stored.sha256).value();
    const auto facts = check_pdf(document, size_max).value();
    REQUIRE(facts);
    CHECK(facts->sha256 == stored.sha256);
    CHECK(facts->pages == 1);
}

TEST_CASE("dates of PDF are read in every length") {
    const struct {
        std::string_view text, expected;
    } rows[] = {
        {"D:20261101093000Z", "2026-11-01T09:30:00Z"},
        {"D:20261101093000", "2026-11-01T09:30:00Z"},
        {"D:20261101093000-05'30'", "2026-11-01T15:00:00Z"},
        {"20261101", "2026-11-01T00:00:00Z"},
        {"D:202611", "2026-11-01T00:00:00Z"},
    };
    for (const auto& row : rows)
        CHECK(base::print(parse_pdf_date(row.text).value()) == row.expected);
    for (const auto text : {"", "D:", "D:20", "D:20261301", "D:20260230", "D:2026110", "Monday",
                            "D:20261101093000*"}) {
        CHECK_MESSAGE(!parse_pdf_date(text), text);
    }
    CHECK(print_pdf_date(*parse_pdf_date("D:20261101093000+01'00'")) == "D:20261101083000Z");
}

}  // namespace assay::document
