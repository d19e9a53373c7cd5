#include "document/certificate_pdf.hpp"

#include <doctest/doctest.h>

#include "document/pdf_check.hpp"
#include "document/qpdf.hpp"
#include "temporary_folder.hpp"

namespace assay::document {

namespace {

using namespace std::chrono_literals;

base::Moment at(std::string_view text) {
    return base::parse_moment(text).value();
}

CertificateText example() {
    CertificateText out;
    out.authority = "Public Network Assurance Authority";
    out.scheme = "Connection compliance certificate";
    out.number = "CC-2026-000417";
    out.organisation = "Llanfairpwll and District Borough Council";
    out.whole_organisation = false;
    out.scope = "Corporate network and revenues service, without the leisure centres.";
    out.environment = "On-premises data centre with a hosted email service";
    out.sites = {"Town Hall, High Street", "Depot, Station Road"};
    out.users_band = "501 to 1,000";
    out.domains = {"llanfair.gov.uk", "revenues.llanfair.gov.uk"};
    out.issued = {2026y / 11 / 1};
    out.last_day = {2027y / 11 / 1};
    out.conditions = {"Replace the end-of-life firewall at the Depot by 31 March 2027.",
                      "Send the report of the re-test of finding 4 by 15 January 2027."};
    out.status_at = at("2026-11-01T09:00:00Z");
    out.log_vkey =
        "log.assurance.example/2026+530d903a+AYf8Xq2vJ9mS0c1Jt7yqL4hT5bB0xw0o6n8QzKcVd3Xl";
    out.trust_sha256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
    out.url = "https://assurance.example/c/CC-2026-000417#1f0c3b5a9e7d2468";
    out.pack = "{\"assay\":1}";
    return out;
}

LetterText letter() {
    LetterText out;
    out.authority = "Public Network Assurance Authority";
    out.sender = {"1 Example Street, London SW1A 0AA", "assurance@example.gov.uk"};
    out.recipient = {"The Chief Executive", "Llanfairpwll and District Borough Council"};
    out.date = {2026y / 11 / 1};
    out.reference = "APP-2026-0091";
    out.heading = "Your application is granted with conditions";
    out.paragraphs = {"We have decided to grant a certificate.", "You must meet these conditions:"};
    out.points = {"Replace the firewall.", "Send the report."};
    out.closing = {"You can ask for a review within 20 working days."};
    out.signature = {"A. Assessor", "Head of Assurance"};
    return out;
}

std::string rules_of(const std::string& bytes) {
    test::TemporaryFolder folder;
    test::write_file(folder / "a.pdf", bytes);
    const auto judgement = check_pdf(folder / "a.pdf", 10'000'000).value();
    return judgement ? "" : judgement.error().front().detail;
}

// "Document(P H1 Table(TR(TH TD)))".
std::string shape(QPDFObjectHandle element) {
    if (!element.isDictionary() || !element.hasKey("/S")) return "";
    auto out = element.getKey("/S").getName().substr(1);
    std::string inner;
    auto kids = element.getKey("/K");
    if (kids.isArray()) {
        for (auto kid : kids.aitems()) {
            const auto one = shape(kid);
            if (!one.empty()) inner += (inner.empty() ? "" : " ") + one;
        }
    }
    return inner.empty() ? out : out + "(" + inner + ")";
}

}  // namespace

TEST_CASE("a certificate is a PDF without faults, with the pack attached") {
    const auto bytes = certificate_pdf(example()).value();
    CHECK(rules_of(bytes) == "");
    QPDF pdf;
    pdf.processMemoryFile("certificate", bytes.data(), bytes.size());
    CHECK(QPDFPageDocumentHelper(pdf).getAllPages().size() == 1);
    QPDFEmbeddedFileDocumentHelper files(pdf);
    const auto file = files.getEmbeddedFile("CC-2026-000417.assay.json");
    REQUIRE(file);
    CHECK(file->getFilename() == "CC-2026-000417.assay.json");
    const auto data = file->getEmbeddedFileStream().getStreamData();
    CHECK(std::string(reinterpret_cast<const char*>(data->getBuffer()), data->getSize()) ==
          example().pack);
    CHECK(QPDFEFStreamObjectHelper(file->getEmbeddedFileStream()).getSubtype() ==
          "application/json");
    CHECK(pdf.getRoot().getKey("/Lang").getUTF8Value() == "en-GB");
    CHECK(pdf.getRoot().getKey("/MarkInfo").getKey("/Marked").getBoolValue());
    CHECK(pdf.getRoot().getKey("/ViewerPreferences").getKey("/DisplayDocTitle").getBoolValue());
    CHECK(pdf.getTrailer().getKey("/Info").getKey("/Title").getUTF8Value() ==
          "Connection compliance certificate: certificate CC-2026-000417");
}

TEST_CASE("a certificate reads in order, with headings, a table, a list and a described figure") {
    const auto bytes = certificate_pdf(example()).value();
    QPDF pdf;
    pdf.processMemoryFile("certificate", bytes.data(), bytes.size());
    auto root = pdf.getRoot().getKey("/StructTreeRoot").getKey("/K");
    std::string rows;
    for (int i = 0; i < 8; ++i)
        rows += i == 0 ? "TR(TH TD)" : " TR(TH TD)";
    CHECK(shape(root) == "Document(P H1 P H2 P Table(" + rows +
                             ") H3 L(LI(LBody) LI(LBody)) H3 P P P P P Figure P P)");
    std::string alternative;
    for (auto kid : root.getKey("/K").aitems()) {
        if (kid.hasKey("/Alt")) alternative = kid.getKey("/Alt").getUTF8Value();
    }
    CHECK(alternative.contains("https://assurance.example/c/CC-2026-000417#"));
}

TEST_CASE("the same certificate has the same bytes, another has others") {
    auto text = example();
    const auto bytes = certificate_pdf(text).value();
    CHECK(certificate_pdf(text).value() == bytes);
    text.number = "CC-2026-000418";
    CHECK(certificate_pdf(text).value() != bytes);
}

TEST_CASE("long names wrap and many sites go on to a second page") {
    auto text = example();
    text.organisation =
        "The Combined Fire, Rescue, Emergency Planning and Public Protection Authority for "
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch and the Surrounding Districts";
    text.sites.clear();
    text.conditions.clear();
    for (int i = 0; i < 40; ++i)
        text.conditions.push_back("Condition number " + std::to_string(i + 1) +
                                  " which is long enough to need a second line in the list, "
                                  "because conditions are written by careful people.");
    const auto bytes = certificate_pdf(text).value();
    CHECK(rules_of(bytes) == "");
    QPDF pdf;
    pdf.processMemoryFile("certificate", bytes.data(), bytes.size());
    CHECK(QPDFPageDocumentHelper(pdf).getAllPages().size() == 3);
}

TEST_CASE("a certificate with a hole in it is not made") {
    const auto without = [](auto change) {
        auto text = example();
        change(text);
        const auto done = certificate_pdf(text);
        return done ? "" : done.error().detail;
    };
    CHECK(without([](auto& text) { text.organisation = " "; }).contains("organisation"));
    CHECK(without([](auto& text) { text.pack.clear(); }).contains("pack"));
    CHECK(without([](auto& text) { text.number = "a/b"; }).contains("file name"));
    CHECK(without([](auto& text) { text.last_day = {2026y / 10 / 31}; }).contains("ends before"));
    CHECK(without([](auto& text) { text.scope = "\xff"; }).contains("UTF-8"));
    CHECK(without([](auto& text) { text.scope = std::string(30'000, 'x'); }).contains("bytes"));
    CHECK(without([](auto& text) { text.url = std::string(5'000, 'x'); }).contains("QR"));
}

TEST_CASE("a letter is a PDF without faults, of as many pages as it needs") {
    auto text = letter();
    const auto bytes = letter_pdf(text).value();
    CHECK(rules_of(bytes) == "");
    CHECK(letter_pdf(text).value() == bytes);
    std::string lorem;
    for (int i = 0; i < 300; ++i)
        lorem += "This sentence is part of a very long paragraph. ";
    text.paragraphs.push_back(lorem);
    const auto longer = letter_pdf(text).value();
    QPDF pdf;
    pdf.processMemoryFile("letter", longer.data(), longer.size());
    CHECK(QPDFPageDocumentHelper(pdf).getAllPages().size() >= 3);
    CHECK(!letter_pdf({}));
}

}  // namespace assay::document
