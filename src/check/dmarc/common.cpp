#include "check/dmarc/common.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "check/retired.hpp"

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

namespace {

std::optional<codec::dmarc::Record> record_at(const fact::Dmarc& dmarc, const dns::Name& domain) {
    const auto step = std::ranges::find(dmarc.walk, domain, &fact::DmarcStep::domain);
    if (step == dmarc.walk.end() || !step->records.has_value() || step->records->size() != 1)
        return std::nullopt;
    return codec::dmarc::lint(step->records->front()).record;
}

}  // namespace

std::optional<codec::dmarc::Record> applied_record(const fact::Dmarc& dmarc,
                                                   const codec::dmarc::Discovery& found) {
    return found.policy_domain ? record_at(dmarc, *found.policy_domain) : std::nullopt;
}

bool applies_own_record(const fact::Domain& facts, const codec::dmarc::Discovery& found) {
    return found.policy_domain == facts.name;
}

Outcome applies_elsewhere(const codec::dmarc::Discovery& found) {
    if (!found.policy_domain) return not_applicable("no DMARC record applies");
    return not_applicable("the DMARC record that applies is that of " +
                          found.policy_domain->text());
}

bool is_unread(const fact::Domain& facts, const codec::dmarc::Uri& uri) {
    if (!uri.mailbox) return true;
    if (find_retired(*uri.mailbox) != nullptr) return true;
    return uri.host == facts.name && fact::names_mail_server(facts) == false;
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

// The addresses of a tag; one that only lacks "mailto:" gets it, for it is plain what was meant.
std::vector<codec::dmarc::Uri> addresses_meant(const codec::dmarc::Record& record,
                                               std::string_view tag,
                                               std::vector<codec::dmarc::Uri> valid) {
    const auto* written = record.find(tag);
    if (written == nullptr) return valid;
    std::vector<codec::dmarc::Uri> out;
    for (const auto part : base::split(written->value, ',')) {
        const auto text = base::trim(part);
        const auto same = std::ranges::find_if(valid, [&](const codec::dmarc::Uri& uri) {
            return text == uri.text || text.starts_with(uri.text + "!");
        });
        if (same != valid.end()) {
            out.push_back(*same);
            valid.erase(same);
            continue;
        }
        const auto repaired =
            codec::dmarc::lint(fmt::format("v=DMARC1; p=none; rua=mailto:{}", text));
        if (text.contains(':') || !repaired.record || !repaired.faults.empty()) continue;
        std::ranges::move(repaired.record->aggregate, std::back_inserter(out));
    }
    return out;
}

// What the changes start from: the own record, or a first one.
std::optional<codec::dmarc::Record> record_to_change(const fact::Domain& facts) {
    auto record = own_record(*facts.dmarc);
    if (record) {
        record->aggregate = addresses_meant(*record, "rua", std::move(record->aggregate));
        record->failure = addresses_meant(*record, "ruf", std::move(record->failure));
        return record;
    }
    if (facts.dmarc->own().has_value()) return std::nullopt;
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
    const auto& aliases = facts.dmarc->walk.front().aliases;
    if (!aliases.empty()) {
        outcome.with("alias", "_dmarc." + facts.name.text()).with("target", aliases.back().text());
        outcome.next_step =
            "{alias} is an alias of {target}. Ask whoever runs {target} to change the record "
            "there, or replace the alias by a record of your own.";
        return;
    }
    if (auto record = changed_record(facts, {&change, 1})) outcome.publish(std::move(*record));
    outcome.dmarc_change = std::move(change);
}

Outcome judge_names_below(const fact::Domain& facts, const NamesBelow& names) {
    if (!facts.dmarc) return not_collected();
    const auto& dmarc = *facts.dmarc;
    const auto& own = dmarc.own();
    const std::string domain = facts.name.text();
    if (own.is_error()) return cannot_tell(own.error());
    const auto record = own_record(dmarc);
    if (!record) return not_applicable(domain + " has no usable DMARC record of its own");
    // RFC 9989 section 4.7: sp and np count only on the record of the organisational domain or a
    // public suffix. Receivers find the former by the tree walk, older ones by the list of public
    // suffixes; both must find the domain protected.
    const auto found = dmarc.discover();
    const bool suffix =
        std::ranges::find(dmarc.public_suffixes, facts.name) != dmarc.public_suffixes.end();
    const bool by_walk = suffix || found.organizational_domain == facts.name;
    const bool by_list = suffix || dmarc.suffix_organizational_domain == facts.name;
    if (!by_walk && !by_list) {
        return not_applicable(
            fmt::format("the record is that of a subdomain, where {} has no effect", names.tag));
    }
    using codec::dmarc::Policy;
    const auto policy = record->in_force(((*record).*names.effective)());
    const auto outcome = [&](std::string_view tag, Policy applied) {
        return Outcome(tag)
            .with("domain", domain)
            .with("name", "_dmarc." + domain)
            .with("record", *own)
            .with("policy", std::string(codec::dmarc::print(applied)));
    };
    if (policy == Policy::none) {
        const bool weaker = record->in_force(record->effective_policy()) != Policy::none;
        auto unprotected = outcome(weaker ? "weaker" : "none", policy);
        if (weaker) {
            publish_changed(unprotected, facts,
                            [member = names.own](codec::dmarc::Record& changed) {
                                changed.*member = changed.policy;
                            });
        }
        return unprotected;
    }
    if (by_walk || !found.organizational_domain) return outcome("enforced", policy);
    const auto above = record_at(dmarc, *found.organizational_domain);
    const auto applied = above ? above->in_force(((*above).*names.effective)()) : Policy::none;
    if (applied != Policy::none) return outcome("enforced", applied);
    auto overruled = outcome("overruled", applied);
    overruled.with("organization", found.organizational_domain->text());
    publish_changed(overruled, facts,
                    [](codec::dmarc::Record& changed) { changed.psd = codec::dmarc::Psd::no; });
    return overruled;
}

std::optional<codec::dmarc::Uri> own_mailbox(const fact::Domain& facts) {
    if (fact::names_mail_server(facts) == false) return std::nullopt;
    codec::dmarc::Uri out;
    out.mailbox = "dmarc-reports@" + facts.name.text();
    out.text = "mailto:" + *out.mailbox;
    out.host = facts.name;
    return out;
}

}  // namespace assay::check
