// net::NameserverClient over UDP and TCP port 53.
//
// One object a thread. So many sockets at once and no more, in all and to one address; an address
// that is silent for long is asked only now and then.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include "net/nameserver_client.hpp"
#include "net/slots.hpp"

namespace assay::net {

struct NameserverOptions {
    std::chrono::milliseconds timeout{1500};  // one attempt
    unsigned attempts = 2;                    // a single lost datagram is no outage
    std::uint16_t port = 53;
    std::size_t sockets_max = 256;  // ours: below the 1,024 files that a process usually may open
    std::size_t sockets_each_max = 4;    // ours: politeness towards one address
    unsigned silent_questions_max = 8;   // ours: in a row; then the address is called silent
    unsigned silent_retry_each = 16;     // ours: of its questions one in so many is still asked
    std::size_t silences_max = 100'000;  // ours: addresses whose silence is remembered, 10 MB
};

class UdpNameserverClient : public NameserverClient {
  public:
    // `random` gives the message ids: unpredictable in the program, fixed in tests.
    UdpNameserverClient(Executor executor, NameserverOptions options,
                        std::function<std::uint16_t()> random)
        : executor_(std::move(executor)),
          options_(options),
          random_(std::move(random)),
          sockets_(options.sockets_max) {}

    Task<base::Result<codec::dns::Message>> ask(std::string address, codec::dns::Name name,
                                                codec::dns::Type type) override;

  private:
    Task<base::Result<codec::dns::Message>> exchange(std::string address, codec::dns::Name name,
                                                     codec::dns::Type type);
    bool pass_over(const std::string& address);  // it is silent, and this question is not asked
    void note(const std::string& address, bool silent);

    Executor executor_;
    NameserverOptions options_;
    std::function<std::uint16_t()> random_;
    Slots sockets_;
    std::unordered_map<std::string, Slots> addresses_;  // those that are being asked
    // Questions in a row without an answer; from the most on, with those not asked since.
    std::unordered_map<std::string, unsigned> silences_;
};

}  // namespace assay::net
