// How much of the internet SPF lets send, through every term and whatever the message.
#pragma once

#include <bitset>
#include <optional>
#include <string>
#include <vector>

#include "check/check.hpp"

namespace assay::check {

// Blocks of addresses by their first octet: enough to see what is open to everyone.
using Blocks = std::bitset<256>;

struct Senders {
    Blocks ipv4, ipv6;               // that pass, whole blocks only; terms that cannot be known
                                     // beforehand (macros, the addresses of hosts) are left out
    std::vector<std::string> terms;  // of the domain's own record that let them pass

    // Every public address of a family, so anyone who has one may send.
    bool is_everyone() const;
};

// RFC 7208 section 4.6, up to the permanent error where there is one. What include refuses is no
// permission: only a pass behind an include with the qualifier "+" is one.
Senders read_senders(const fact::Spf& spf);

// The nodes that can give permissions: the domain's own, and those behind include with the
// qualifier "+" and behind redirect.
std::vector<const fact::SpfNode*> permitting_nodes(const fact::Spf& spf);

// Why receivers end with a permanent error whatever the message, if no term matches the sender
// before; nothing when they do not. The limits on lookups are spf.lookups' own.
std::optional<std::string> permanent_error(const fact::Spf& spf);

}  // namespace assay::check
