#include <algorithm>

#include "base/text.hpp"
#include "codec/dkim/key_record.hpp"
#include "probe/mail.hpp"
#include "probe/selectors.hpp"

namespace assay::probe {

namespace {

struct Guess {
    std::string name;
    fact::SelectorSource source;
    std::string provider;
};

bool shows(const dns::Name& name, std::string_view sign) {
    const auto parsed = dns::parse_name(sign);
    return parsed && name.is_at_or_below(*parsed);
}

bool uses(const ProviderHabit& habit, const std::optional<fact::Mx>& mx,
          const std::optional<fact::Spf>& spf) {
    return std::ranges::any_of(habit.signs, [&](std::string_view sign) {
        if (mx && mx->hosts.has_value()) {
            for (const auto& host : *mx->hosts) {
                if (shows(host.host.name, sign)) return true;
            }
        }
        return spf && std::ranges::any_of(spf->nodes, [&](const fact::SpfNode& node) {
                   return &node != &spf->nodes.front() && shows(node.domain, sign);
               });
    });
}

void add_guess(std::vector<Guess>& out, std::string_view name, fact::SelectorSource source,
               std::string_view provider) {
    if (std::ranges::find(out, name, &Guess::name) == out.end()) {
        out.push_back({std::string(name), source, std::string(provider)});
    }
}

// Those that the user named, and those that the domain's providers use.
std::vector<Guess> likely(const Context& context, const std::optional<fact::Mx>& mx,
                          const std::optional<fact::Spf>& spf) {
    std::vector<Guess> out;
    for (const auto& name : context.selectors)
        add_guess(out, name, fact::SelectorSource::user, "");
    for (const auto& habit : provider_habits()) {
        if (!uses(habit, mx, spf)) continue;
        for (const auto name : habit.selectors)
            add_guess(out, name, fact::SelectorSource::provider, habit.provider);
    }
    return out;
}

std::vector<Guess> with_common(std::vector<Guess> out) {
    for (const auto name : common_selectors())
        add_guess(out, name, fact::SelectorSource::common, "");
    return out;
}

Task<fact::Selector> ask(Context& context, dns::Name domainkey, Guess guess) {
    fact::Selector out;
    out.name = guess.name;
    out.source = guess.source;
    out.provider = guess.provider;
    auto name =
        dns::parse_name(guess.name, domainkey);  // a selector may have dots (RFC 6376 section 3.1)
    if (!name) {
        out.records = name.error();
        co_return out;
    }
    const auto asked = co_await context.resolver.resolve(*std::move(name), dns::Type::TXT);
    if (asked) out.aliases = (*asked)->aliases;
    out.records = observe_texts(asked);
    co_return out;
}

Task<std::vector<fact::Selector>> ask_all(Context& context, dns::Name domainkey,
                                          std::vector<Guess> guesses) {
    std::vector<Task<fact::Selector>> tasks;
    for (auto& guess : guesses)
        tasks.push_back(ask(context, domainkey, std::move(guess)));
    co_return co_await net::gather(std::move(tasks));
}

// The second of each pair whose first is there.
std::vector<Guess> seconds(const std::vector<fact::Selector>& asked) {
    std::vector<Guess> out;
    for (const auto& selector : asked) {
        const auto second = second_selector(selector.name);
        const bool known = std::ranges::find(asked, second, &fact::Selector::name) != asked.end();
        if (second.empty() || known || selector.records.is_absent()) continue;
        add_guess(out, second, selector.source, selector.provider);
    }
    return out;
}

// A key that a wildcard gives every selector signs as well as any other. A revoked one is no key:
// it is how a domain says that it has none (dkim.wildcard-revoked).
void add_wildcard_key(fact::Dkim& out) {
    if (!out.wildcard.has_value()) return;
    if (std::ranges::any_of(*out.wildcard, codec::dkim::is_live))
        out.selectors.push_back({"*", fact::SelectorSource::zone, "", {}, out.wildcard});
}

// The zone can be read: what stands below _domainkey is all there is.
Task<fact::Dkim> from_listing(Context& context, fact::Dkim out, dns::Name domainkey,
                              std::vector<dns::Name> owners) {
    out.complete = true;
    std::vector<Task<fact::Selector>> tasks;
    for (const auto& owner : owners) {
        if (owner.is_wildcard()) continue;  // the control query reads it
        const auto text = owner.text();
        const auto name = text.substr(0, text.size() - domainkey.text().size() - 1);
        tasks.push_back(ask(context, domainkey, {name, fact::SelectorSource::zone, ""}));
    }
    for (auto& selector : co_await net::gather(std::move(tasks))) {
        // An owner that only holds other types, or is only a step on the way down, is no selector.
        if (!selector.records.is_absent() || !selector.aliases.empty())
            out.selectors.push_back(std::move(selector));
    }
    for (const auto& wanted : context.selectors) {
        if (std::ranges::find(out.selectors, wanted, &fact::Selector::name) != out.selectors.end())
            continue;
        out.selectors.push_back(
            co_await ask(context, domainkey, {wanted, fact::SelectorSource::user, ""}));
    }
    co_return out;
}

}  // namespace

Task<fact::Dkim> dkim(Context& context, dns::Name name, std::optional<fact::Mx> mx,
                      std::optional<fact::Spf> spf) {
    fact::Dkim out;
    const auto domainkey = below(name, {"_domainkey"});
    const auto control = domainkey ? below(*domainkey, {context.control_label}) : std::nullopt;
    if (!control) co_return out;
    out.domainkey_exists =
        observe_existence(co_await context.resolver.resolve(*domainkey, dns::Type::TXT));
    auto wanted = likely(context, mx, spf);
    if (out.domainkey_exists.is_absent()) {
        // RFC 8020: nothing can exist below a name that does not exist. Some servers say so of a
        // name that only leads to others, so the likeliest of those are asked all the same.
        auto below_nothing = co_await ask_all(context, *domainkey, wanted);
        const bool nothing = std::ranges::all_of(below_nothing, [](const fact::Selector& selector) {
            return selector.records.is_absent() && selector.aliases.empty();
        });
        if (nothing) {
            out.complete = true;
            out.wildcard = fact::Absence::nx_domain;
            for (auto& selector : below_nothing) {
                if (selector.source == fact::SelectorSource::user)
                    out.selectors.push_back(std::move(selector));
            }
            co_return out;
        }
        out.domainkey_exists = true;
    }
    const auto at_control = co_await context.resolver.resolve(*control, dns::Type::TXT);
    const bool wildcard_alias = at_control && !(*at_control)->aliases.empty();
    out.wildcard = observe_texts(at_control);
    add_wildcard_key(out);
    // Where part of the tree stands elsewhere, so may a key: then the names have to be guessed.
    if (auto listing = context.resolver.list(*domainkey); listing && listing->complete) {
        co_return co_await from_listing(context, std::move(out), *domainkey,
                                        std::move(listing->names));
    }
    auto answers = co_await ask_all(context, *domainkey, with_common(std::move(wanted)));
    std::ranges::move(co_await ask_all(context, *domainkey, seconds(answers)),
                      std::back_inserter(answers));
    for (auto& selector : answers) {
        const bool named = selector.source == fact::SelectorSource::user;
        // What the wildcard answers for every name says nothing about this one.
        const bool echo = out.wildcard.has_value() && selector.records == out.wildcard;
        // An alias that leads nowhere is a selector that somebody forgot (dkim.stale-selector).
        const bool gone =
            selector.records.is_absent() && (wildcard_alias || selector.aliases.empty());
        if (!named && (gone || echo)) {
            ++out.guesses_absent;
        } else {
            out.selectors.push_back(std::move(selector));
        }
    }
    co_return out;
}

}  // namespace assay::probe
