// What the authority says on paper, as PDF: certificates and letters. Days are those in London.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "certify/authority.hpp"
#include "certify/store.hpp"

namespace assay::certify {

struct PaperSources {  // borrowed
    Transaction& store;
    std::span<const Scheme> schemes;
    const Authority& authority;
    base::Moment at{};
};

// The certificate with its pack attached and a QR code. It says only what the pack proves at `at`:
// one that has ended, is suspended, withdrawn or superseded is not printed (usage).
base::Result<std::string> certificate_on_paper(const PaperSources& from, std::string_view number);

// The outcome of a case in writing, or what the applicant is asked for. With an outcome of
// achieved, its certificate is enclosed. Error usage: there is nothing to write about yet.
base::Result<std::string> letter_on_paper(const PaperSources& from, std::string_view case_id);

}  // namespace assay::certify
