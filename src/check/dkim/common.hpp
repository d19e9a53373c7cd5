// What several checks of this area share.
#pragma once

#include <optional>
#include <vector>

#include "check/check.hpp"
#include "codec/dkim/key_record.hpp"

namespace assay::check {

struct Key {
    const fact::Selector* selector = nullptr;
    std::string name;  // "selector1._domainkey"
    std::string text;
    base::Linted<codec::dkim::KeyRecord> content;
};

// Every text at a selector that claims to be a key. TXT that does not (a wildcard's, a verification
// code) is no key, and a key that only signs TLS reports (RFC 8460 section 3) is none for mail.
std::vector<Key> read_keys(const fact::Dkim& dkim);

// An error that may hide a key: of the zone's own answer, or of a selector.
std::optional<base::Error> first_error(const fact::Dkim& dkim);

// Receivers can verify with the key; its length is a question of its own.
bool is_usable(const Key& key);

// No key to look at: not applicable when there is none or receivers can use none, cannot tell when
// that is only a guess.
Outcome nothing_found(const fact::Dkim& dkim);

}  // namespace assay::check
