// The DMARC policy record (RFC 9989 section 4; tags of RFC 7489 that it dropped are recognised).
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"
#include "codec/dns/name.hpp"

namespace assay::codec::dmarc {

enum class Policy { none, quarantine, reject };
enum class Alignment { relaxed, strict };
enum class Psd { yes, no, unknown };

std::string_view print(Policy policy);        // "none", "quarantine", "reject"
std::string_view print(Alignment alignment);  // "r", "s"
std::string_view print(Psd psd);              // "y", "n", "u"

struct Uri {                                // one address of rua or ruf
    std::string text;                       // as written, without an obsolete "!10m"
    std::optional<std::string> size_limit;  // RFC 7489 only; ignored
    std::optional<std::string> mailbox;     // of mailto: the address, percent-decoded
    std::optional<dns::Name> host;          // of mailto: the domain of the address
    std::size_t offset = 0;
    bool operator==(const Uri&) const = default;
};

struct Tag {                  // every tag as it stands, in order
    std::string name, value;  // name in lower case; value trimmed
    std::size_t offset = 0;
    bool operator==(const Tag&) const = default;
};

struct Record {
    std::optional<Policy> policy, subdomain_policy,
        nonexistent_policy;  // p, sp, np as written and valid
    Alignment dkim_alignment = Alignment::relaxed, spf_alignment = Alignment::relaxed;
    Psd psd = Psd::unknown;
    bool testing = false;
    std::vector<Uri> aggregate, failure;         // rua, ruf: the valid ones, in order
    std::optional<std::string> failure_options;  // fo as written
    std::optional<unsigned> percent;             // pct, obsolete
    std::vector<Tag> tags;

    // The policies with the defaults and fall-backs of RFC 9989: p missing is none; sp falls back
    // to p; np to sp, then p. All are none when one of the tags is there with an invalid value.
    Policy effective_policy() const;
    Policy effective_subdomain_policy() const;
    Policy effective_nonexistent_policy() const;
    // What receivers apply of it: under t=y one level less (RFC 9989 section 4.7).
    Policy in_force(Policy published) const;
    bool has_bad_policy() const;  // p, sp or np is among the tags, but its value is invalid
    const Tag* find(std::string_view tag) const;  // the first of that name
    bool operator==(const Record&) const = default;
};

// "v=DMARC1" first, case-sensitive, white space as RFC 9989 allows, then ";" or the end.
bool claims(std::string_view text);

// Was the text meant to be a DMARC record, whether or not it claims? For what stands at a "_dmarc"
// name.
bool resembles(std::string_view text);

// All faults. `record` is empty when a receiver would not apply DMARC (RFC 9989 section 4.10.1):
// the text does not claim, or p is missing or one of p, sp and np is invalid, and there is no valid
// rua. With a valid rua such a record counts as "p=none". Of a tag that is there twice, the first
// counts.
//
// Errors: too-long, too-many-tags, too-many-uris, bad-version, missing-policy, bad-policy,
// bad-subdomain-policy, bad-nonexistent-policy, bad-alignment, bad-psd, bad-testing,
// bad-failure-options, bad-uri, uri-not-mailto (receivers need not send there), bad-syntax,
// duplicate-tag, misspelt-tag (one slip away from a known tag), missing-separator, joined-records,
// escaped-separator, quote-mark, control-byte, non-ascii.
//
// Advice: unknown-tag, empty-tag, policy-not-second (RFC 7489 asked for p right after v),
// failure-options-without-ruf, uri-size-limit, obsolete-pct, obsolete-rf, obsolete-ri, bad-percent.
//
// A fault that lies in the shape of a tag (the last six errors) explains the value of the tag too:
// then there is no second fault for the value.
base::Linted<Record> lint(std::string_view text);

// Does the fault make receivers read something other than what was meant (an error), or is it
// advice?
bool is_error(const base::Fault& fault);

// The record, or the first fault that stops a receiver.
std::expected<Record, base::Fault> parse(std::string_view text);

// The tags of a text that claims, as far as they can be read, also when no receiver applies it: the
// tree walk looks at psd even then. Empty when the text does not claim.
std::optional<Record> read_tags(std::string_view text);

// Canonical text: "v=DMARC1; p=reject; sp=...". Only set tags, never obsolete ones.
std::string print(const Record& record);

}  // namespace assay::codec::dmarc
