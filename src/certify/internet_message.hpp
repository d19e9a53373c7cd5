// A message of the outbox as Internet mail (RFC 5322): plain text in UTF-8. Names and subjects come
// from people, so whatever they hold, no field can end early or begin another.
#pragma once

#include <string>
#include <string_view>

#include "certify/model.hpp"

namespace assay::certify {

// An address that stands in headers and SMTP commands as it is: a dot-string before the "@" and
// letters, digits, "-" and "." behind it (RFC 5321 section 4.1.2); no quotes, no blanks, no UTF-8.
bool is_mail_address(std::string_view text);

// "<...@domain of from>", from the message's key alone: whoever receives it twice can tell.
std::string message_id(std::string_view key, std::string_view from);

// Headers and body with CR LF line ends. The same message gives the same bytes whenever it is
// sent; its date is the one on which it was posted. Error: usage (an address is none).
base::Result<std::string> print_message(const Message& message, std::string_view from);

}  // namespace assay::certify
