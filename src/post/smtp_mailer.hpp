// Letters by SMTP, through libcurl.
#pragma once

#include <memory>

#include "base/result.hpp"
#include "certify/mailer.hpp"

namespace assay::post {

// TLS 1.2 or newer, and a certificate that holds for the host (RFC 3207 section 4), unless the
// options say `plaintext`. One connection is kept for many letters. Error: usage (the URL).
base::Result<std::unique_ptr<certify::Mailer>> open(const certify::MailerOptions& options);

}  // namespace assay::post
