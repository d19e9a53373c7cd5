// Asks one nameserver address itself, without recursion: who is lame, who is behind.
#pragma once

#include <string>

#include "base/result.hpp"
#include "codec/dns/message.hpp"
#include "net/task.hpp"

namespace assay::net {

class NameserverClient {
  public:
    NameserverClient() = default;
    NameserverClient(const NameserverClient&) = delete;
    NameserverClient& operator=(const NameserverClient&) = delete;
    virtual ~NameserverClient() = default;

    // `address` is IPv4 or IPv6 text. UDP, then TCP when the answer is truncated.
    // Error: timeout, unreachable, malformed. Every RCODE is an answer here.
    virtual Task<base::Result<codec::dns::Message>> ask(std::string address, codec::dns::Name name,
                                                        codec::dns::Type type) = 0;
};

}  // namespace assay::net
