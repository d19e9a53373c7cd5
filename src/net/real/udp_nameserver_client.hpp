// net::NameserverClient over UDP and TCP port 53.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>

#include "net/nameserver_client.hpp"

namespace assay::net {

struct NameserverOptions {
    std::chrono::milliseconds timeout{1500};  // one attempt
    unsigned attempts = 2;                    // a single lost datagram is no outage
    std::uint16_t port = 53;
};

class UdpNameserverClient : public NameserverClient {
  public:
    // `random` gives the message ids: unpredictable in the program, fixed in tests.
    UdpNameserverClient(boost::asio::any_io_executor executor, NameserverOptions options,
                        std::function<std::uint16_t()> random)
        : executor_(std::move(executor)), options_(options), random_(std::move(random)) {}

    Task<base::Result<codec::dns::Message>> ask(std::string address, codec::dns::Name name,
                                                codec::dns::Type type) override;

  private:
    boost::asio::any_io_executor executor_;
    NameserverOptions options_;
    std::function<std::uint16_t()> random_;
};

}  // namespace assay::net
