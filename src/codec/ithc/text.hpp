// Text of other programs: bytes that are not UTF-8, HTML, and identifiers inside prose.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::codec::ithc {

// Makes valid UTF-8 of a stream: a byte that does not belong, and with `controls` a control byte
// that XML forbids, becomes U+FFFD. Bytes at the end of a chunk wait for the next.
class Utf8Repair {
  public:
    explicit Utf8Repair(bool controls) : controls_(controls) {}

    std::string feed(std::string_view chunk);
    std::string finish();
    std::uint64_t repaired() const { return repaired_; }

  private:
    std::string run(std::string_view text, bool last);

    bool controls_;
    std::string rest_;
    std::uint64_t repaired_ = 0;
};

// UTF-8 stays; other bytes are read as Windows-1252, which is what spreadsheets write.
std::string text_of_cell(std::string_view cell, std::uint64_t& repaired);

// Shortened to at most `length_max` bytes, never inside a character. Was anything cut?
bool cut(std::string& text, std::size_t length_max);

// HTML to plain text: tags go, blocks end lines, list items get a dash, references are decoded.
// What has no tag and no reference stays as it is; a "<" that begins no tag is text.
std::string html_to_text(std::string_view html);

// Adds every "CVE-2024-12345" in the text, upper case, each once. More than list_length_max are
// left out.
void add_cves(std::vector<std::string>& out, std::string_view text);
// Adds "CWE-79" for "CWE-79", "cwe:79" and, where `bare`, "79".
void add_cwes(std::vector<std::string>& out, std::string_view text, bool bare);

// Lower case letters and digits only: "CVSS v3.0 Base Score" is "cvssv30basescore".
std::string normalised(std::string_view name);

bool is_address(std::string_view text);  // looks like an IPv4 or IPv6 address

}  // namespace assay::codec::ithc
