#include "certify/internet_message.hpp"

#include <doctest/doctest.h>

namespace assay::certify {

namespace {

constexpr std::string_view from = "assurance@scheme.example.gov.uk";

Message message() {
    return {"expiry/1", "pat@example.gov.uk", "Your certificate", "Dear Pat,\n\nIt ends.\n",
            *base::parse_moment("2026-11-24T09:05:00Z")};
}

std::string printed(const Message& one) {
    const auto text = print_message(one, from);
    REQUIRE_MESSAGE(text.has_value(), text.error().detail);
    return *text;
}

std::string headers(const Message& one) {
    const auto text = printed(one);
    return text.substr(0, text.find("\r\n\r\n"));
}

}  // namespace

TEST_CASE("a plain letter has the headers of RFC 5322 and a readable body") {
    CHECK(printed(message()) ==
          "Date: Tue, 24 Nov 2026 09:05:00 +0000\r\n"
          "From: assurance@scheme.example.gov.uk\r\n"
          "To: pat@example.gov.uk\r\n"
          "Message-ID: " +
              message_id("expiry/1", from) +
              "\r\n"
              "Subject: Your certificate\r\n"
              "Auto-Submitted: auto-generated\r\n"
              "MIME-Version: 1.0\r\n"
              "Content-Type: text/plain; charset=utf-8\r\n"
              "Content-Transfer-Encoding: quoted-printable\r\n"
              "\r\n"
              "Dear Pat,\r\n\r\nIt ends.\r\n");
}

TEST_CASE("the Message-ID follows from the key alone") {
    auto other = message();
    other.subject = "Another";
    CHECK(headers(other).contains(message_id("expiry/1", from)));
    CHECK(message_id("expiry/1", from) != message_id("expiry/2", from));
    CHECK(message_id("expiry/1", from).ends_with("@scheme.example.gov.uk>"));
}

TEST_CASE("line ends in a subject begin no header") {
    for (const auto* end : {"\r\n", "\n", "\r", "\r\n "}) {
        auto one = message();
        one.subject = std::string("Hello") + end + "Bcc: eve@example.net" + end;
        CHECK_MESSAGE(!headers(one).contains("\nBcc"), one.subject);
        CHECK_MESSAGE(!headers(one).contains("\rBcc"), one.subject);
        one.subject = std::string("Zo\xc3\xab") + end + end + "Bcc: eve@example.net";
        CHECK_MESSAGE(!printed(one).contains("Bcc"), one.subject);
    }
}

TEST_CASE("an address that could end its header or its SMTP command is refused") {
    for (const auto* wrong :
         {"", "pat", "@example.gov.uk", "pat@", "a b@example.gov.uk", "pat@example.gov.uk\r\nDATA",
          "pat@example.gov.uk\nBcc: eve@example.net", "<pat@example.gov.uk>",
          "pat@example.gov.uk>\r\n", "a@b@example.gov.uk", "pat..x@example.gov.uk",
          "pat@example..uk", "\"a b\"@example.gov.uk", "p\xc3\xa4t@example.gov.uk",
          "pat@example.gov.uk,eve@example.net"}) {
        CHECK_MESSAGE(!is_mail_address(wrong), wrong);
        auto one = message();
        one.to = wrong;
        CHECK_MESSAGE(!print_message(one, from), wrong);
        CHECK_MESSAGE(!print_message(message(), wrong), wrong);
    }
    for (const auto* right : {"pat@example.gov.uk", "o'neil+psn@sub.example.gov.uk", "a@b"})
        CHECK_MESSAGE(is_mail_address(right), right);
    CHECK(!is_mail_address(std::string(65, 'a') + "@example.gov.uk"));
}

TEST_CASE("a subject that is not ASCII, too long, or looks encoded is in encoded-words") {
    auto one = message();
    one.subject = "Zo\xc3\xab";
    CHECK(headers(one).contains("Subject: =?utf-8?B?Wm/Dqw==?="));
    one.subject = "=?utf-8?B?Wm/Dqw==?=";
    CHECK_FALSE(headers(one).contains("Subject: =?utf-8?B?Wm/Dqw==?="));
    one.subject = std::string(3000, 'x');
    for (auto line : base::split(headers(one), '\n'))
        CHECK(line.size() <= 90);
    // No character is cut in two: each word stands for itself.
    one.subject.clear();
    for (int i = 0; i < 40; ++i)
        one.subject += "\xe2\x82\xac";
    for (auto line : base::split(headers(one), '\n')) {
        const auto begin = line.find("=?utf-8?B?");
        if (begin == std::string_view::npos) continue;
        const auto octets =
            *base::base64_decode(line.substr(begin + 10, line.find("?=", begin + 10) - begin - 10));
        CHECK(base::is_utf8({reinterpret_cast<const char*>(octets.data()), octets.size()}));
    }
}

TEST_CASE("a body is quoted-printable: short lines, nothing lost, no bare line end") {
    auto one = message();
    one.body = "caf\xc3\xa9 = 1\r\ntrailing \n" + std::string(200, 'y') + "\n.\na\rb";
    const auto text = printed(one);
    const auto body = text.substr(text.find("\r\n\r\n") + 4);
    CHECK(body.starts_with("caf=C3=A9 =3D 1\r\ntrailing=20\r\nyyyy"));
    CHECK(body.ends_with("\r\n.\r\na=0Db\r\n"));
    for (auto line : base::split(body, '\n'))
        CHECK(line.size() <= 77);
    for (std::size_t i = 0; i < body.size(); ++i)
        CHECK((body[i] != '\n' || (i > 0 && body[i - 1] == '\r')));
}

}  // namespace assay::certify
