#include "check/dkim/common.hpp"

#include <algorithm>

namespace assay::check {

std::vector<Key> read_keys(const fact::Dkim& dkim) {
    std::vector<Key> out;
    for (const auto& selector : dkim.selectors) {
        if (!selector.records.has_value()) continue;
        for (const auto& text : *selector.records) {
            if (!codec::dkim::claims(text)) continue;
            auto content = codec::dkim::lint(text);
            const bool reports_only = content.record && !content.record->is_for_mail() &&
                                      content.record->lists_service("tlsrpt");
            if (reports_only) continue;
            out.push_back({&selector, selector.name + "._domainkey", text, std::move(content)});
        }
    }
    return out;
}

std::optional<base::Error> first_error(const fact::Dkim& dkim) {
    if (dkim.domainkey_exists.is_error()) return dkim.domainkey_exists.error();
    for (const auto& selector : dkim.selectors) {
        if (selector.records.is_error()) return selector.records.error();
    }
    return std::nullopt;
}

bool is_usable(const Key& key) {
    return key.content.record && !key.content.record->is_revoked() &&
           std::ranges::none_of(key.content.faults, [](const base::Fault& fault) {
               return codec::dkim::is_error(fault) && fault.rule != "weak-key";
           });
}

Outcome nothing_found(const fact::Dkim& dkim) {
    if (const auto error = first_error(dkim)) return cannot_tell(*error);
    const auto keys = read_keys(dkim);
    const bool revoked = std::ranges::all_of(keys, [](const Key& key) {
        return key.content.record && key.content.record->is_revoked();
    });
    if (!keys.empty())
        return not_applicable(revoked ? "every DKIM key that was found is revoked"
                                      : "receivers cannot use the DKIM keys that were found");
    if (dkim.complete) return not_applicable("no DKIM key is published");
    return cannot_tell("no DKIM key was found, and selectors cannot be listed from outside");
}

}  // namespace assay::check
