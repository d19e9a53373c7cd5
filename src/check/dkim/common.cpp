#include "check/dkim/common.hpp"

namespace assay::check {

std::vector<Key> read_keys(const fact::Dkim& dkim) {
    std::vector<Key> out;
    for (const auto& selector : dkim.selectors) {
        if (!selector.records.has_value()) continue;
        for (const auto& text : *selector.records) {
            if (!codec::dkim::claims(text)) continue;
            out.push_back(
                {&selector, selector.name + "._domainkey", text, codec::dkim::lint(text)});
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

Outcome nothing_found(const fact::Dkim& dkim) {
    if (const auto error = first_error(dkim)) return cannot_tell(*error);
    if (dkim.complete) return not_applicable("no DKIM key is published");
    return cannot_tell("no DKIM key was found, and selectors cannot be listed from outside");
}

}  // namespace assay::check
