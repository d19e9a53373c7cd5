// The port through which letters leave: one letter to one person, and what became of it.
#pragma once

#include <optional>
#include <string>

namespace assay::certify {

enum class Delivery {
    accepted,     // the server has taken it over
    later,        // not this letter, not now (4yz)
    refused,      // not this letter, ever (5yz)
    unreachable,  // nothing was said about the letter: no connection, no TLS, no service for us
};

struct DeliveryAnswer {
    Delivery delivery = Delivery::unreachable;
    std::string words;  // the server's, or what went wrong, for a person
};

class Mailer {
  public:
    virtual ~Mailer() = default;
    // `letter` is a whole message (internet_message.hpp); both addresses are mail addresses.
    virtual DeliveryAnswer send(const std::string& from, const std::string& to,
                                const std::string& letter) = 0;
};

struct MailerOptions {
    std::string url;                     // "smtp://HOST:PORT" or "smtps://HOST:PORT"
    std::optional<std::string> ca_file;  // whom to believe; without it, whom the system believes
    bool plaintext = false;              // true: without TLS
};

}  // namespace assay::certify
