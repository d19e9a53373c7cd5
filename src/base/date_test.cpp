#include "base/date.hpp"

#include <doctest/doctest.h>

namespace assay::base {

TEST_CASE("days are written as people read them") {
    using namespace std::chrono_literals;
    CHECK(print_long(2026y / 11 / 1) == "1 November 2026");
    CHECK(print_long(2027y / 2 / 28) == "28 February 2027");
}

}  // namespace assay::base
