#include <algorithm>

#include "check/tls_rpt/checks.hpp"
#include "check/tls_rpt/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 8460 section 3"};
constexpr std::string_view guidance[] = {"mta-sts-and-tls-rpt", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"one", "TLS reports about {domain} go to {destinations}", ""},
    {"several", "TLS reports about {domain} go to several places: {destinations}",
     "Keep the one that you read."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

Outcome judge(const fact::Domain& facts) {
    if (!facts.tls_rpt) return not_collected();
    if (facts.tls_rpt->records.is_error()) return cannot_tell(facts.tls_rpt->records.error());
    const auto record = read_record(*facts.tls_rpt);
    if (!record) return not_applicable("there is no usable TLS-RPT record");
    std::vector<std::string> destinations;
    // Twice the same address is one place.
    for (const auto& destination : record->destinations) {
        if (std::ranges::find(destinations, destination.text) == destinations.end())
            destinations.push_back(destination.text);
    }
    return Outcome(destinations.size() > 1 ? "several" : "one")
        .with("domain", facts.name.text())
        .with("destinations", std::move(destinations));
}

}  // namespace

constinit const Check tls_rpt_reports{
    .id = "tls-rpt.reports",
    .question = "Do TLS reports go to one place?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::tls_rpt,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
