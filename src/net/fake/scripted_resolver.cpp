#include "net/fake/scripted_resolver.hpp"

#include <algorithm>

namespace assay::net {

void ScriptedResolver::fail(dns::Name name, std::optional<dns::Type> type, base::Error error) {
    failures_.push_back({std::move(name), type, std::move(error)});
}

void ScriptedResolver::secure(dns::Name name, dns::Security security) {
    securities_.emplace_back(std::move(name), security);
    std::ranges::sort(securities_, std::ranges::greater(),
                      [](const auto& entry) { return entry.first.label_count(); });
}

Task<base::Result<AnswerPtr>> ScriptedResolver::resolve(dns::Name name, dns::Type type) {
    ++questions_;
    for (const auto& failure : failures_) {
        if (failure.name == name && (!failure.type || *failure.type == type)) {
            co_return std::unexpected(failure.error);
        }
    }
    auto found = zones_.resolve(name, type);
    if (!found) co_return found;
    auto answer = std::make_shared<Answer>(**found);
    if (std::ranges::find(denied_, name) != denied_.end()) {
        *answer = {};
        answer->existence = Existence::nx_domain;
    }
    // A failure scripted for the end of an alias chain breaks the chain.
    for (const auto& failure : failures_) {
        const bool met = std::ranges::find(answer->aliases, failure.name) != answer->aliases.end();
        if (met && (!failure.type || *failure.type == type)) answer->broken = failure.error;
    }
    answer->security = dns::Security::insecure;
    answer->security_reason.clear();
    for (const auto& [at, security] : securities_) {
        if (!name.is_at_or_below(at)) continue;
        if (security == dns::Security::bogus) {
            co_return base::fail(base::ErrorKind::bogus, "signatures do not hold");
        }
        answer->security = security;
        if (security == dns::Security::indeterminate) answer->security_reason = "nobody validated";
        break;
    }
    co_return answer;
}

std::optional<Listing> ScriptedResolver::list(const dns::Name& name) const {
    return listing_ ? zones_.list(name) : std::nullopt;
}

Task<base::Result<dns::Message>> ScriptedNameservers::ask(std::string address, dns::Name name,
                                                          dns::Type type) {
    if (const auto failure = failures_.find(address); failure != failures_.end()) {
        co_return std::unexpected(failure->second);
    }
    dns::Message message;
    message.header.response = true;
    message.question = name;
    message.question_type = type;
    if (std::ranges::find(lame_, address) != lame_.end()) {
        message.header.rcode = dns::Rcode::refused;
        co_return message;
    }
    message.header.authoritative = true;
    if (const auto found = zones_.resolve(name, type)) message.answer = (*found)->records;
    const auto serial = serials_.find(address);
    for (auto& record : message.answer) {
        auto* soa = std::get_if<dns::Soa>(&record.data);
        if (soa != nullptr && serial != serials_.end()) soa->serial = serial->second;
    }
    co_return message;
}

}  // namespace assay::net
