// Public suffixes (publicsuffix.org), through libpsl and the list that Debian's `publicsuffix`
// installs.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "codec/dns/name.hpp"

namespace assay::codec::dns {

// Immutable once loaded; safe to share between threads.
class SuffixList {
  public:
    // Rules of the list in its published text form. Error: usage, when the bytes are no such list.
    static base::Result<SuffixList> parse(std::string_view list);
    // The list compiled into libpsl: always available.
    static SuffixList builtin();

    // Is the name itself a public suffix (gov.uk), ICANN or private section?
    bool is_public_suffix(const Name& name) const;
    // The longest public suffix at or above the name; the last label when no rule matches ("*"
    // rule).
    Name public_suffix(const Name& name) const;
    // One label below the public suffix; nothing when the name is itself a suffix, or the root.
    std::optional<Name> registrable_domain(const Name& name) const;

  private:
    struct Handle;
    explicit SuffixList(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}
    std::shared_ptr<const Handle> handle_;
};

}  // namespace assay::codec::dns
