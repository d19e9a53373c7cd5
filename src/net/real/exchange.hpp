// What every sender of DNS messages needs: matching answers to questions, TCP, deadlines, and
// reading an answer section along its CNAMEs.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <chrono>
#include <string>

#include "base/result.hpp"
#include "codec/dns/message.hpp"
#include "net/resolver.hpp"

namespace assay::net {

using Reply = base::Result<dns::Message>;

// An answer to another question is not an answer (RFC 5452 section 9).
bool answers(const dns::Message& message, const dns::Header& query, const dns::Name& name,
             dns::Type type);

// RFC 1035 section 4.2.2. Error: unreachable, refused, malformed. `address` is for messages.
Task<Reply> over_tcp(boost::asio::ip::tcp::endpoint server, std::string address, dns::Header header,
                     dns::Name name, dns::Type type);

// Error: timeout, in place of an exchange that takes longer.
Task<Reply> with_deadline(Task<Reply> exchange, std::chrono::milliseconds timeout,
                          std::string address);

base::Error unreachable(const std::string& address, const boost::system::error_code& failure);

// From the question's name along the CNAMEs of the answer section, whatever their order: fills
// `aliases` and `records`, and `existence` by what the code says about the end of the chain;
// `broken` when the chain has no end.
void read_answer(const dns::Message& message, const dns::Name& name, dns::Type type,
                 Answer& answer);

// Is the code one that says something about the name (RFC 1035 section 4.1.1: 0 and 3)?
bool is_answer(dns::Rcode rcode);
base::ErrorKind kind_of(dns::Rcode rcode);

// "no resolver gave a usable answer; SERVFAIL for example.gov.uk NS; extended error 6: ..."
std::string describe_failure(dns::Rcode rcode, const dns::Name& name, dns::Type type,
                             const dns::Message* message);

}  // namespace assay::net
