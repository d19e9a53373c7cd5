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

std::optional<codec::dmarc::Policy> policy_in_force(const fact::Dmarc& dmarc,
                                                    const codec::dmarc::Discovery& found) {
    const auto record = applied_record(dmarc, found);
    return found.policy && record ? record->in_force(*found.policy) : found.policy;
}

bool is_public_suffix(const fact::Dmarc& dmarc, const dns::Name& name) {
    return std::ranges::find(dmarc.public_suffixes, name) != dmarc.public_suffixes.end();
}

bool applies_from_suffix(const fact::Dmarc& dmarc, const codec::dmarc::Discovery& found) {
    const auto& organization = dmarc.suffix_organizational_domain;
    return found.policy_domain && organization &&
           !found.policy_domain->is_at_or_below(*organization);
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
    if (const auto policy = policy_in_force(dmarc, found))
        outcome.with("policy", std::string(codec::dmarc::print(*policy)));
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
    // The first record takes the place of the one that applies from above, and must be no weaker.
    const auto found = facts.dmarc->discover();
    if (!found.policy_known) return std::nullopt;
    record = codec::dmarc::Record();
    record->policy = codec::dmarc::Policy::none;
    if (const auto above = applied_record(*facts.dmarc, found)) {
        // Whether sp or np applies depends on whether the name exists.
        if (facts.dmarc->exists.is_error()) return std::nullopt;
        record->policy = found.policy;
        if (above->nonexistent_policy)
            record->nonexistent_policy = above->effective_nonexistent_policy();
        record->dkim_alignment = above->dkim_alignment;
        record->spf_alignment = above->spf_alignment;
        record->testing = above->testing;
    }
    if (auto mailbox = own_mailbox(facts)) record->aggregate.push_back(*std::move(mailbox));
    return record;
}

// White space and a final ";" mean nothing.
std::string without_blanks(std::string_view text) {
    std::string out(text);
    std::erase_if(out, base::is_blank);
    if (out.ends_with(';')) out.pop_back();
    return out;
}

}  // namespace

std::optional<codec::dmarc::Record> record_after(const fact::Domain& facts,
                                                 std::span<const Change> changes) {
    auto record = record_to_change(facts);
    if (!record) return std::nullopt;
    for (const auto& change : changes)
        change(*record);
    // A changed record still carries the tags of the old text; what is printed does not.
    return codec::dmarc::lint(codec::dmarc::print(*record)).record;
}

bool keeps_policy(const fact::Domain& facts, const Change& change) {
    const auto before = record_to_change(facts);
    if (!before) return true;
    const auto after = record_after(facts, {&change, 1});
    if (!after) return false;
    return after->effective_policy() == before->effective_policy() &&
           after->effective_subdomain_policy() == before->effective_subdomain_policy() &&
           after->effective_nonexistent_policy() == before->effective_nonexistent_policy() &&
           after->testing == before->testing;
}

std::optional<std::string> changed_record(const fact::Domain& facts,
                                          std::span<const Change> changes) {
    const auto record = record_after(facts, changes);
    if (!record) return std::nullopt;
    return txt_record("_dmarc." + facts.name.text(), codec::dmarc::print(*record));
}

void publish_changed(Outcome& outcome, const fact::Domain& facts, Change change) {
    if (own_record(*facts.dmarc)) publish_started(outcome, facts, std::move(change));
}

void publish_tidied(Outcome& outcome, const fact::Domain& facts, Change change) {
    if (keeps_policy(facts, change)) return publish_changed(outcome, facts, std::move(change));
    outcome.next_step =
        "First correct the mistake in p, sp or np: without it, receivers would apply a stricter "
        "policy. Then check the domain again.";
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
    const auto record = record_after(facts, {&change, 1});
    if (!record) return;
    const auto text = codec::dmarc::print(*record);
    const auto& own = facts.dmarc->own();
    if (own.has_value() && without_blanks(own->front()) == without_blanks(text)) return;
    outcome.publish(txt_record("_dmarc." + facts.name.text(), text));
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
    const bool suffix = is_public_suffix(dmarc, facts.name);
    const bool by_walk = suffix || found.organizational_domain == facts.name;
    const bool by_list = suffix || dmarc.suffix_organizational_domain == facts.name;
    if (!by_walk && !by_list) {
        return not_applicable(
            fmt::format("the record is that of a subdomain, where {} has no effect", names.tag));
    }
    using codec::dmarc::Policy;
    const auto published = ((*record).*names.effective)();
    const auto policy = record->in_force(published);
    const auto outcome = [&](std::string_view tag, Policy applied) {
        return Outcome(tag)
            .with("domain", domain)
            .with("name", "_dmarc." + domain)
            .with("record", *own)
            .with("policy", std::string(codec::dmarc::print(applied)));
    };
    if (policy == Policy::none) {
        const bool weaker = record->in_force(record->effective_policy()) != Policy::none;
        const bool test_alone = published != Policy::none;
        auto unprotected = outcome(weaker ? "weaker" : "none", policy);
        if (test_alone) unprotected.next_step = end_of_test;
        if (weaker) {
            publish_changed(unprotected, facts,
                            [member = names.own, test_alone](codec::dmarc::Record& changed) {
                                if (test_alone)
                                    changed.testing = false;
                                else
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
    if (!fact::names_mail_server(facts).value_or(false)) return std::nullopt;
    codec::dmarc::Uri out;
    out.mailbox = "dmarc-reports@" + facts.name.text();
    out.text = "mailto:" + *out.mailbox;
    out.host = facts.name;
    return out;
}

}  // namespace assay::check
