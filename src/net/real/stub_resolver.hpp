// net::Resolver as a stub (RFC 1034 section 5.3.1): asks the given recursive resolvers over UDP,
// and over TCP what was truncated. It validates nothing; for that there is UnboundResolver, at
// about ten times the processor time a question.
//
// One object a thread. Against forged answers (RFC 5452): several sockets with ports that the
// system chooses, unpredictable ids, connected sockets, and the question must come back as it was
// asked.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/resolver.hpp"

namespace assay::net {

struct StubOptions {
    std::vector<std::string> forwarders;      // as for UnboundResolver; at least one
    std::chrono::milliseconds timeout{5000};  // for one question, all attempts included
    std::string no_validation_reason;         // why every status is indeterminate
};

class StubResolver : public Resolver {
  public:
    // Error: usage, for an address that is none; unreachable, when no socket can be had. `random`
    // gives message ids: unpredictable in the program, fixed in tests.
    static base::Result<std::unique_ptr<StubResolver>> create(
        Executor executor, StubOptions options, std::function<std::uint16_t()> random);
    ~StubResolver() override;

    Task<base::Result<AnswerPtr>> resolve(dns::Name name, dns::Type type) override;

  private:
    struct State;
    explicit StubResolver(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace assay::net
