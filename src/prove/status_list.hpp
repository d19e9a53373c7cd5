// Token Status List (draft-ietf-oauth-status-list): one signed token says of many certificates
// whether they are valid, at the time of its "iat".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "prove/jws.hpp"

namespace assay::prove {

inline constexpr std::string_view status_list_type = "statuslist+jwt";
inline constexpr std::size_t status_octets_max = 1u << 20;  // ours: 4 million certificates

enum class Status : std::uint8_t { valid = 0, invalid = 1, suspended = 2, application = 3 };

// Values of `bits` bits each, the first in the lowest bits of the first byte.
class StatusList {
  public:
    // bits: 1, 2, 4 or 8.
    explicit StatusList(unsigned bits = 2, std::uint64_t places = 0);
    static base::Result<StatusList> from_bytes(unsigned bits, std::string bytes);

    unsigned bits() const { return bits_; }
    std::uint64_t places() const { return bytes_.size() * 8 / bits_; }
    std::uint8_t get(std::uint64_t index) const;  // index < places()
    void set(std::uint64_t index, std::uint8_t value);
    const std::string& bytes() const { return bytes_; }
    bool operator==(const StatusList&) const = default;

  private:
    unsigned bits_;
    std::string bytes_;
};

// "lst": zlib (RFC 1950), then base64url.
std::string compress(const StatusList& list);
base::Result<StatusList> decompress(unsigned bits, std::string_view text);  // malformed, limit

struct StatusStatement {
    std::string uri;  // "sub"
    base::Moment issued{}, expires{};
    std::uint32_t ttl_s = 3600;
    StatusList list;
    bool operator==(const StatusStatement&) const = default;
};

base::Result<std::string> sign_status(const StatusStatement& statement, std::string_view key_id,
                                      const crypto::PrivateKey& key);
struct SignedStatus {
    StatusStatement statement;
    Jws jws;
};
base::Result<SignedStatus> parse_status(std::string_view text);  // not yet verified

}  // namespace assay::prove
