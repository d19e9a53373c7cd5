// DNS messages (RFC 1035 section 4, EDNS RFC 6891): write a query, read an answer.
#pragma once

#include <cstdint>
#include <expected>
#include <span>
#include <vector>

#include "base/fault.hpp"
#include "codec/dns/record.hpp"

namespace assay::codec::dns {

inline constexpr std::uint16_t edns_payload_octets =
    1232;  // DNS Flag Day 2020: avoids IP fragments
inline constexpr std::size_t message_records_max =
    4096;  // ours: 64 kB cannot hold more that matter

enum class Rcode : std::uint16_t {
    no_error = 0,
    format_error = 1,
    server_failure = 2,
    name_error = 3,
    not_implemented = 4,
    refused = 5
};

std::string print(Rcode rcode);  // "NOERROR", "SERVFAIL", "NXDOMAIN", "RCODE9"

struct Header {
    std::uint16_t id = 0;
    bool response = false, authoritative = false, truncated = false;
    bool recursion_desired = false, recursion_available = false, authentic = false,
         checking_disabled = false;
    std::uint8_t opcode = 0;
    Rcode rcode = Rcode::no_error;
    bool operator==(const Header&) const = default;
};

struct Message {
    Header header;
    bool has_question = true;  // false: a failure that came back as a bare header
    Name question;
    Type question_type{};
    std::vector<Record> answer, authority, additional;  // OPT is not listed
    std::vector<std::string> extended_errors;           // RFC 8914: "code 6: DNSSEC Bogus: text"
    bool operator==(const Message&) const = default;
};

// RFC 6891: without an OPT record; with one (payload above); with the DO bit set in it.
enum class Edns : std::uint8_t { none, plain, dnssec_ok };

// One question, class IN.
std::vector<std::uint8_t> encode_query(const Header& header, const Name& name, Type type,
                                       Edns edns);

// Fault when the bytes are no DNS message with exactly one question of class IN, or a record runs
// past the end. A record whose data does not fit its type is Opaque of that type: that is the
// publisher's fault, and the rest of the message stands. Of a truncated message (TC) only the
// header and the question are read. A failure may come without its question.
std::expected<Message, base::Fault> decode_message(std::span<const std::uint8_t> bytes);

}  // namespace assay::codec::dns
