// The certificate and the decision letter on paper: tagged A4 PDF, the same bytes for the same
// input, with the certificate pack attached.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace assay::document {

struct CertificateText {
    std::string authority;
    std::string scheme;  // "Connection compliance scheme"
    std::string number;
    std::string organisation;
    bool whole_organisation = true;
    std::string scope;  // the statement; may be empty
    std::string environment;
    std::vector<std::string> sites;
    std::string users_band;  // may be empty
    std::vector<std::string> domains;
    std::chrono::year_month_day issued{};
    std::chrono::year_month_day last_day{};  // valid on it
    std::vector<std::string> conditions;     // empty: issued without conditions, and it says so
    base::Moment status_at{};                // "not withdrawn as of"
    std::string log_vkey;
    std::string trust_sha256;  // hexadecimal
    std::string url;           // in the QR code
    std::string pack;          // bytes of <number>.assay.json
};

// Dates are the days that the reader means: the caller knows the time zone.
//
// Error usage: a field that must be there is empty, or is not plain text; its name is in the
// detail. Error internal: fonts are missing.
base::Result<std::string> certificate_pdf(const CertificateText& text);

struct Enclosure {
    std::string title;  // "Certificate CC-2026-000417"
    std::string name;   // of the file
    std::string pdf;    // bytes
};

struct LetterText {
    std::string authority;
    std::vector<std::string> sender;     // lines: address, how to reach
    std::vector<std::string> recipient;  // lines
    std::chrono::year_month_day date{};
    std::string reference;
    std::string heading;
    std::vector<std::string> paragraphs;
    std::vector<std::string> points;     // conditions or reasons, after the paragraphs
    std::vector<std::string> closing;    // after the points
    std::vector<std::string> signature;  // lines: name, office
    std::vector<Enclosure> enclosures;   // named at the end, and attached
};

base::Result<std::string> letter_pdf(const LetterText& text);

}  // namespace assay::document
