// A domain name (RFC 1034 section 3.1, RFC 1035 section 2.3.4), absolute, in lower case.
//
// Two readers: `parse_name` takes master file text, any octets, with escapes; `parse_domain` takes
// what a person types: U-labels become A-labels (UTS 46 non-transitional, IDNA 2008), control
// bytes, spaces and empty labels are refused.
#pragma once

#include <compare>
#include <cstddef>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/fault.hpp"

namespace assay::codec::dns {

inline constexpr std::size_t name_octets_max = 255;  // RFC 1035 section 2.3.4
inline constexpr std::size_t label_octets_max = 63;  // RFC 1035 section 2.3.4

class Name {
  public:
    Name() : wire_(1, '\0') {}  // the root

    // Wire form without compression, ending in the root label; lower case.
    // `wire` must be a valid name: decoders check first (see wire.hpp), texts go through
    // parse_name.
    static Name from_wire(std::string wire);

    bool is_root() const { return wire_.size() == 1; }
    bool is_wildcard() const { return wire_.starts_with("\1*"); }
    std::size_t label_count() const;  // the root has none
    std::string_view wire() const { return wire_; }

    std::string_view first_label() const;          // raw octets; empty for the root
    std::vector<std::string_view> labels() const;  // views into this name
    Name parent() const;                           // of the root: the root
    Name suffix(
        std::size_t labels) const;  // the last `labels` labels; the whole name if it has fewer

    // The name one label below. Fault when the result would be too long or the label is empty or
    // too long.
    std::expected<Name, base::Fault> child(std::string_view label) const;

    // This name itself, or anything below `ancestor`.
    bool is_at_or_below(const Name& ancestor) const;
    bool is_below(const Name& ancestor) const {
        return *this != ancestor && is_at_or_below(ancestor);
    }

    // Presentation form without the final dot; "." for the root. Octets that are not printable, and
    // dots and backslashes inside a label, are escaped (RFC 4343 section 2.1).
    std::string text() const;

    bool operator==(const Name&) const = default;
    auto operator<=>(const Name&) const = default;  // any stable order, not the canonical one

  private:
    std::string wire_;
};

// Master file text; relative names are completed with `origin`. A final dot makes it absolute; with
// no origin given every name is absolute. Faults: empty-name, empty-label, label-too-long,
// name-too-long, bad-escape.
std::expected<Name, base::Fault> parse_name(std::string_view text, const Name& origin = Name());

// What a person types, or what a record holds where a host name is meant: UTF-8, one optional final
// dot. Faults as above, and control-byte, forbidden-character, not-utf8, idna.
std::expected<Name, base::Fault> parse_domain(std::string_view text);

// With U-labels where that round-trips, for display: "müller.example".
std::string print_unicode(const Name& name);

// Letters, digits, hyphens inside; at least one label (RFC 1123 section 2.1). Underscores are not
// host names.
bool is_host_name(const Name& name);

}  // namespace assay::codec::dns

template <>
struct std::hash<assay::codec::dns::Name> {
    std::size_t operator()(const assay::codec::dns::Name& name) const noexcept {
        return std::hash<std::string_view>()(name.wire());
    }
};
