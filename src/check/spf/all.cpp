#include <algorithm>

#include "check/spf/checks.hpp"
#include "check/spf/common.hpp"
#include "check/spf/senders.hpp"

namespace assay::check {

namespace {

constexpr std::string_view references[] = {"RFC 7208 section 5.1", "RFC 7208 section 8"};
constexpr std::string_view guidance[] = {"securing-government-email", "ncsc-email-anti-spoofing"};

constexpr OutcomeText outcomes[] = {
    {"fail", "The SPF record of {domain} refuses mail from all other servers", ""},
    {"softfail", "The SPF record of {domain} marks mail from other servers as suspicious", ""},
    {"neutral", "The SPF record of {domain} does not say what to do with mail from other servers",
     "Change ?all to ~all, then to -all once your reports show all your senders."},
    {"pass", "The SPF record of {domain} lets every server in the world send its mail",
     "Act now: change +all to ~all, then to -all once your reports show all your senders."},
    {"everyone", "The SPF record of {domain} lets anyone send its mail, because of: {terms}",
     "Act now: remove these terms. If you need an include, ask its owner to fix the record."},
    {"missing",
     "The SPF record of {domain} has no 'all', so it does not say what to do with mail from other "
     "servers",
     "Put ~all or -all at the end of the record."},
    {cannot_tell_tag, "We could not check this: {reason}", "Try again later."},
    {not_applicable_tag, "Does not apply: {reason}", ""},
};

// The record that has the last word: redirect hands over where there is no "all".
const fact::SpfNode* last_word(const fact::Spf& spf) {
    std::size_t at = 0;
    for (std::size_t step = 0; step < spf.nodes.size(); ++step) {
        const auto& node = spf.nodes[at];
        if (!node.record.has_value()) return &node;
        const auto record = codec::spf::lint(*node.record).record;
        if (!record || record->all() != nullptr || !record->redirect) return &node;
        if (node.terms.empty() || !node.terms.back().child) return nullptr;
        at = *node.terms.back().child;
    }
    return nullptr;
}

using codec::spf::Qualifier;

std::string_view tag_of(Qualifier qualifier) {
    switch (qualifier) {
        case Qualifier::pass: return "pass";
        case Qualifier::fail: return "fail";
        case Qualifier::softfail: return "softfail";
        case Qualifier::neutral: return "neutral";
    }
    return "neutral";
}

// The record with ~all: senders that no one listed come to light before they are refused. None
// where no sender at all would pass, for what stands behind "all" is never read.
void publish_softfail(Outcome& outcome, codec::spf::Record record, const dns::Name& name) {
    using codec::spf::Mechanism;
    const auto all =
        std::ranges::find(record.directives, Mechanism::all, &codec::spf::Directive::mechanism);
    const bool any_passes = std::find_if(record.directives.begin(), all, [](const auto& directive) {
                                return directive.qualifier == Qualifier::pass;
                            }) != all;
    if (!any_passes) {
        outcome.next_step =
            all->qualifier == Qualifier::pass
                ? "Act now: put the servers that send your mail in front of the 'all', then change "
                  "it to ~all. If the domain sends no mail, publish v=spf1 -all."
                : "Put the servers that send your mail in front of the 'all', then change it to "
                  "~all. If the domain sends no mail, publish v=spf1 -all.";
        return;
    }
    for (auto& directive : record.directives) {
        if (directive.mechanism == Mechanism::all) directive.qualifier = Qualifier::softfail;
    }
    outcome.publish(txt_record(name.text(), codec::spf::print(record)));
}

// Receivers of mail that no term matches end here, or do not come that far.
Outcome judge_last_word(const fact::Domain& facts) {
    const auto& spf = *facts.spf;
    const auto* node = last_word(spf);
    if (node == nullptr)
        return cannot_tell("the redirect depends on the message, or leads round in a circle");
    if (node->record.is_error()) return cannot_tell(node->record.error());
    const auto record =
        node->record.has_value() ? codec::spf::lint(*node->record).record : std::nullopt;
    const auto* all = record ? record->all() : nullptr;
    const bool refuses = all != nullptr && (all->qualifier == Qualifier::fail ||
                                            all->qualifier == Qualifier::softfail);
    // Where receivers stop before they come to "all", it refuses no one.
    const auto error = permanent_error(spf);
    if (error && (refuses || !record)) return not_applicable(*error);
    auto outcome = Outcome(all == nullptr ? "missing" : tag_of(all->qualifier))
                       .with("domain", facts.name.text())
                       .with("name", node->domain.text())
                       .with("record", node->texts);
    // A term that cannot be read would be missing from the record that we print.
    const bool readable = record && codec::spf::parse(*node->record);
    if (all != nullptr && !refuses && readable && node == &spf.root()) {
        publish_softfail(outcome, *record, node->domain);
    }
    return outcome;
}

Outcome judge(const fact::Domain& facts) {
    if (!facts.spf) return not_collected();
    if (const auto early = without_record(facts)) return *early;
    auto senders = read_senders(*facts.spf);
    auto outcome = judge_last_word(facts);
    if (outcome.tag == "pass" || !senders.is_everyone()) return outcome;
    return Outcome("everyone")
        .with("domain", facts.name.text())
        .with("name", facts.name.text())
        .with("record", facts.spf->root().texts)
        .with("terms", std::move(senders.terms));
}

}  // namespace

constinit const Check spf_all{
    .id = "spf.all",
    .question = "What happens to mail from servers that SPF does not name?",
    .references = references,
    .guidance = guidance,
    .needs = fact::Need::spf,
    .outcomes = outcomes,
    .judge = judge,
};

}  // namespace assay::check
