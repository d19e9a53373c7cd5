#include "net/real/zone_resolver.hpp"

#include <algorithm>

namespace assay::net {

Task<base::Result<AnswerPtr>> ZoneResolver::resolve(dns::Name name, dns::Type type) {
    if (fallback_ == nullptr) co_return zones_.resolve(name, type);
    co_return co_await resolve_both(std::move(name), type, 0);
}

Task<base::Result<AnswerPtr>> ZoneResolver::resolve_both(dns::Name name, dns::Type type,
                                                         unsigned depth) {
    auto answer = std::make_shared<Answer>();
    answer->security_reason = "zone files carry no proof";
    dns::Name at = name;
    for (;;) {
        const auto stop = zones_.walk(at, type, *answer);
        if (stop.reason == Stop::Reason::done) co_return answer;
        if (stop.reason == Stop::Reason::failed) co_return stop_with(stop.error, answer);
        if (stop.reason == Stop::Reason::alias) {
            if (depth >= alias_chain_max) co_return stop_with(too_many_aliases(name), answer);
            const auto target = co_await resolve_both(stop.target, type, depth + 1);
            co_return serve_alias(stop, target, depth, answer);
        }
        const auto live = co_await fallback_->resolve(stop.at, type);
        if (!live) co_return stop_with(live.error(), answer);
        const auto& rest = **live;
        const auto back = std::ranges::find_if(
            rest.aliases, [&](const dns::Name& alias) { return zones_.speaks_for(alias, type); });
        const bool returns = back != rest.aliases.end();
        if (answer->aliases.empty() && !returns) co_return *live;  // nothing in it is of the files
        answer->security_reason = "a part of the answer is from zone files, which carry no proof";
        answer->aliases.insert(answer->aliases.end(), rest.aliases.begin(),
                               returns ? std::next(back) : back);
        if (answer->aliases.size() > alias_chain_max)
            co_return stop_with(too_many_aliases(name), answer);
        if (returns) {
            at = *back;
            continue;
        }
        answer->records = rest.records;
        answer->existence = rest.existence;
        answer->broken = rest.broken;
        answer->wildcard = answer->wildcard || rest.wildcard;
        co_return answer;
    }
}

}  // namespace assay::net
