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

// An answer to another question is not an answer (RFC 5452 section 9). A failure may leave the
// question out.
bool answers(const dns::Message& message, const dns::Header& query, const dns::Name& name,
             dns::Type type);

// The server may not know EDNS: it is asked once more without (RFC 6891 section 7).
bool may_lack_edns(const dns::Message& message, dns::Edns asked_with);

// RFC 1035 section 4.2.2. Error: unreachable, refused, malformed. `address` is for messages.
Task<Reply> over_tcp(boost::asio::ip::tcp::endpoint server, std::string address, dns::Header header,
                     dns::Name name, dns::Type type, dns::Edns edns);

// Error: `late`, in place of an exchange that is not over at that time.
Task<Reply> with_deadline(Task<Reply> exchange, std::chrono::steady_clock::time_point ends,
                          base::Error late);

base::Error unreachable(const std::string& address, const boost::system::error_code& failure);

// What an answer says about the end of a chain of aliases.
enum class Ending {
    told,        // the records, or that there are none
    alias_only,  // the answer ends with an alias, whose target is still to be asked (RFC 1034
                 // section 5.3.3)
    referral,    // "ask elsewhere" (RFC 2308 section 2.2): nothing about the records
};

// From `name` along the CNAMEs of the answer section, whatever their order: adds to `aliases` and
// `records`, and says `existence` by what the code says about the end of the chain; `broken` when
// the chain has no end. The result is for those who ask a resolver themselves: may `existence` be
// believed?
Ending read_answer(const dns::Message& message, const dns::Name& name, dns::Type type,
                   Answer& answer);

// The error of an answer that only names other servers, or nobody.
base::Error referral(const dns::Name& name, dns::Type type);

// Is the code one that says something about the name (RFC 1035 section 4.1.1: 0 and 3)?
bool is_answer(dns::Rcode rcode);
base::ErrorKind kind_of(dns::Rcode rcode);

// "no resolver gave a usable answer; SERVFAIL for example.gov.uk NS; extended error 6: ..."
std::string describe_failure(dns::Rcode rcode, const dns::Name& name, dns::Type type,
                             const dns::Message* message);

}  // namespace assay::net
