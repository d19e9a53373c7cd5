// SHA-256 (FIPS 180-4).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace assay::crypto {

using Sha256 = std::array<std::uint8_t, 32>;

Sha256 sha256(std::span<const std::uint8_t> bytes);
Sha256 sha256(std::string_view text);
std::string sha256_hex(std::string_view text);  // lower case

// Bytes in pieces; finish() once, at the end.
class Sha256Sum {
  public:
    Sha256Sum();
    void update(std::span<const std::uint8_t> bytes);
    Sha256 finish();

  private:
    std::unique_ptr<evp_md_ctx_st, void (*)(evp_md_ctx_st*)> context_;
};

}  // namespace assay::crypto
