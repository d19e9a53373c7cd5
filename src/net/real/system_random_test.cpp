#include "net/real/system_random.hpp"

#include <doctest/doctest.h>

#include <array>

namespace assay::net {

TEST_CASE("no two sources of randomness give the same numbers, and none repeats itself") {
    constexpr std::size_t pool = 128;
    std::array<std::uint16_t, pool> first{}, again{}, other{};
    const auto random = system_random(), stranger = system_random();
    for (auto* numbers : {&first, &again}) {
        for (auto& number : *numbers)
            number = random();
    }
    for (auto& number : other)
        number = stranger();
    CHECK(first != again);
    CHECK(first != other);
}

}  // namespace assay::net
