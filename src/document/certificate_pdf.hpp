// The certificate and the decision letter on paper: tagged A4 PDF, the same bytes for the same
// input, with the certificate pack attached.
#pragma once

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
    std::string scope;  // the statement
    std::string environment;
    std::vector<std::string> sites;
    std::string users_band;
    std::vector<std::string> domains;
    base::Moment issued{};
    base::Moment expires{};
    std::vector<std::string> conditions;  // empty: issued without conditions, and it says so
    base::Moment status_at{};             // "not withdrawn as of"
    std::string log_vkey;
    std::string trust_sha256;  // hexadecimal
    std::string url;           // in the QR code
    std::string pack;          // bytes of <number>.assay.json
};

// Error usage: a field that must be there is empty, or is not plain text; its name is in the
// detail. Error internal: fonts are missing.
base::Result<std::string> certificate_pdf(const CertificateText& text);

struct LetterText {
    std::string authority;
    std::vector<std::string> sender;     // lines: address, how to reach
    std::vector<std::string> recipient;  // lines
    base::Moment date{};
    std::string reference;
    std::string heading;
    std::vector<std::string> paragraphs;
    std::vector<std::string> points;     // conditions or reasons, after the paragraphs
    std::vector<std::string> closing;    // after the points
    std::vector<std::string> signature;  // lines: name, office
};

base::Result<std::string> letter_pdf(const LetterText& text);

// "1 November 2026", as GOV.UK writes dates; of the UTC day.
std::string print_date(base::Moment moment);

}  // namespace assay::document
