#include "codec/dmarc/record.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::dmarc {

std::string_view print(Policy policy) {
    switch (policy) {
        case Policy::none: return "none";
        case Policy::quarantine: return "quarantine";
        case Policy::reject: return "reject";
    }
    return "none";
}

std::string_view print(Alignment alignment) {
    return alignment == Alignment::strict ? "s" : "r";
}

std::string_view print(Psd psd) {
    switch (psd) {
        case Psd::yes: return "y";
        case Psd::no: return "n";
        case Psd::unknown: return "u";
    }
    return "u";
}

const Tag* Record::find(std::string_view tag) const {
    const auto at = std::ranges::find(tags, tag, &Tag::name);
    return at == tags.end() ? nullptr : &*at;
}

bool Record::has_bad_policy() const {
    return (find("p") != nullptr && !policy) || (find("sp") != nullptr && !subdomain_policy) ||
           (find("np") != nullptr && !nonexistent_policy);
}

// RFC 9989 section 4.10.1: an invalid p, sp or np turns the record into "p=none".
Policy Record::effective_policy() const {
    return has_bad_policy() ? Policy::none : policy.value_or(Policy::none);
}

// RFC 9989 section 4.7
Policy Record::effective_subdomain_policy() const {
    return has_bad_policy() ? Policy::none : subdomain_policy.value_or(effective_policy());
}

// RFC 9989 section 4.7
Policy Record::effective_nonexistent_policy() const {
    return has_bad_policy() ? Policy::none
                            : nonexistent_policy.value_or(effective_subdomain_policy());
}

Policy Record::in_force(Policy published) const {
    if (!testing) return published;
    return published == Policy::reject ? Policy::quarantine : Policy::none;
}

bool claims(std::string_view text) {
    // RFC 9989 section 4.8: "v" equals %s"DMARC1", then a separator or the end. No blank before.
    if (text.empty() || base::is_blank(text.front())) return false;
    const auto first = text.substr(0, text.find(';'));
    const auto equals = first.find('=');
    if (equals == std::string_view::npos) return false;
    return base::equals_ignoring_case(tags::trim_blanks(first.substr(0, equals)), "v") &&
           tags::trim_blanks(first.substr(equals + 1)) == "DMARC1";
}

bool resembles(std::string_view text) {
    return tags::resembles(text, {"v=DMARC1", "dmarc", {}, {}});
}

namespace {

constexpr std::array<std::string_view, 9> advice = {
    "unknown-tag",  "empty-tag",   "policy-not-second", "failure-options-without-ruf",
    "obsolete-pct", "obsolete-rf", "obsolete-ri",       "uri-size-limit",
    "bad-percent",
};

void print_uris(std::string& out, std::string_view tag, const std::vector<Uri>& uris) {
    if (uris.empty()) return;
    out += "; ";
    out += tag;
    char separator = '=';
    for (const auto& uri : uris) {
        out += separator;
        out += uri.text;
        separator = ',';
    }
}

}  // namespace

bool is_error(const base::Fault& fault) {
    return std::ranges::find(advice, fault.rule) == advice.end();
}

std::string print(const Record& record) {
    std::string out = "v=DMARC1";
    const auto add = [&](std::string_view tag, std::string_view value) {
        out += "; ";
        out += tag;
        out += '=';
        out += value;
    };
    if (record.policy) add("p", print(*record.policy));
    if (record.subdomain_policy) add("sp", print(*record.subdomain_policy));
    if (record.nonexistent_policy) add("np", print(*record.nonexistent_policy));
    if (record.dkim_alignment != Alignment::relaxed) add("adkim", print(record.dkim_alignment));
    if (record.spf_alignment != Alignment::relaxed) add("aspf", print(record.spf_alignment));
    if (record.psd != Psd::unknown) add("psd", print(record.psd));
    if (record.testing) add("t", "y");
    print_uris(out, "rua", record.aggregate);
    print_uris(out, "ruf", record.failure);
    if (record.failure_options) add("fo", *record.failure_options);
    return out;
}

}  // namespace assay::codec::dmarc
