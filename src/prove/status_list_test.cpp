#include "prove/status_list.hpp"

#include <doctest/doctest.h>

#include "base/text.hpp"

namespace assay::prove {

// The byte arrays that the draft gives for its examples of 1 and 2 bits, and their compressed
// forms.
TEST_CASE("the examples of the draft are read and written") {
    StatusList one(1, 16);
    constexpr std::array<std::uint8_t, 16> bits{1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1};
    for (std::size_t i = 0; i < bits.size(); ++i)
        one.set(i, bits[i]);
    CHECK(one.bytes() == "\xb9\xa3");
    CHECK(*decompress(1, "eNrbuRgAAhcBXQ") == one);
    StatusList two(2, 12);
    constexpr std::array<std::uint8_t, 12> values{1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3};
    for (std::size_t i = 0; i < values.size(); ++i)
        two.set(i, values[i]);
    CHECK(two.bytes() == "\xc9\x44\xf9");
    CHECK(*decompress(2, "eNo76fITAAPfAgc") == two);
}

TEST_CASE("every width keeps every value") {
    for (const unsigned bits : {1u, 2u, 4u, 8u}) {
        StatusList list(bits, 1000);
        for (std::uint64_t i = 0; i < list.places(); ++i)
            list.set(i, static_cast<std::uint8_t>(i * 7 % (1u << bits)));
        const auto again = decompress(bits, compress(list));
        REQUIRE(again);
        CHECK(*again == list);
        for (std::uint64_t i = 0; i < list.places(); ++i)
            REQUIRE(again->get(i) == i * 7 % (1u << bits));
    }
}

TEST_CASE("a status list that unpacks to too much, or is no zlib data, is refused") {
    const auto bomb = compress(StatusList(8, status_octets_max + 1));
    CHECK(bomb.size() < 2'000);
    REQUIRE(!decompress(2, bomb));
    CHECK(decompress(2, bomb).error().kind == base::ErrorKind::limit);
    for (const auto wrong : {"", "AAAA", "eNrbuRgAAhcBXR", "eNrbuRgAAhcBXQAA", "eNrbuRgAAhcB",
                             "====", "eNrbuRgAAhcBXQ=="}) {
        CHECK_MESSAGE(!decompress(1, wrong), wrong);
    }
    CHECK_FALSE(StatusList::from_bytes(3, "x"));
}

}  // namespace assay::prove
