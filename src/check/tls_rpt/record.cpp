#include "codec/tls_rpt/record.hpp"
#include "check/text_policy.hpp"
#include "check/tls_rpt/checks.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 8460 section 3"};
constexpr std::string_view guidance[] = {"mta-sts-and-tls-rpt", "securing-government-email"};

constexpr OutcomeText outcomes[] = {
    {"valid", "{domain} publishes a TLS-RPT record", ""},
    {"missing", "{domain} gets no reports when encryption to its mail servers fails",
     "Publish a TLS-RPT record. Use a mailbox you read, or a reporting service."},
    {"several", "{name} has {count} records, so senders ignore them all",
     "Keep one record and remove the others."},
    {"faulty", "There is a mistake in the record at {name}: {faults}", "Fix the record."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

std::vector<std::string> stoppers(std::string_view text) {
    const auto content = codec::tls_rpt::lint(text);
    std::vector<std::string> out;
    for (const auto& fault : content.faults) {
        if (codec::tls_rpt::is_error(fault)) out.push_back(fault.detail);
    }
    if (!content.record && out.empty()) out.emplace_back("it does not begin with v=TLSRPTv1");
    return out;
}

Outcome judge(const fact::Domain& facts) {
    return judge_text_policy(facts, facts.tls_rpt,
                             {codec::tls_rpt::resembles, stoppers,
                              "v=TLSRPTv1; rua=mailto:tls-reports@" + facts.name.text()});
}

}  // namespace

constinit const Check tls_rpt_record{
    .id = "tls-rpt.record",
    .question = "Does the domain ask for reports about TLS to its mail servers?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::tls_rpt | fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
