// The SMTP TLS reporting record (RFC 8460 section 3).
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"
#include "codec/dns/name.hpp"

namespace assay::codec::tls_rpt {

struct Destination {
    std::string text;                    // the URI as written
    std::optional<std::string> mailbox;  // of mailto:, percent-decoded
    std::optional<dns::Name> host;       // the domain of the mailbox, or the host of https:
    std::size_t offset = 0;
    bool operator==(const Destination&) const = default;
};

struct Record {
    std::vector<Destination> destinations;  // rua, in order; at least one
    std::vector<std::pair<std::string, std::string>> extensions;
    bool operator==(const Record&) const = default;
};

// "v=TLSRPTv1" then ";", case-sensitive.
bool claims(std::string_view text);
// Was the text meant to be a TLS reporting record, whether or not it claims?
bool resembles(std::string_view text);

// `record` is empty when senders must take it that there is no TLS reporting: the text does not
// claim, or there is no valid address. Of a tag that is there twice, the first counts.
//
// Errors: too-long, too-many-tags, too-many-uris, bad-version, missing-rua, bad-uri,
// unsupported-scheme (only mailto: and https: are defined), duplicate-tag, misspelt-tag (one slip
// away from "rua"), bad-extension, bad-syntax, empty-tag, missing-separator, joined-records,
// escaped-separator, quote-mark, control-byte, non-ascii.
//
// Advice: space-before-separator ("v=TLSRPTv1 ;").
base::Linted<Record> lint(std::string_view text);
bool is_error(const base::Fault& fault);  // false: advice

// The record, or the first fault that stops a sender.
std::expected<Record, base::Fault> parse(std::string_view text);

// Canonical text: "v=TLSRPTv1; rua=mailto:...,https://...".
std::string print(const Record& record);

}  // namespace assay::codec::tls_rpt
