#include "document/certificate_pdf.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/date.hpp"
#include "base/text.hpp"
#include "document/page.hpp"

namespace assay::document {

namespace {

// The number becomes a file name in the attachment.
bool is_file_name(std::string_view text) {
    return std::ranges::all_of(
        text, [](char c) { return base::is_alnum(c) || c == '-' || c == '.' || c == '_'; });
}

base::Result<void> check(const CertificateText& text) {
    const std::pair<std::string_view, const std::string*> fields[] = {
        {"authority", &text.authority},
        {"scheme", &text.scheme},
        {"number", &text.number},
        {"organisation", &text.organisation},
        {"environment", &text.environment},
        {"log_vkey", &text.log_vkey},
        {"trust_sha256", &text.trust_sha256},
        {"url", &text.url},
        {"pack", &text.pack}};
    for (const auto& [name, value] : fields) {
        if (base::trim(*value).empty()) {
            return base::fail(base::ErrorKind::usage,
                              fmt::format("the certificate has no {}", name));
        }
    }
    if (!is_file_name(text.number) || text.number.front() == '.') {
        return base::fail(base::ErrorKind::usage,
                          "the certificate number has characters that no file name may have: " +
                              base::quote_for_display(text.number, 60));
    }
    if (text.last_day < text.issued) {
        return base::fail(base::ErrorKind::usage, "the certificate ends before it is issued");
    }
    return {};
}

// "1 November 2026, 09:00 UTC".
std::string print_minute(base::Moment moment) {
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    return base::print_long(day) + ", " + base::print(moment).substr(11, 5) + " UTC";
}

std::string lines(const std::vector<std::string>& items) {
    return base::join(items, "\n");
}

Rows facts_of(const CertificateText& text) {
    Rows out;
    out.rows = {{"Certificate number", text.number},
                {"Issued", base::print_long(text.issued)},
                {"Valid until the end of", base::print_long(text.last_day)},
                {"Scope", (text.whole_organisation ? "The whole organisation. "
                                                   : "Part of the organisation. ") +
                              text.scope},
                {"Environment", text.environment}};
    if (!text.sites.empty()) out.rows.emplace_back("Sites", lines(text.sites));
    if (!text.users_band.empty()) out.rows.emplace_back("Users", text.users_band);
    if (!text.domains.empty()) out.rows.emplace_back("Domains", lines(text.domains));
    return out;
}

}  // namespace

base::Result<std::string> certificate_pdf(const CertificateText& text) {
    if (auto done = check(text); !done) return std::unexpected(done.error());
    const auto file = text.number + ".assay.json";
    Document out;
    out.title = fmt::format("{}: certificate {}", text.scheme, text.number);
    out.author = text.authority;
    out.subject = "Certificate for " + text.organisation;
    out.date = std::chrono::sys_days(text.issued);
    out.footer = fmt::format("{} \u00b7 Certificate {}", text.authority, text.number);
    auto& blocks = out.blocks;
    blocks.emplace_back(Letterhead{text.authority});
    blocks.emplace_back(Heading{1, text.scheme});
    blocks.emplace_back(Paragraph{"This is to certify that", Style::lead});
    blocks.emplace_back(Heading{2, text.organisation});
    blocks.emplace_back(
        Paragraph{"meets the requirements of the scheme for the infrastructure described here.",
                  Style::lead});
    blocks.emplace_back(Gap{6});
    blocks.emplace_back(facts_of(text));
    blocks.emplace_back(Heading{3, "Conditions"});
    if (text.conditions.empty()) {
        blocks.emplace_back(Paragraph{"Issued without conditions."});
    } else {
        blocks.emplace_back(Bullets{text.conditions});
    }
    Scannable how;
    how.text = {
        Heading{3, "Check this certificate"},
        Paragraph{"Not withdrawn as of " + print_minute(text.status_at) +
                  ". Paper cannot say what happened since: check before you rely on it."},
        Paragraph{"Scan the code, or open:"},
        Paragraph{text.url, Style::code},
        Paragraph{fmt::format("Or, without asking anybody, take the file {} that is attached to "
                              "this PDF and run, with the authority's trust file:",
                              file)},
        Paragraph{"assay certificate verify " + file + "\n--trust trust.json", Style::code}};
    how.code = text.url;
    how.alternative = "QR code with the address " + text.url;
    blocks.emplace_back(std::move(how));
    blocks.emplace_back(Gap{8});
    blocks.emplace_back(Paragraph{"Public log key: " + text.log_vkey, Style::small});
    blocks.emplace_back(Paragraph{"Trust file SHA-256: " + text.trust_sha256, Style::small});
    out.attachments.push_back({file, "application/json",
                               "The certificate for machines: signed, with its proof of logging",
                               text.pack});
    return render(out);
}

base::Result<std::string> letter_pdf(const LetterText& text) {
    if (base::trim(text.authority).empty() || base::trim(text.heading).empty() ||
        text.paragraphs.empty()) {
        return base::fail(base::ErrorKind::usage,
                          "a letter has an authority, a heading and at least one paragraph");
    }
    Document out;
    out.title_size = 15;
    out.title = text.heading;
    out.author = text.authority;
    out.subject = "Reference " + text.reference;
    out.date = std::chrono::sys_days(text.date);
    out.footer = text.authority + (text.reference.empty() ? "" : " \u00b7 " + text.reference);
    auto& blocks = out.blocks;
    blocks.emplace_back(Letterhead{text.authority});
    if (!text.sender.empty()) {
        blocks.emplace_back(Paragraph{lines(text.sender), Style::quiet});
        blocks.emplace_back(Gap{14});
    }
    if (!text.recipient.empty()) blocks.emplace_back(Paragraph{lines(text.recipient)});
    blocks.emplace_back(Gap{12});
    blocks.emplace_back(Paragraph{base::print_long(text.date)});
    if (!text.reference.empty()) blocks.emplace_back(Paragraph{"Reference: " + text.reference});
    blocks.emplace_back(Gap{12});
    blocks.emplace_back(Heading{1, text.heading});
    for (const auto& paragraph : text.paragraphs)
        blocks.emplace_back(Paragraph{paragraph});
    if (!text.points.empty()) blocks.emplace_back(Bullets{text.points});
    for (const auto& paragraph : text.closing)
        blocks.emplace_back(Paragraph{paragraph});
    if (!text.signature.empty()) {
        blocks.emplace_back(Gap{22});
        blocks.emplace_back(Paragraph{lines(text.signature)});
    }
    for (const auto& enclosure : text.enclosures) {
        blocks.emplace_back(Gap{10});
        blocks.emplace_back(
            Paragraph{fmt::format("Enclosed: {}, the file {} that is attached to this PDF",
                                  enclosure.title, enclosure.name),
                      Style::quiet});
        out.attachments.push_back(
            {enclosure.name, "application/pdf", enclosure.title, enclosure.pdf});
    }
    return render(out);
}

}  // namespace assay::document
