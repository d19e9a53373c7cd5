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
    std::string start_record;  // for a domain that has none
};

// Tags: valid, missing, several, faulty.
Outcome judge_text_policy(const fact::Domain& facts, const std::optional<fact::TextPolicy>& found,
                          const TextPolicyRules& rules);

}  // namespace assay::check
