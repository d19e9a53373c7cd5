#include "net/fake/loopback_server.hpp"

#include <fmt/format.h>

#include <array>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace assay::net {

namespace asio = boost::asio;

namespace {

constexpr std::size_t query_octets_max = 512;  // ours: a name and an OPT record are shorter

void put16(LoopbackServer::Bytes& out, std::size_t value) {
    out.push_back(static_cast<std::uint8_t>(value >> 8));
    out.push_back(static_cast<std::uint8_t>(value));
}

LoopbackServer::Query query_of(std::span<const std::uint8_t> bytes) {
    LoopbackServer::Query out;
    out.message = dns::decode_message(bytes).value();
    out.edns = bytes[11] != 0;  // the count of additional records
    return out;
}

}  // namespace

LoopbackServer::LoopbackServer(asio::io_context& io, Behave behave)
    : behave_(std::move(behave)),
      datagrams_(io, {asio::ip::make_address("127.0.0.1"), 0}),
      streams_(io),
      port_(datagrams_.local_endpoint().port()),
      buffer_(query_octets_max) {
    const asio::ip::tcp::endpoint here(asio::ip::make_address("127.0.0.1"), port_);
    streams_.open(here.protocol());
    streams_.set_option(asio::ip::tcp::acceptor::reuse_address(true));
    streams_.bind(here);
    streams_.listen();
    receive();
    accept();
}

std::string LoopbackServer::address() const {
    return fmt::format("127.0.0.1:{}", port_);
}

void LoopbackServer::receive() {
    datagrams_.async_receive_from(asio::buffer(buffer_), from_,
                                  [this](boost::system::error_code failure, std::size_t size) {
                                      if (failure == asio::error::operation_aborted) return;
                                      auto query = query_of(std::span(buffer_).first(size));
                                      query.from = from_;
                                      behave_(*this, query);
                                      receive();
                                  });
}

void LoopbackServer::accept() {
    auto stream = std::make_shared<asio::ip::tcp::socket>(streams_.get_executor());
    streams_.async_accept(*stream, [this, stream](boost::system::error_code failure) {
        if (failure) return;
        auto bytes = std::make_shared<Bytes>(2);
        asio::async_read(
            *stream, asio::buffer(*bytes),
            [this, stream, bytes](boost::system::error_code, std::size_t) {
                bytes->resize(static_cast<std::size_t>((*bytes)[0] << 8 | (*bytes)[1]));
                asio::async_read(*stream, asio::buffer(*bytes),
                                 [this, stream, bytes](boost::system::error_code, std::size_t) {
                                     auto query = query_of(*bytes);
                                     query.stream = stream;
                                     behave_(*this, query);
                                 });
            });
        accept();
    });
}

void LoopbackServer::reply(const Query& query, Bytes message) {
    boost::system::error_code ignored;
    if (query.stream) {
        Bytes length;
        put16(length, message.size());
        message.insert(message.begin(), length.begin(), length.end());
        asio::write(*query.stream, asio::buffer(message), ignored);
    } else {
        datagrams_.send_to(asio::buffer(message), query.from, 0, ignored);
    }
}

dns::Message response_to(const LoopbackServer::Query& query, std::vector<dns::Record> records) {
    dns::Message out = query.message;
    out.header.response = out.header.recursion_available = true;
    out.answer = std::move(records);
    out.additional.clear();
    return out;
}

LoopbackServer::Bytes encode(const dns::Message& message) {
    auto out =
        dns::encode_query(message.header, message.question, message.question_type, dns::Edns::none);
    std::size_t count_at = 6;
    for (const auto* section : {&message.answer, &message.authority}) {
        out[count_at] = static_cast<std::uint8_t>(section->size() >> 8);
        out[count_at + 1] = static_cast<std::uint8_t>(section->size());
        count_at += 2;
        for (const auto& record : *section) {
            out.insert(out.end(), record.name.wire().begin(), record.name.wire().end());
            put16(out, static_cast<unsigned>(record.type()));
            put16(out, 1);
            put16(out, record.ttl >> 16);
            put16(out, record.ttl & 0xffffU);
            const auto data = dns::encode_rdata(record.data);
            put16(out, data.size());
            out.insert(out.end(), data.begin(), data.end());
        }
    }
    return out;
}

}  // namespace assay::net
