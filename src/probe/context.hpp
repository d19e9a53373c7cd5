// What every probe is given, and how a resolver's answer becomes an observation.
#pragma once

#include <string>
#include <vector>

#include "codec/dns/suffix.hpp"
#include "fact/domain.hpp"
#include "net/nameserver_client.hpp"
#include "net/resolver.hpp"

namespace assay::probe {

namespace dns = codec::dns;
using fact::Observed;
using net::Task;

struct Context {
    net::Resolver& resolver;
    net::NameserverClient* nameservers = nullptr;  // none: servers cannot be asked one by one
    const dns::SuffixList& suffixes;
    std::vector<std::string> selectors;  // DKIM selectors that the user names
    std::string control_label;           // nobody publishes it; made new for each run
};

using Asked = base::Result<net::AnswerPtr>;

// A record that is there, with data that does not fit its type (codec/dns/message.hpp).
base::Error unreadable(const dns::Record& record);

// The one way from an answer to an observation, so that "could not tell" never becomes "absent".
template <class Data>
Observed<std::vector<Data>> observe(const Asked& asked) {
    if (!asked) return asked.error();
    const auto& answer = **asked;
    if (answer.broken) return *answer.broken;
    if (answer.existence == net::Existence::nx_domain) return fact::Absence::nx_domain;
    std::vector<Data> out;
    for (const auto& record : answer.records) {
        if (const auto* data = std::get_if<Data>(&record.data)) out.push_back(*data);
    }
    if (!out.empty()) return out;
    if (!answer.records.empty()) return unreadable(answer.records.front());
    return fact::Absence::no_data;
}

// Does the name exist, whatever it holds? Only NXDOMAIN is absence (RFC 8020).
Observed<bool> observe_existence(const Asked& asked);

// The joined texts of the TXT records.
Observed<std::vector<std::string>> observe_texts(const Asked& asked);

// Those texts that `claims` accepts; absent (no_data) when there are texts and none claims.
template <class Claims>
Observed<std::vector<std::string>> observe_claims(const Asked& asked, Claims claims,
                                                  std::vector<std::string>* other = nullptr) {
    auto texts = observe_texts(asked);
    if (!texts.has_value()) return texts;
    std::vector<std::string> out;
    for (auto& text : texts.value()) {
        if (claims(text)) {
            out.push_back(std::move(text));
        } else if (other != nullptr) {
            other->push_back(std::move(text));
        }
    }
    if (out.empty()) return fact::Absence::no_data;
    return out;
}

// The CNAME chain of `asked`, the TXT answer of `name`. Empty when a wildcard makes it: then no
// CNAME stands at the name, and a record there would be served.
Task<std::vector<dns::Name>> own_aliases(Context& context, dns::Name name, Asked asked);

// A host's addresses, both families at once.
Task<fact::Host> host(Context& context, dns::Name name);

// name + one label, where the label is ours and known to be good; nothing when the name becomes too
// long.
std::optional<dns::Name> below(const dns::Name& name,
                               std::initializer_list<std::string_view> labels);

}  // namespace assay::probe
