// What MTA-STS and TLS-RPT have in common: one TXT record at a name of its own, wanted where there
// is mail.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "check/check.hpp"

namespace assay::check {

struct TextPolicyRules {
    bool (*resembles)(std::string_view text);  // meant to be the record, though it begins otherwise
    // Faults that stop readers from using the record; empty: it can be used.
    std::vector<std::string> (*stoppers)(std::string_view text);
    std::string start_record;  // for a domain that has none; empty: a record alone would be wrong
};

// Where the record's name is an alias, it is the owner of the target who changes the record: says
// so, and offers no record.
void keep_alias(Outcome& outcome, const fact::TextPolicy& found);

// Tags: valid, missing, several, faulty.
Outcome judge_text_policy(const fact::Domain& facts, const std::optional<fact::TextPolicy>& found,
                          const TextPolicyRules& rules);

}  // namespace assay::check
