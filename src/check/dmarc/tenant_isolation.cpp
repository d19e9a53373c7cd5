#include "check/dmarc/checks.hpp"
#include "check/dmarc/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 9989 section 4.10"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"isolated",
     "The organisational domain of {domain} is {organization}: no one else under the suffix aligns "
     "with it",
     ""},
    {"strict",
     "{domain} asks for exact matches, so no one else under {organization} aligns with it", ""},
    {"suffix", "{domain} says that the names below it belong to different organisations", ""},
    {"shared",
     "Other organisations under {organization} may be able to send mail that passes as {domain}",
     "Publish psd=n in a DMARC record of your own, as below. Older receivers ignore it."},
    {"shared-above",
     "Other organisations under {organization} may be able to send mail that passes as {domain}",
     "Publish psd=n in the DMARC record of {main_domain}. Run assay check {main_domain} for the "
     "record."},
    {"open-suffix",
     "Organisations under {domain} may be able to send mail that passes as one another",
     "Publish psd=y in the DMARC record of {domain}, as below. Then newer receivers keep the "
     "organisations apart."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// A public suffix with a record must say psd=y, or its tenants are one organisation to receivers.
Outcome judge_suffix(const fact::Domain& facts) {
    const std::string domain = facts.name.text();
    const auto& own = facts.dmarc->own();
    if (own.is_error()) return cannot_tell(own.error());
    const auto record = own_record(*facts.dmarc);
    if (!record) return not_applicable(domain + " is a public suffix without a DMARC record");
    const bool says_so = record->psd == codec::dmarc::Psd::yes;
    auto outcome = Outcome(says_so ? "suffix" : "open-suffix")
                       .with("domain", domain)
                       .with("name", "_dmarc." + domain)
                       .with("record", *own);
    if (says_so) return outcome;
    publish_changed(outcome, facts,
                    [](codec::dmarc::Record& changed) { changed.psd = codec::dmarc::Psd::yes; });
    return outcome;
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.dmarc) return not_collected();
    const auto& dmarc = *facts.dmarc;
    const auto found = dmarc.discover();
    const std::string domain = facts.name.text();
    if (is_public_suffix(dmarc, facts.name)) return judge_suffix(facts);
    if (!found.organizational_domain) return cannot_tell(*first_error(dmarc));
    const auto organization = found.organizational_domain->text();
    const auto outcome = [&](std::string_view tag) {
        return Outcome(tag).with("domain", domain).with("organization", organization);
    };
    // RFC 9989 section 4.10: without psd=y the walk stops at the record with the fewest labels,
    // though it be a suffix's.
    if (!is_public_suffix(dmarc, *found.organizational_domain)) return outcome("isolated");
    const auto record = applied_record(dmarc, found);
    using codec::dmarc::Alignment;
    if (record && record->dkim_alignment == Alignment::strict &&
        record->spf_alignment == Alignment::strict) {
        return outcome("strict");
    }
    const auto& main_domain = dmarc.suffix_organizational_domain;
    if (main_domain && *main_domain != facts.name) {
        return outcome("shared-above").with("main_domain", main_domain->text());
    }
    auto shared = outcome("shared");
    publish_started(shared, facts,
                    [](codec::dmarc::Record& changed) { changed.psd = codec::dmarc::Psd::no; });
    return shared;
}

}  // namespace

constinit const Check dmarc_tenant_isolation{
    .id = "dmarc.tenant-isolation",
    .question = "Can another body under the same suffix pass DMARC as this domain?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::dmarc | fact::Need::mx,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
