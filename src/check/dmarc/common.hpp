// What several checks of this area share.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "check/check.hpp"

namespace assay::check {

std::optional<base::Error> first_error(const fact::Dmarc& dmarc);

// The domain's own record as receivers read it; nothing when absent, several or unusable.
std::optional<codec::dmarc::Record> own_record(const fact::Dmarc& dmarc);
// The record that applies, wherever it stands.
std::optional<codec::dmarc::Record> applied_record(const fact::Dmarc& dmarc,
                                                   const codec::dmarc::Discovery& found);

// What receivers apply of the policy found; nothing when there is none.
std::optional<codec::dmarc::Policy> policy_in_force(const fact::Dmarc& dmarc,
                                                    const codec::dmarc::Discovery& found);

bool is_public_suffix(const fact::Dmarc& dmarc, const dns::Name& name);
// The record that applies stands above the domain's organisation: at the public suffix.
bool applies_from_suffix(const fact::Dmarc& dmarc, const codec::dmarc::Discovery& found);

// The record that applies stands at the domain itself.
bool applies_own_record(const fact::Domain& facts, const codec::dmarc::Discovery& found);
// "the DMARC record that applies is that of gov.uk": the reason of checks that are about a record
// of the domain's own.
Outcome applies_elsewhere(const codec::dmarc::Discovery& found);

// Nobody reads reports that go there: a mailbox that was closed, the domain's own when no MX takes
// mail for it, or a web address (receivers need only send mail, RFC 9989 section 4.7).
bool is_unread(const fact::Domain& facts, const codec::dmarc::Uri& uri);

// "name" and "record" of the record that applies, and the "policy" in force by it.
void add_policy_evidence(Outcome& outcome, const fact::Dmarc& dmarc,
                         const codec::dmarc::Discovery& found);

using Change = std::function<void(codec::dmarc::Record&)>;

// The domain's own record after the changes, in their order, as receivers will read it. A domain
// without a record starts with the policy, np, alignment and t that apply to it already, else
// p=none, and a mailbox of its own. Nothing when nobody knows what to keep (there is a record that
// cannot be read, or it is unknown which policy applies), or when receivers would ignore it then.
std::optional<codec::dmarc::Record> record_after(const fact::Domain& facts,
                                                 std::span<const Change> changes);
// The same as a master file line.
std::optional<std::string> changed_record(const fact::Domain& facts,
                                          std::span<const Change> changes);

// Receivers treat mail the same before and after the change: no policy becomes another one.
bool keeps_policy(const fact::Domain& facts, const Change& change);

// Offers the domain's own record with a change; nothing when it has none, or when it reads like
// that already. Where the record is an alias, only the owner of its target can change it: the
// outcome says so, and offers no record.
void publish_changed(Outcome& outcome, const fact::Domain& facts, Change change);
// The same for a change that is about form alone: where a mistake in p, sp or np decides the
// policy, a record without it would be stricter, so the outcome says to correct that first.
void publish_tidied(Outcome& outcome, const fact::Domain& facts, Change change);
// The same, and a first record for a domain that has none.
void publish_started(Outcome& outcome, const fact::Domain& facts, Change change);

// The next step where t=y alone keeps a policy from its full force.
inline constexpr std::string_view end_of_test =
    "Remove t=y once your reports show that your own mail passes.";

// What the domain's own record says about names below it: by sp, or by np for those that do not
// exist.
struct NamesBelow {
    std::string_view tag;
    codec::dmarc::Policy (codec::dmarc::Record::*effective)() const;
    std::optional<codec::dmarc::Policy> codec::dmarc::Record::* own;
};
Outcome judge_names_below(const fact::Domain& facts, const NamesBelow& names);

// mailto:dmarc-reports@<domain>, to stand for a mailbox of the domain's own; nothing unless an MX
// takes mail for the domain: a check that offers it needs fact::Need::mx.
std::optional<codec::dmarc::Uri> own_mailbox(const fact::Domain& facts);

}  // namespace assay::check
