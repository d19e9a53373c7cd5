#include <algorithm>

#include "base/text.hpp"
#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9990"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"once", "Every DMARC report address of {domain} is named once", ""},
    {"duplicate", "The DMARC record of {domain} names an address twice: {duplicates}",
     "Publish the record below, with each address once."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// Takes the second and later of equal addresses out; gives what it took.
std::vector<std::string> remove_duplicates(std::vector<codec::dmarc::Uri>& uris) {
    std::vector<std::string> out;
    std::vector<codec::dmarc::Uri> once;
    for (auto& uri : uris) {
        const auto same = [&](const codec::dmarc::Uri& other) {
            return base::equals_ignoring_case(uri.text, other.text);
        };
        if (std::ranges::any_of(once, same)) {
            out.push_back(uri.text);
        } else {
            once.push_back(std::move(uri));
        }
    }
    uris = std::move(once);
    return out;
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto& own = facts.dmarc->own();
    const std::string domain = facts.name.text();
    if (own.is_error()) return cannot_tell(own.error());
    auto record = own_record(*facts.dmarc);
    if (!record || record->aggregate.empty())
        return not_applicable(domain + " has no report addresses of its own");
    auto duplicates = remove_duplicates(record->aggregate);
    if (duplicates.empty()) return Outcome("once").with("domain", domain);
    auto outcome = Outcome("duplicate")
                       .with("domain", domain)
                       .with("duplicates", std::move(duplicates))
                       .with("record", *own);
    publish_tidied(outcome, facts,
                   [](codec::dmarc::Record& changed) { remove_duplicates(changed.aggregate); });
    return outcome;
}

}  // namespace

constinit const Check dmarc_reports_duplicate{
    .id = "dmarc.reports-duplicate",
    .question = "Is every report address named once?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
