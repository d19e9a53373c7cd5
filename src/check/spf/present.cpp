#include "base/text.hpp"
#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 3.1", "RFC 7208 section 4.5"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"present", "{domain} publishes an SPF record", ""},
    {"misspelt", "Receivers do not recognise the SPF record of {domain}: {record}",
     "Make the record begin with v=spf1 and a space."},
    {"missing",
     "{domain} has no SPF record, so receivers cannot tell which servers may send for it",
     "List every service that sends mail as {domain}, then publish an SPF record that ends in "
     "-all."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
};

// The text with the right start, if that is all that was wrong.
std::optional<std::string> with_version(std::string_view text) {
    const auto at = base::lower(text).find("spf1");
    if (at == std::string::npos) return std::nullopt;
    auto out = "v=spf1" + std::string(text.substr(at + 4));
    return codec::spf::parse(out) ? std::optional(std::move(out)) : std::nullopt;
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    const auto& root = facts.spf->root();
    const std::string domain = facts.name.text();
    if (root.record.is_error()) return cannot_tell(root.record.error());
    if (root.record.is_absent() && !facts.spf->misspelt.empty()) {
        const auto& texts = facts.spf->misspelt;
        auto outcome =
            Outcome("misspelt").with("domain", domain).with("name", domain).with("record", texts);
        const auto fixed = texts.size() == 1 ? with_version(texts.front()) : std::nullopt;
        if (fixed) outcome.publish(txt_record(domain, *fixed));
        return outcome;
    }
    if (root.record.is_absent())
        return Outcome("missing").with("domain", domain).with("name", domain);
    // Several records are still "present"; spf.single says what is wrong with that.
    return Outcome("present")
        .with("domain", domain)
        .with("name", domain)
        .with("record", root.texts);
}

}  // namespace

constinit const Check spf_present{
    .id = "spf.present",
    .question = "Does the domain publish an SPF record?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
