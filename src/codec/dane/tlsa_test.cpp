#include "codec/dane/tlsa.hpp"

#include <doctest/doctest.h>

#include <algorithm>

namespace assay::codec::dane {

namespace {

// Without advice on which combination to prefer: that has a test of its own.
std::string summary(const std::vector<base::Fault>& faults) {
    std::string out;
    for (const auto& fault : faults) {
        if (fault.rule == "uncommon-combination") continue;
        if (!out.empty()) out += ' ';
        out += fault.rule;
    }
    return out;
}

struct Row {
    unsigned usage, selector, matching, octets;
    std::string_view faults;
    Usability usability;
};

constexpr auto usable = Usability::usable;
constexpr auto unusable = Usability::unusable;

constexpr Row rows[] = {
    {3, 1, 1, 32, "", usable},
    {2, 1, 1, 32, "", usable},
    {2, 0, 1, 32, "", usable},
    {3, 0, 1, 32, "", usable},
    {3, 1, 2, 64, "sha512-only", usable},
    {2, 0, 2, 64, "sha512-only", usable},
    {3, 0, 0, 800, "full-certificate", usable},
    {2, 1, 0, 1, "full-certificate", usable},
    // RFC 7672 section 3.1.3.
    {0, 1, 1, 32, "pkix-usage", unusable},
    {1, 1, 1, 32, "pkix-usage", unusable},
    {0, 0, 0, 800, "pkix-usage full-certificate", unusable},
    {1, 0, 2, 64, "pkix-usage sha512-only", unusable},
    // Values that nothing is assigned to.
    {4, 1, 1, 32, "bad-usage", unusable},
    {255, 1, 1, 32, "bad-usage", unusable},
    {3, 2, 1, 32, "bad-selector", unusable},
    {3, 255, 1, 32, "bad-selector", unusable},
    {3, 1, 3, 32, "bad-matching", unusable},
    {3, 1, 255, 48, "bad-matching", unusable},
    {4, 2, 3, 32, "bad-usage bad-selector bad-matching", unusable},
    // A digest of another size.
    {3, 1, 1, 31, "bad-length", unusable},
    {3, 1, 1, 33, "bad-length", unusable},
    {3, 1, 1, 64, "bad-length", unusable},
    {3, 1, 1, 20, "bad-length", unusable},
    {3, 1, 1, 0, "bad-length", unusable},
    {3, 1, 2, 63, "bad-length sha512-only", unusable},
    {3, 1, 2, 65, "bad-length sha512-only", unusable},
    {3, 1, 2, 32, "bad-length sha512-only", unusable},
    {3, 1, 0, 0, "bad-length full-certificate", unusable},
    {0, 1, 1, 31, "bad-length pkix-usage", unusable},
};

dns::Tlsa record(unsigned usage, unsigned selector, unsigned matching, std::size_t octets) {
    return {static_cast<std::uint8_t>(usage), static_cast<std::uint8_t>(selector),
            static_cast<std::uint8_t>(matching), std::vector<std::uint8_t>(octets, 0xab)};
}

bool is_uncommon(const dns::Tlsa& tlsa) {
    return std::ranges::count(lint(tlsa), "uncommon-combination", &base::Fault::rule) > 0;
}

std::string name_of(std::string_view host, std::uint16_t port) {
    const auto name = tlsa_name(dns::parse_name(host).value(), port);
    return name ? name->text() : name.error().rule;
}

}  // namespace

TEST_CASE("every fault of a TLSA record is found, and whether SMTP can use it") {
    for (const auto& row : rows) {
        const auto tlsa = record(row.usage, row.selector, row.matching, row.octets);
        CAPTURE(row.usage);
        CAPTURE(row.selector);
        CAPTURE(row.matching);
        CAPTURE(row.octets);
        const auto faults = lint(tlsa);
        CHECK(summary(faults) == row.faults);
        CHECK(usability(tlsa) == row.usability);
        for (const auto& fault : faults) {
            CHECK(fault.cite.starts_with("RFC "));
            CHECK(!fault.detail.empty());
        }
    }
}

TEST_CASE("a key outlives the renewal of its certificate") {
    CHECK(!is_uncommon(record(3, 1, 1, 32)));
    CHECK(!is_uncommon(record(2, 1, 1, 32)));
    CHECK(!is_uncommon(record(3, 1, 2, 64)));
    CHECK(is_uncommon(record(3, 0, 1, 32)));
    CHECK(is_uncommon(record(3, 0, 0, 800)));
    CHECK(!is_uncommon(record(1, 0, 1, 32)));
    CHECK(!is_uncommon(record(4, 0, 1, 32)));
}

TEST_CASE("a digest of the wrong size is told with both sizes") {
    const auto faults = lint(record(3, 1, 1, 20));
    REQUIRE(faults.size() == 1);
    CHECK(faults[0].detail.contains("20 octets"));
    CHECK(faults[0].detail.contains("SHA2-256 has 32"));
    CHECK(lint(record(3, 1, 2, 20))[0].detail.contains("SHA2-512 has 64"));
}

TEST_CASE("the parameters have the names of RFC 7218") {
    CHECK(usage_name(0) == "PKIX-TA");
    CHECK(usage_name(1) == "PKIX-EE");
    CHECK(usage_name(2) == "DANE-TA");
    CHECK(usage_name(3) == "DANE-EE");
    CHECK(usage_name(4) == "unassigned");
    CHECK(selector_name(0) == "Cert");
    CHECK(selector_name(1) == "SPKI");
    CHECK(selector_name(2) == "unassigned");
    CHECK(matching_name(0) == "Full");
    CHECK(matching_name(1) == "SHA2-256");
    CHECK(matching_name(2) == "SHA2-512");
    CHECK(matching_name(255) == "unassigned");
}

TEST_CASE("TLSA records stand below the host, under port and protocol") {
    CHECK(name_of("MX.example.com", 25) == "_25._tcp.mx.example.com");
    CHECK(name_of("mx.example.com.", 65535) == "_65535._tcp.mx.example.com");
    CHECK(name_of(".", 443) == "_443._tcp");
    std::string long_host;
    for (int i = 0; i < 122; ++i)
        long_host += "a.";
    CHECK(name_of(long_host, 1).starts_with("_1._tcp.a.a"));  // 245 + 5 + 3 = 253
    CHECK(name_of(long_host, 443) == "_443._tcp." + long_host.substr(0, long_host.size() - 1));
    CHECK(name_of(long_host, 8443) == "name-too-long");
    CHECK(name_of(long_host + "a.a", 1) == "name-too-long");
}

}  // namespace assay::codec::dane
