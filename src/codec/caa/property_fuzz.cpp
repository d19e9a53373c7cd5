#include "codec/caa/property.hpp"

#include <algorithm>

#include "base/assert.hpp"

namespace {

using namespace assay;

constexpr std::string_view tags[] = {"issue", "IssueWild", "issuemail", "iodef", "tbs"};

void check_allowed(const std::vector<codec::dns::Caa>& rrset) {
    for (const bool wildcard : {false, true}) {
        const auto allowed = codec::caa::allowed_issuers(rrset, wildcard);
        ASSAY_ASSERT(allowed.restricted || allowed.issuers.empty());
        ASSAY_ASSERT(!allowed.unknown_critical || allowed.issuers.empty());
        ASSAY_ASSERT(allowed.issuers.size() <= rrset.size());
    }
}

}  // namespace

// One octet of flags, then a value: of each tag that has one, and as the tag.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string value(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto issuer = codec::caa::parse_issuer(value);
    if (issuer) {
        ASSAY_ASSERT(!issuer->domain || !issuer->domain->empty());
        const auto printed = codec::caa::print(*issuer);
        ASSAY_ASSERT(codec::caa::parse_issuer(printed) == *issuer);
        ASSAY_ASSERT(codec::caa::print(*codec::caa::parse_issuer(printed)) == printed);
    }
    std::vector<codec::dns::Caa> rrset;
    for (const auto tag : tags)
        rrset.push_back({data[0], std::string(tag), value});
    rrset.push_back({data[0], value, "x"});
    for (const auto& property : rrset) {
        const auto faults = codec::caa::lint(property);
        for (const auto& fault : faults) {
            ASSAY_ASSERT(fault.offset <= size);
            ASSAY_ASSERT(!fault.rule.empty() && !fault.cite.empty() && !fault.detail.empty());
        }
        const bool issues = property.tag.starts_with("issue") || property.tag == "IssueWild";
        if (!issues || property.value != value) continue;
        // Both come to the same fault.
        const bool found = !issuer && std::ranges::count(faults, issuer.error()) == 1;
        ASSAY_ASSERT(issuer.has_value() != found);
    }
    check_allowed(rrset);
    rrset.resize(1);
    check_allowed(rrset);
    // A property that stands alone allows whom its value names.
    const auto alone = codec::caa::allowed_issuers(rrset, true);
    ASSAY_ASSERT(alone.restricted && !alone.unknown_critical);
    ASSAY_ASSERT(alone.issuers.size() == (issuer ? 1U : 0U));
    if (issuer) ASSAY_ASSERT(alone.issuers.front() == *issuer);
    return 0;
}
