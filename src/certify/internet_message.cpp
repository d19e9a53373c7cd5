#include "certify/internet_message.hpp"

#include <array>

#include "base/utf8.hpp"
#include "crypto/sha256.hpp"

namespace assay::certify {

namespace {

constexpr std::size_t local_part_max = 64;         // RFC 5321 section 4.5.3.1.1
constexpr std::size_t address_max = 254;           // RFC 5321 section 4.5.3.1.3, without "<>"
constexpr std::size_t line_max = 76;               // RFC 2045 section 6.7, rule 5
constexpr std::size_t encoded_word_octets = 45;    // 75 characters (RFC 2047 section 2)
constexpr std::size_t subject_octets_max = 1'000;  // ours: a subject is a line

constexpr std::string_view line_end = "\r\n";

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 127; });
}

// One line: controls, line ends among them, become blanks.
std::string one_line(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (static_cast<unsigned char>(c) < ' ' || c == 127) c = ' ';
    }
    return std::string(base::trim(out));
}

std::string base64(std::string_view text) {
    return base::base64_encode({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

// RFC 2047 section 2, one encoded-word a line.
std::string encoded_words(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        auto length = base::character_begin(text, std::min(encoded_word_octets, text.size()));
        if (length == 0) length = std::min(encoded_word_octets, text.size());
        out +=
            (out.empty() ? "" : "\r\n ") + ("=?utf-8?B?" + base64(text.substr(0, length))) + "?=";
        text.remove_prefix(length);
    }
    return out;
}

std::string subject_of(std::string_view subject) {
    auto text = one_line(subject);
    if (text.size() > subject_octets_max)
        text.resize(base::character_begin(text, subject_octets_max));
    constexpr std::string_view name = "Subject: ";
    const bool as_it_is =
        is_plain(text) && !text.contains("=?") && name.size() + text.size() <= line_max;
    return std::string(name) + (as_it_is ? text : encoded_words(text));
}

// RFC 2045 section 6.7.
std::string quoted_printable_line(std::string_view line) {
    std::string out;
    std::size_t column = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const char c = line[i];
        const bool literal =
            (c > ' ' && c < 127 && c != '=') || (base::is_blank(c) && i + 1 < line.size());
        const auto piece =
            literal ? std::string(1, c) : fmt::format("={:02X}", static_cast<unsigned char>(c));
        if (column + piece.size() >= line_max) {
            out += "=\r\n";
            column = 0;
        }
        out += piece;
        column += piece.size();
    }
    return out;
}

std::string quoted_printable(std::string_view text) {
    if (text.ends_with('\n')) text.remove_suffix(1);
    std::string out;
    for (auto line : base::split(text, '\n')) {
        if (line.ends_with('\r')) line.remove_suffix(1);
        out.append(quoted_printable_line(line)).append(line_end);
    }
    return out;
}

// RFC 5322 section 3.3.
std::string mail_date(base::Moment at) {
    constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss time(at - day);
    return fmt::format(
        "{}, {:02} {} {:04} {:02}:{:02}:{:02} +0000", days[std::chrono::weekday(day).c_encoding()],
        static_cast<unsigned>(date.day()), months[static_cast<unsigned>(date.month()) - 1],
        static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
        time.seconds().count());
}

}  // namespace

bool is_mail_address(std::string_view text) {
    const auto at = text.rfind('@');
    if (at == std::string_view::npos || text.size() > address_max) return false;
    const auto dot_string = [](std::string_view part, std::string_view more) {
        return std::ranges::all_of(base::split(part, '.'), [&](std::string_view atom) {
            return !atom.empty() && std::ranges::all_of(atom, [&](char c) {
                return base::is_alnum(c) || more.contains(c);
            });
        });
    };
    return at <= local_part_max && dot_string(text.substr(0, at), "!#$%&'*+-/=?^_`{|}~") &&
           dot_string(text.substr(at + 1), "-");
}

std::string message_id(std::string_view key, std::string_view from) {
    return fmt::format("<{}@{}>", crypto::sha256_hex(key).substr(0, 40),
                       from.substr(from.rfind('@') + 1));
}

base::Result<std::string> print_message(const Message& message, std::string_view from) {
    for (const auto address : {from, std::string_view(message.to)}) {
        if (is_mail_address(address)) continue;
        return base::fail(base::ErrorKind::usage,
                          fmt::format("'{}' is not an e-mail address that letters can be sent to",
                                      base::quote_for_display(address, 80)));
    }
    std::string out;
    for (const auto& line :
         {"Date: " + mail_date(message.not_before), fmt::format("From: {}", from),
          "To: " + message.to, "Message-ID: " + message_id(message.key, from),
          subject_of(message.subject),
          std::string("Auto-Submitted: auto-generated"),  // RFC 3834 section 5
          std::string("MIME-Version: 1.0"), std::string("Content-Type: text/plain; charset=utf-8"),
          std::string("Content-Transfer-Encoding: quoted-printable")})
        out.append(line).append(line_end);
    return out.append(line_end).append(quoted_printable(message.body));
}

}  // namespace assay::certify
