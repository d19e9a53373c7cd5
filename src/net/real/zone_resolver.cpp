#include "net/real/zone_resolver.hpp"

namespace assay::net {

Task<base::Result<AnswerPtr>> ZoneResolver::resolve(dns::Name name, dns::Type type) {
    auto answer = zones_.resolve(name, type);
    if (fallback_ == nullptr) co_return answer;
    if (!answer) {
        if (answer.error().kind != base::ErrorKind::not_covered) co_return answer;
        co_return co_await fallback_->resolve(std::move(name), type);
    }
    if ((*answer)->broken && (*answer)->broken->kind == base::ErrorKind::not_covered) {
        co_return co_await finish_chain(*std::move(answer), type);
    }
    co_return answer;
}

// The chain begins in the files and leaves them: the rest of it comes from the live DNS.
Task<base::Result<AnswerPtr>> ZoneResolver::finish_chain(AnswerPtr start, dns::Type type) {
    auto rest = co_await fallback_->resolve(start->aliases.back(), type);
    if (!rest) {
        auto answer = std::make_shared<Answer>(*start);
        answer->broken = rest.error();
        co_return answer;
    }
    auto answer = std::make_shared<Answer>(**rest);
    answer->aliases.insert(answer->aliases.begin(), start->aliases.begin(), start->aliases.end());
    co_return answer;
}

}  // namespace assay::net
