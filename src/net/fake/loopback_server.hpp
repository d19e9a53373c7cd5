// A DNS server on 127.0.0.1 that does what a test says, over UDP and TCP, on a port that the system
// chooses. It shares the executor of the test, and keeps it busy: stop the executor in the end.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "codec/dns/message.hpp"
#include "net/resolver.hpp"

namespace assay::net {

class LoopbackServer {
  public:
    using Bytes = std::vector<std::uint8_t>;
    struct Query {
        dns::Message message;
        bool edns = false;                                     // it came with an OPT record
        std::shared_ptr<boost::asio::ip::tcp::socket> stream;  // none: UDP
        boost::asio::ip::udp::endpoint from;
    };
    // Is called for each query; replies now, later (keep the query), or never.
    using Behave = std::function<void(LoopbackServer&, const Query&)>;

    LoopbackServer(boost::asio::io_context& io, Behave behave);

    void reply(const Query& query, Bytes message);
    std::string address() const;  // "127.0.0.1:5353"
    std::uint16_t port() const { return port_; }

  private:
    void receive();
    void accept();

    Behave behave_;
    boost::asio::ip::udp::socket datagrams_;
    boost::asio::ip::tcp::acceptor streams_;
    std::uint16_t port_ = 0;
    Bytes buffer_;
    boost::asio::ip::udp::endpoint from_;
};

// What a recursive resolver sends; the header and the sections can be changed before `encode`.
dns::Message response_to(const LoopbackServer::Query& query, std::vector<dns::Record> records);
LoopbackServer::Bytes encode(const dns::Message& message);  // without compression, without OPT

}  // namespace assay::net
