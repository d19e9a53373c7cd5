#include "check/dmarc/common.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::check {

std::optional<base::Error> first_error(const fact::Dmarc& dmarc) {
    for (const auto& step : dmarc.walk) {
        if (step.records.is_error()) return step.records.error();
    }
    if (dmarc.exists.is_error()) return dmarc.exists.error();
    return base::Error{base::ErrorKind::internal, "the DMARC policy was not looked for"};
}

std::optional<codec::dmarc::Record> own_record(const fact::Dmarc& dmarc) {
    const auto& own = dmarc.own();
    if (!own.has_value() || own->size() != 1) return std::nullopt;
    return codec::dmarc::lint(own->front()).record;
}

std::optional<codec::dmarc::Record> applied_record(const fact::Dmarc& dmarc,
                                                   const codec::dmarc::Discovery& found) {
    if (!found.policy_domain) return std::nullopt;
    const auto step = std::ranges::find(dmarc.walk, *found.policy_domain, &fact::DmarcStep::domain);
    if (step == dmarc.walk.end() || !step->records.has_value() || step->records->size() != 1)
        return std::nullopt;
    return codec::dmarc::lint(step->records->front()).record;
}

bool may_have_subdomain_policy(const fact::Dmarc& dmarc) {
    if (dmarc.walk.empty()) return false;
    const auto& name = dmarc.walk.front().domain;
    const auto found = dmarc.discover();
    const bool suffix =
        std::ranges::find(dmarc.public_suffixes, name) != dmarc.public_suffixes.end();
    return suffix || found.organizational_domain == name ||
           dmarc.suffix_organizational_domain == name;
}

void add_policy_evidence(Outcome& outcome, const fact::Dmarc& dmarc,
                         const codec::dmarc::Discovery& found) {
    if (!found.policy_domain) return;
    const auto step = std::ranges::find(dmarc.walk, *found.policy_domain, &fact::DmarcStep::domain);
    if (step == dmarc.walk.end() || !step->records.has_value()) return;
    outcome.with("name", "_dmarc." + step->domain.text());
    outcome.with("record", *step->records);
    if (found.policy) outcome.with("policy", std::string(codec::dmarc::print(*found.policy)));
}

namespace {

// What the changes start from: the own record, or a first one.
std::optional<codec::dmarc::Record> record_to_change(const fact::Domain& facts) {
    auto record = own_record(*facts.dmarc);
    if (record || facts.dmarc->own().has_value()) return record;
    record = codec::dmarc::Record();
    record->policy = facts.dmarc->discover().policy.value_or(codec::dmarc::Policy::none);
    if (auto mailbox = own_mailbox(facts)) record->aggregate.push_back(*std::move(mailbox));
    return record;
}

}  // namespace

bool keeps_policy(const fact::Domain& facts, const Change& change) {
    const auto before = record_to_change(facts);
    if (!before) return true;
    auto changed = *before;
    change(changed);
    // As receivers will read it: a changed record still carries the tags of the old text.
    const auto after = codec::dmarc::lint(codec::dmarc::print(changed)).record;
    if (!after) return false;
    return after->effective_policy() == before->effective_policy() &&
           after->effective_subdomain_policy() == before->effective_subdomain_policy() &&
           after->effective_nonexistent_policy() == before->effective_nonexistent_policy() &&
           after->testing == before->testing;
}

std::optional<std::string> changed_record(const fact::Domain& facts,
                                          std::span<const Change> changes) {
    auto record = record_to_change(facts);
    if (!record) return std::nullopt;
    for (const auto& change : changes)
        change(*record);
    return txt_record("_dmarc." + facts.name.text(), codec::dmarc::print(*record));
}

void publish_changed(Outcome& outcome, const fact::Domain& facts, Change change) {
    if (own_record(*facts.dmarc)) publish_started(outcome, facts, std::move(change));
}

void publish_started(Outcome& outcome, const fact::Domain& facts, Change change) {
    if (auto record = changed_record(facts, {&change, 1})) outcome.publish(std::move(*record));
    outcome.dmarc_change = std::move(change);
}

Outcome judge_names_below(const fact::Domain& facts, const NamesBelow& names) {
    if (!facts.dmarc) return not_collected();
    const auto& own = facts.dmarc->own();
    const std::string domain = facts.name.text();
    if (own.is_error()) return cannot_tell(own.error());
    const auto record = own_record(*facts.dmarc);
    if (!record) return not_applicable(domain + " has no usable DMARC record of its own");
    // RFC 9989 section 4.7: sp and np count only on the record of the organisational domain or a
    // public suffix.
    if (!may_have_subdomain_policy(*facts.dmarc)) {
        return not_applicable(
            fmt::format("the record is that of a subdomain, where {} has no effect", names.tag));
    }
    using codec::dmarc::Policy;
    const auto policy = ((*record).*names.effective)();
    const std::string_view tag = policy != Policy::none                       ? "enforced"
                                 : record->effective_policy() != Policy::none ? "weaker"
                                                                              : "none";
    auto outcome = Outcome(tag)
                       .with("domain", domain)
                       .with("name", "_dmarc." + domain)
                       .with("record", *own)
                       .with("policy", std::string(codec::dmarc::print(policy)));
    if (tag == "weaker") {
        publish_changed(outcome, facts, [member = names.own](codec::dmarc::Record& changed) {
            changed.*member = changed.policy;
        });
    }
    return outcome;
}

std::optional<codec::dmarc::Uri> own_mailbox(const fact::Domain& facts) {
    if (facts.mx && facts.mx->is_null()) return std::nullopt;
    codec::dmarc::Uri out;
    out.mailbox = "dmarc-reports@" + facts.name.text();
    out.text = "mailto:" + *out.mailbox;
    out.host = facts.name;
    return out;
}

}  // namespace assay::check
