// From the level that a tool reports to one scale; the tables are data, the report stays verbatim.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "codec/ithc/finding.hpp"
#include "codec/ithc/format.hpp"

namespace assay::codec::ithc {

// Qualys levels 4 and 5: high and critical, or both high. Readers of reports disagree, so the
// choice is the caller's.
enum class QualysScale : std::uint8_t { legacy, four_and_five_high };

struct NumberRow {  // a whole number from `low` to `high`
    unsigned low, high;
    Severity severity;
};
struct WordRow {
    std::string_view word;  // lower case
    Severity severity;
};

inline constexpr std::array nessus_levels{
    NumberRow{0, 0, Severity::informational}, NumberRow{1, 1, Severity::low},
    NumberRow{2, 2, Severity::medium}, NumberRow{3, 3, Severity::high},
    NumberRow{4, 4, Severity::critical}};
inline constexpr std::array qualys_legacy_levels{
    NumberRow{1, 1, Severity::informational}, NumberRow{2, 2, Severity::low},
    NumberRow{3, 3, Severity::medium}, NumberRow{4, 4, Severity::high},
    NumberRow{5, 5, Severity::critical}};
inline constexpr std::array qualys_high_levels{
    NumberRow{1, 1, Severity::informational}, NumberRow{2, 2, Severity::low},
    NumberRow{3, 3, Severity::medium}, NumberRow{4, 5, Severity::high}};
inline constexpr std::array nexpose_levels{
    NumberRow{0, 0, Severity::informational}, NumberRow{1, 3, Severity::low},
    NumberRow{4, 6, Severity::medium}, NumberRow{7, 8, Severity::high},
    NumberRow{9, 10, Severity::critical}};
inline constexpr std::array zap_levels{
    NumberRow{0, 0, Severity::informational}, NumberRow{1, 1, Severity::low},
    NumberRow{2, 2, Severity::medium}, NumberRow{3, 3, Severity::high}};
inline constexpr std::array ptart_levels{
    NumberRow{1, 1, Severity::critical}, NumberRow{2, 2, Severity::high},
    NumberRow{3, 3, Severity::medium}, NumberRow{4, 4, Severity::low},
    NumberRow{5, 5, Severity::informational}};
// ours: PingCastle gives points a rule, and names no levels.
inline constexpr std::array pingcastle_levels{
    NumberRow{0, 0, Severity::informational}, NumberRow{1, 9, Severity::low},
    NumberRow{10, 29, Severity::medium}, NumberRow{30, 49, Severity::high},
    NumberRow{50, 1000, Severity::critical}};
// SARIF 2.1.0 section 3.27.10.
inline constexpr std::array sarif_words{
    WordRow{"none", Severity::informational}, WordRow{"note", Severity::informational},
    WordRow{"warning", Severity::medium}, WordRow{"error", Severity::high}};
inline constexpr std::array words{WordRow{"none", Severity::informational},
                                  WordRow{"info", Severity::informational},
                                  WordRow{"informational", Severity::informational},
                                  WordRow{"information", Severity::informational},
                                  WordRow{"log", Severity::informational},
                                  WordRow{"note", Severity::informational},
                                  WordRow{"debug", Severity::informational},
                                  WordRow{"low", Severity::low},
                                  WordRow{"minor", Severity::low},
                                  WordRow{"medium", Severity::medium},
                                  WordRow{"moderate", Severity::medium},
                                  WordRow{"high", Severity::high},
                                  WordRow{"major", Severity::high},
                                  WordRow{"important", Severity::high},
                                  WordRow{"critical", Severity::critical}};

// The table of a source; empty where it reports words only.
std::span<const NumberRow> number_table(Format format, QualysScale scale);
// Burp, OpenVAS (of old) and ZAP have no level above high, so high there may mean critical.
bool has_critical(Format format);

Severity severity_of(Format format, std::string_view reported, QualysScale scale);

// In tenths: "9.8" is 98. Nothing unless it is 0 to 10 with at most one digit that counts.
std::optional<unsigned> parse_score(std::string_view text);
// CVSS v3.1 section 5, and v4.0 section 6: 0.1 low, 4.0 medium, 7.0 high, 9.0 critical. Version 2
// has no critical.
Severity cvss_band(unsigned tenths, unsigned version);

// Sets severity, disagreement and its sentence from what the finding reports.
void rate(Finding& finding, Format format, QualysScale scale);

}  // namespace assay::codec::ithc
