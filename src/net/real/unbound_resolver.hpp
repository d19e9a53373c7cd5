// net::Resolver over libunbound: forwarding to given servers, to the system's, or recursing from
// the root.
//
// One object a thread: it owns a libunbound context, whose worker thread does the network; answers
// come back through a pipe on the executor. Every question ends by its deadline.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/resolver.hpp"

namespace assay::net {

struct UnboundOptions {
    std::vector<std::string>
        forwarders;        // "192.0.2.53" or "192.0.2.53:5353" or "[2001:db8::53]:5353"
    bool recurse = false;  // from the root; otherwise without forwarders: the system's resolvers
    std::optional<std::string> root_hints;  // file, with `recurse`
    std::optional<std::string>
        trust_anchor;      // file of DS or DNSKEY records; none: the built-in root anchor
    bool validate = true;  // false: every status is indeterminate, for the reason below
    std::string no_validation_reason;
    std::chrono::milliseconds timeout{5000};  // for one question, all retries included
};

// "ADDR[:PORT]" as users write it into libunbound's "ADDR@PORT". Error: usage.
base::Result<std::string> parse_forwarder(std::string_view text);

class UnboundResolver : public Resolver {
  public:
    // Error: usage, for an option or a file that libunbound refuses.
    static base::Result<std::unique_ptr<UnboundResolver>> create(Executor executor,
                                                                 const UnboundOptions& options);
    ~UnboundResolver() override;

    Task<base::Result<AnswerPtr>> resolve(dns::Name name, dns::Type type) override;

  private:
    struct State;
    explicit UnboundResolver(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace assay::net
