#include "codec/caa/property.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::caa {

namespace {

constexpr std::uint8_t flag_critical = 128;  // RFC 8659 section 4.1

enum class Tag { issue, issuewild, issuemail, issuevmc, iodef, contact, unknown };

Tag tag_of(const dns::Caa& property) {
    constexpr std::pair<std::string_view, Tag> tags[] = {
        {"issue", Tag::issue},       {"issuewild", Tag::issuewild},  {"issuemail", Tag::issuemail},
        {"issuevmc", Tag::issuevmc}, {"contactemail", Tag::contact}, {"contactphone", Tag::contact},
        {"iodef", Tag::iodef}};
    for (const auto& [name, tag] : tags) {
        if (base::equals_ignoring_case(property.tag, name)) return tag;
    }
    return Tag::unknown;
}

bool is_label(std::string_view text) {
    return !text.empty() && text.front() != '-' && text.back() != '-' &&
           std::ranges::all_of(text, [](char c) { return base::is_alnum(c) || c == '-'; });
}

bool is_domain(std::string_view text) {
    const auto labels = base::split(text, '.');
    return std::ranges::all_of(labels, is_label);
}

// RFC 8659 section 4.2: value = *(%x21-3A / %x3C-7E)
bool is_parameter_value(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != ';'; });
}

base::Fault fault(std::string_view rule, std::string_view cite, std::string detail) {
    return {std::string(rule), std::string(cite), 0, std::move(detail)};
}

// RFC 8657 section 4: value = [*(label ",") label], label = 1*(ALPHA / DIGIT / "-"). An empty list
// is one: no method may be used.
bool is_method_list(std::string_view text) {
    return text.empty() || std::ranges::all_of(base::split(text, ','), [](std::string_view label) {
               return !label.empty() && std::ranges::all_of(label, [](char c) {
                   return base::is_alnum(c) || c == '-';
               });
           });
}

void lint_parameters(const Issuer& issuer, tags::FaultList& out) {
    std::unordered_set<std::string_view> seen;
    for (const auto& [name, value] : issuer.parameters) {
        if (!seen.insert(name).second) {
            out.add(fault(
                "duplicate-parameter", "RFC 8657 section 3",
                fmt::format("The parameter '{}' stands twice", base::quote_for_display(name))));
        }
        if (name == "accounturi" && value.find(':') == std::string::npos) {
            out.add(
                fault("bad-account-uri", "RFC 8657 section 3",
                      fmt::format("accounturi '{}' is not a URI", base::quote_for_display(value))));
        }
        if (name == "validationmethods" && !is_method_list(value)) {
            out.add(fault("bad-validation-methods", "RFC 8657 section 4",
                          fmt::format("'{}' is not a list of validation methods",
                                      base::quote_for_display(value))));
        }
    }
}

}  // namespace

std::expected<Issuer, base::Fault> parse_issuer(std::string_view value) {
    Issuer out;
    const auto parts = base::split(value, ';');
    const auto domain = base::trim(parts.front());
    const auto shown = base::quote_for_display(value, 100);
    if (!domain.empty()) {
        if (!is_domain(domain)) {
            return std::unexpected(
                fault("bad-issuer", "RFC 8659 section 4.2",
                      fmt::format("'{}' does not begin with the domain of an authority", shown)));
        }
        out.domain = base::lower(domain);
    }
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const auto part = base::trim(parts[i]);
        // RFC 8659 section 4.2: after the first ";" there may be no parameter, after others not.
        if (part.empty() && parts.size() == 2) break;
        if (part.empty()) {
            return std::unexpected(
                fault("bad-parameter", "RFC 8659 section 4.2",
                      fmt::format("'{}' has a semicolon with no parameter after it, so this record "
                                  "lets no authority issue. Remove the semicolon",
                                  shown)));
        }
        const auto equals = part.find('=');
        const auto name = base::trim(part.substr(0, equals));
        if (equals == std::string_view::npos || !is_label(name)) {
            return std::unexpected(
                fault("bad-parameter", "RFC 8659 section 4.2",
                      fmt::format("'{}' is not tag=value", base::quote_for_display(part, 100))));
        }
        const auto content = base::trim(part.substr(equals + 1));
        if (!is_parameter_value(content)) {
            return std::unexpected(fault("bad-parameter", "RFC 8659 section 4.2",
                                         fmt::format("'{}' holds characters that are not allowed",
                                                     base::quote_for_display(part, 100))));
        }
        out.parameters.emplace_back(base::lower(name), std::string(content));
    }
    return out;
}

std::string print(const Issuer& issuer) {
    std::string out = issuer.domain.value_or("");
    if (out.empty() && issuer.parameters.empty()) return ";";
    for (const auto& [name, value] : issuer.parameters)
        out += fmt::format("; {}={}", name, value);
    return out;
}

std::vector<base::Fault> lint(const dns::Caa& property) {
    tags::FaultList out;
    const auto tag = tag_of(property);
    const bool plain = !property.tag.empty() && std::ranges::all_of(property.tag, base::is_alnum);
    if (!plain) {
        out.add(fault("bad-tag", "RFC 8659 section 4.1",
                      fmt::format("The tag '{}' may hold letters and digits only",
                                  base::quote_for_display(property.tag))));
    } else if (tag == Tag::unknown) {
        const bool critical = (property.flags & flag_critical) != 0;
        out.add(fault(
            critical ? "unknown-critical-tag" : "unknown-tag", "RFC 8659 section 4.1",
            critical ? fmt::format("'{}' is marked critical but unknown, so no authority may issue",
                                   property.tag)
                     : fmt::format("'{}' is not known, so authorities ignore it", property.tag)));
    }
    if ((property.flags & ~flag_critical) != 0) {
        out.add(
            fault("bad-flags", "RFC 8659 section 4.1",
                  fmt::format("The flags are {}; only 0 and 128 have a meaning", property.flags)));
    }
    if (tag == Tag::iodef) {
        const bool known = base::starts_with_ignoring_case(property.value, "mailto:") ||
                           base::starts_with_ignoring_case(property.value, "https:") ||
                           base::starts_with_ignoring_case(property.value, "http:");
        if (!known) {
            out.add(fault("bad-iodef", "RFC 8659 section 4.4",
                          fmt::format("iodef '{}' is neither mailto: nor https:",
                                      base::quote_for_display(property.value))));
        }
    } else if (tag != Tag::unknown && tag != Tag::contact) {
        const auto issuer = parse_issuer(property.value);
        if (issuer) {
            lint_parameters(*issuer, out);
        } else {
            out.add(issuer.error());
        }
    }
    return out.take();
}

bool is_error(const base::Fault& fault) {
    return fault.rule != "unknown-tag" && fault.rule != "bad-flags";
}

Allowed allowed_issuers(const std::vector<dns::Caa>& rrset, bool for_wildcard) {
    Allowed out;
    // RFC 8659 section 4.3: issuewild, where there is any, decides alone about wildcards.
    const bool wild = for_wildcard && std::ranges::any_of(rrset, [](const dns::Caa& p) {
                          return tag_of(p) == Tag::issuewild;
                      });
    for (const auto& property : rrset) {
        const auto tag = tag_of(property);
        if (tag == Tag::unknown && (property.flags & flag_critical) != 0)
            out.unknown_critical = out.restricted = true;
        if (tag != (wild ? Tag::issuewild : Tag::issue)) continue;
        out.restricted = true;
        // A value that cannot be read authorises nobody, and still restricts (section 4.2).
        if (auto issuer = parse_issuer(property.value)) out.issuers.push_back(*std::move(issuer));
    }
    if (out.unknown_critical) out.issuers.clear();
    return out;
}

}  // namespace assay::codec::caa
