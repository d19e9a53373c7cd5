#include "codec/dns/message.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

namespace assay::codec::dns {

namespace {

using Octets = std::vector<std::uint8_t>;

Octets octets(std::string_view hex) {
    std::string digits;
    for (const char c : hex) {
        if (c != ' ') digits += c;
    }
    return base::hex_decode(digits).value();
}

// The outcome of reading: "ok", or "rule@offset".
std::string outcome(std::string_view hex) {
    const auto message = decode_message(octets(hex));
    if (message) return "ok";
    return message.error().rule + '@' + std::to_string(message.error().offset);
}

// "a." asked for MX, answered with as many records as the test adds.
std::string answer(std::string_view counts, std::string_view records) {
    return "1234 8180 0001" + std::string(counts) + "0161 00 000f 0001" + std::string(records);
}

constexpr std::string_view opt = "00 0029 04d0 00000000 0000";

}  // namespace

TEST_CASE("a query has one question and an OPT record") {
    Header header;
    header.id = 0x1234;
    header.recursion_desired = true;
    const auto name = parse_name("mx.example").value();
    CHECK(encode_query(header, name, Type::MX, Edns::plain) ==
          octets("1234 0100 0001 0000 0000 0001 026d78 076578616d706c65 00 000f 0001"
                 "00 0029 04d0 0000 0000 0000"));
    CHECK(encode_query(header, name, Type::MX, Edns::none) ==
          octets("1234 0100 0001 0000 0000 0000 026d78 076578616d706c65 00 000f 0001"));
    header.checking_disabled = header.authentic = true;
    CHECK(encode_query(header, Name(), Type{65280}, Edns::dnssec_ok) ==
          octets("1234 0130 0001 0000 0000 0001 00 ff00 0001 00 0029 04d0 0000 8000 0000"));
}

TEST_CASE("a query is read back as it was written") {
    for (unsigned bits = 0; bits < 128; ++bits) {
        Header header;
        header.id = static_cast<std::uint16_t>(bits * 499);
        header.response = (bits & 1U) != 0;
        header.authoritative = (bits & 2U) != 0;
        header.truncated = (bits & 4U) != 0;
        header.recursion_desired = (bits & 8U) != 0;
        header.recursion_available = (bits & 16U) != 0;
        header.authentic = (bits & 32U) != 0;
        header.checking_disabled = (bits & 64U) != 0;
        header.opcode = static_cast<std::uint8_t>(bits % 16);
        header.rcode = static_cast<Rcode>(bits / 8);
        const auto name = parse_name("_25._tcp.a\\.b.example").value();
        const auto message =
            decode_message(encode_query(header, name, Type::TLSA, Edns::dnssec_ok));
        REQUIRE(message);
        CHECK(message->header == header);
        CHECK(message->question == name);
        CHECK(message->question_type == Type::TLSA);
        CHECK(message->answer.empty());
        CHECK(message->authority.empty());
        CHECK(message->additional.empty());
    }
}

TEST_CASE("an answer with compressed names is read, section by section") {
    const auto message = decode_message(
        octets("abcd 8580 0001 0002 0001 0002"
               "07 6578616d706c65 03 636f6d 00 000f 0001"       // 12: example.com
               "c00c 000f 0001 0000012c 0007 000a 026d78 c00c"  // 29: mx.example.com at 43
               "c00c 0010 0001 00000e10 0004 0161 0162"         // 48
               "c014 0002 0001 00015180 0005 026e73 c014"       // 64: ns.com at 76
               "c02b 0001 0001 0000012c 0004 c0000201"          // 81
               "00 0029 04d0 00008000 0008 000f 0004 0006 7879"));
    REQUIRE(message);
    Header header;
    header.id = 0xabcd;
    header.response = header.authoritative = header.recursion_desired = header.recursion_available =
        true;
    CHECK(message->header == header);
    CHECK(message->question.text() == "example.com");
    CHECK(message->question_type == Type::MX);
    REQUIRE(message->answer.size() == 2);
    CHECK(print_record(message->answer[0]) == "example.com. 300 IN MX 10 mx.example.com.");
    CHECK(print_record(message->answer[1]) == "example.com. 3600 IN TXT \"a\" \"b\"");
    REQUIRE(message->authority.size() == 1);
    CHECK(print_record(message->authority[0]) == "com. 86400 IN NS ns.com.");
    REQUIRE(message->additional.size() == 1);
    CHECK(print_record(message->additional[0]) == "mx.example.com. 300 IN A 192.0.2.1");
    REQUIRE(message->extended_errors.size() == 1);
    CHECK(message->extended_errors[0].contains("6"));
    CHECK(message->extended_errors[0].contains("xy"));
}

TEST_CASE("what is no DNS answer has a fault") {
    CHECK(outcome("") == "short-header@0");
    CHECK(outcome("1234 8180 0001 0000 0000 00") == "short-header@0");
    CHECK(outcome("1234 8180 0000 0000 0000 0000") == "question-count@4");
    CHECK(outcome("1234 8180 0002 0000 0000 0000 00 0001 0001 00 0001 0001") == "question-count@4");
    CHECK(outcome("1234 8180 0001 0000 0000 0000") == "bad-question@12");
    CHECK(outcome("1234 8180 0001 0000 0000 0000 00 0001 00") == "bad-question@12");
    CHECK(outcome("1234 8180 0001 0000 0000 0000 00 0001 0003") == "bad-question@12");
    CHECK(outcome("1234 8180 0001 0000 0000 0000 c00c 0001 0001") == "bad-question@12");
    CHECK(outcome("1234 8180 0001 0000 0000 0000 c00e 0001 0001") == "bad-question@12");
    // A pointer into the header is within the message, whatever it finds there.
    CHECK(outcome("0000 8180 0001 0000 0000 0000 c000 0001 0001") == "ok");

    constexpr std::string_view one = "0001 0000 0000";
    CHECK(outcome(answer(one, "c00c 000f 0001 00000000 0003 0000 00")) == "ok");
    CHECK(outcome(answer(one, "")) == "truncated-record@19");
    CHECK(outcome(answer(one, "c00c 000f 0001 00000000")) == "truncated-record@29");
    CHECK(outcome(answer(one, "c00c 000f 0001 00000000 0004 0000 00")) == "truncated-record@31");
    CHECK(outcome(answer(one, "c00c 000f 0001 00000000 ffff 0000 00")) == "truncated-record@31");
    CHECK(outcome(answer(one, "c013 000f 0001 00000000 0003 0000 00")).starts_with("truncated"));
    CHECK(outcome(answer("0000 0001 0000", "")) == "truncated-record@19");
    CHECK(outcome(answer("0000 0000 0001", "")) == "truncated-record@19");
}

TEST_CASE("a record whose data does not fit its type is kept as it came, and the rest is read") {
    const auto message = decode_message(
        octets(answer("0005 0000 0000",
                      "c00c 000f 0001 00000000 0004 0000 c023"   // points forward
                      "c00c 000f 0001 00000000 0004 0000 00 00"  // too long
                      "c00c 0010 0001 00000000 0002 0561"        // a string that is cut short
                      "c00c 0101 0001 00000000 0003 00 00 61"    // CAA without a tag
                      "c00c 0010 0001 00000000 0002 0162")));
    REQUIRE(message);
    REQUIRE(message->answer.size() == 5);
    CHECK(message->answer[0].data == Rdata(Opaque{Type::MX, octets("0000c023")}));
    CHECK(message->answer[1].data == Rdata(Opaque{Type::MX, octets("00000000")}));
    CHECK(message->answer[2].data == Rdata(Opaque{Type::TXT, octets("0561")}));
    CHECK(message->answer[3].data == Rdata(Opaque{Type::CAA, octets("000061")}));
    CHECK(print_rdata(message->answer[4].data) == "\"b\"");
}

TEST_CASE("of a truncated message the header and the question are read") {
    const auto message = decode_message(octets(
        "1234 8380 0001 0002 0000 0001 0161 00 0010 0001 c00c 0010 0001 00000000 0005 0461"));
    REQUIRE(message);
    CHECK(message->header.truncated);
    CHECK(message->question.text() == "a");
    CHECK(message->answer.empty());
}

TEST_CASE("a failure may come without its question") {
    const auto failure = decode_message(octets("1234 8181 0000 0000 0000 0000"));
    REQUIRE(failure);
    CHECK(failure->header.rcode == Rcode::format_error);
    CHECK_FALSE(failure->has_question);
    CHECK(
        decode_message(octets("1234 8180 0001 0000 0000 0000 00 0001 0001")).value().has_question);
    CHECK(outcome("1234 8183 0000 0000 0000 0000") == "question-count@4");  // NXDOMAIN of what?
    CHECK(outcome("1234 0101 0000 0000 0000 0000") == "question-count@4");  // not a response
}

TEST_CASE("records of other classes and OPT records are not listed") {
    const auto message =
        decode_message(octets(answer("0002 0000 0002",
                                     "c00c 0010 0003 00000000 0002 0161"
                                     "c00c 0010 0001 00000000 0002 0162" +
                                         std::string(opt) + "c00c 0010 00ff 00000000 0001 ff")));
    REQUIRE(message);
    REQUIRE(message->answer.size() == 1);
    CHECK(print_rdata(message->answer[0].data) == "\"b\"");
    CHECK(message->additional.empty());
    CHECK(message->extended_errors.empty());
}

TEST_CASE("options of an OPT record that cannot be read are left out") {
    const auto errors = [](std::string_view length_and_options) {
        const auto message = decode_message(octets(
            answer("0000 0000 0001", "00 0029 04d0 00000000" + std::string(length_and_options))));
        return message.value().extended_errors.size();
    };
    CHECK(errors("0000") == 0);
    CHECK(errors("0006 000f 0002 0016") == 1);
    CHECK(errors("000c 000f 0002 0016 000f 0002 0017") == 2);
    CHECK(errors("000c 000a 0002 ffff 000f 0002 0017") == 1);
    CHECK(errors("0005 000f 0001 00") == 0);
    CHECK(errors("0006 000f 0003 0016") == 0);
    CHECK(errors("0003 000f 00") == 0);
}

TEST_CASE("a message has only so many records") {
    Octets message = octets("1234 8180 0001 1000 0000 0000 00 0010 0001");
    const auto record = octets("00 0010 0001 00000000 0002 0161");
    for (std::size_t i = 0; i < message_records_max; ++i)
        message.insert(message.end(), record.begin(), record.end());
    CHECK(decode_message(message).value().answer.size() == message_records_max);
    message[9] = 1;
    message.insert(message.end(), record.begin(), record.end());
    CHECK(decode_message(message).error().rule == "too-many-records");
}

TEST_CASE("response codes have names") {
    CHECK(print(Rcode::no_error) == "NOERROR");
    CHECK(print(Rcode::format_error) == "FORMERR");
    CHECK(print(Rcode::server_failure) == "SERVFAIL");
    CHECK(print(Rcode::name_error) == "NXDOMAIN");
    CHECK(print(Rcode::not_implemented) == "NOTIMP");
    CHECK(print(Rcode::refused) == "REFUSED");
    CHECK(print(Rcode{9}) == "RCODE9");
}

}  // namespace assay::codec::dns
