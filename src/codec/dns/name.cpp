#include "codec/dns/name.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace assay::codec::dns {

namespace {

std::unexpected<base::Fault> fault(std::string_view rule, std::string_view cite, std::size_t offset,
                                   std::string detail) {
    return std::unexpected(
        base::Fault{std::string(rule), std::string(cite), offset, std::move(detail)});
}

std::size_t label_length(std::string_view wire, std::size_t at) {
    return static_cast<unsigned char>(wire[at]);
}

}  // namespace

Name Name::from_wire(std::string wire) {
    ASSAY_ASSERT(!wire.empty() && wire.back() == '\0' && wire.size() <= name_octets_max);
    Name name;
    name.wire_ = std::move(wire);
    for (std::size_t at = 0; label_length(name.wire_, at) != 0;) {
        const std::size_t end = at + 1 + label_length(name.wire_, at);
        for (++at; at < end; ++at)
            name.wire_[at] = base::to_lower(name.wire_[at]);
    }
    return name;
}

std::size_t Name::label_count() const {
    std::size_t count = 0;
    for (std::size_t at = 0; label_length(wire_, at) != 0; at += 1 + label_length(wire_, at))
        ++count;
    return count;
}

std::string_view Name::first_label() const {
    return std::string_view(wire_).substr(1, label_length(wire_, 0));
}

std::vector<std::string_view> Name::labels() const {
    std::vector<std::string_view> out;
    for (std::size_t at = 0; label_length(wire_, at) != 0; at += 1 + label_length(wire_, at)) {
        out.push_back(std::string_view(wire_).substr(at + 1, label_length(wire_, at)));
    }
    return out;
}

Name Name::parent() const {
    Name out;
    if (!is_root()) out.wire_ = wire_.substr(1 + label_length(wire_, 0));
    return out;
}

Name Name::suffix(std::size_t labels) const {
    std::size_t surplus = label_count();
    surplus = surplus > labels ? surplus - labels : 0;
    std::size_t at = 0;
    for (; surplus > 0; --surplus)
        at += 1 + label_length(wire_, at);
    Name out;
    out.wire_ = wire_.substr(at);
    return out;
}

std::expected<Name, base::Fault> Name::child(std::string_view label) const {
    if (label.empty()) {
        return fault("empty-label", "RFC 1035 section 3.1", 0, "A label between two dots is empty");
    }
    if (label.size() > label_octets_max) {
        return fault(
            "label-too-long", "RFC 1035 section 2.3.4", 0,
            fmt::format("The label '{}' has {} octets; {} are allowed",
                        base::quote_for_display(label, 40), label.size(), label_octets_max));
    }
    if (wire_.size() + 1 + label.size() > name_octets_max) {
        return fault("name-too-long", "RFC 1035 section 2.3.4", 0,
                     fmt::format("The name is longer than {} octets", name_octets_max));
    }
    Name out;
    out.wire_.clear();
    out.wire_.reserve(wire_.size() + 1 + label.size());
    out.wire_ += static_cast<char>(label.size());
    for (const char c : label)
        out.wire_ += base::to_lower(c);
    out.wire_ += wire_;
    return out;
}

bool Name::is_at_or_below(const Name& ancestor) const {
    if (!wire_.ends_with(ancestor.wire_)) return false;
    // The end of the octets must also be the end of a label.
    const std::size_t boundary = wire_.size() - ancestor.wire_.size();
    std::size_t at = 0;
    while (at < boundary)
        at += 1 + label_length(wire_, at);
    return at == boundary;
}

std::string Name::text() const {
    if (is_root()) return ".";
    std::string out;
    out.reserve(wire_.size());
    for (std::size_t at = 0; label_length(wire_, at) != 0;) {
        const std::size_t end = at + 1 + label_length(wire_, at);
        if (at != 0) out += '.';
        for (++at; at < end; ++at) {
            const auto byte = static_cast<unsigned char>(wire_[at]);
            const bool special = wire_[at] == '.' || wire_[at] == '\\' || wire_[at] == '"' ||
                                 wire_[at] == ';' || wire_[at] == '(' || wire_[at] == ')' ||
                                 wire_[at] == '@' || wire_[at] == '$';
            if (special) {
                out += '\\';
                out += wire_[at];
            } else if (byte > 0x20 && byte < 0x7f) {
                out += wire_[at];
            } else {
                out += fmt::format("\\{:03}", byte);
            }
        }
    }
    return out;
}

std::expected<Name, base::Fault> parse_name(std::string_view text, const Name& origin) {
    if (text.empty()) return fault("empty-name", "RFC 1035 section 5.1", 0, "The name is empty");
    if (text == ".") return Name();
    std::string wire;
    std::string label;
    const auto end_label = [&](std::size_t at) -> std::expected<void, base::Fault> {
        if (label.empty()) {
            return fault("empty-label", "RFC 1035 section 3.1", at,
                         "A label between two dots is empty");
        }
        if (label.size() > label_octets_max) {
            return fault(
                "label-too-long", "RFC 1035 section 2.3.4", at,
                fmt::format("The label '{}' has {} octets; {} are allowed",
                            base::quote_for_display(label, 40), label.size(), label_octets_max));
        }
        wire += static_cast<char>(label.size());
        wire += label;
        label.clear();
        return {};
    };
    bool absolute = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char c = text[i];
        if (c == '.') {
            if (auto ended = end_label(i); !ended) return std::unexpected(ended.error());
            absolute = i + 1 == text.size();
            continue;
        }
        if (c == '\\') {  // RFC 1035 section 5.1: \DDD is an octet, \X is X itself
            const auto digits = text.substr(i + 1, 3);
            if (digits.empty())
                return fault("bad-escape", "RFC 1035 section 5.1", i, "A backslash ends the name");
            if (base::is_digit(digits.front())) {
                const auto value = base::parse_decimal(digits, 255);
                if (digits.size() != 3 || !value) {
                    return fault("bad-escape", "RFC 1035 section 5.1", i,
                                 "A backslash and a digit need three digits up to 255");
                }
                c = static_cast<char>(*value);
                i += 3;
            } else {
                c = digits.front();
                i += 1;
            }
        }
        label += c;
    }
    if (!absolute) {
        if (auto ended = end_label(text.size()); !ended) return std::unexpected(ended.error());
    }
    wire += absolute ? std::string_view("\0", 1) : origin.wire();
    if (wire.size() > name_octets_max) {
        return fault("name-too-long", "RFC 1035 section 2.3.4", 0,
                     fmt::format("The name is longer than {} octets", name_octets_max));
    }
    return Name::from_wire(std::move(wire));
}

bool is_host_name(const Name& name) {
    if (name.is_root()) return false;
    for (const auto label : name.labels()) {
        if (label.front() == '-' || label.back() == '-') return false;
        for (const char c : label) {
            if (!base::is_alnum(c) && c != '-') return false;
        }
    }
    // RFC 1123 section 2.1: the last label is no number, so an address is never a host name.
    return !std::ranges::all_of(name.labels().back(), base::is_digit);
}

}  // namespace assay::codec::dns
