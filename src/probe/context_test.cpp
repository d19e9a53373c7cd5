#include "probe/context.hpp"

#include <doctest/doctest.h>

namespace assay::probe {

TEST_CASE("a record that cannot be read is not taken for a missing one") {
    const auto name = dns::parse_name("a.example").value();
    auto answer = std::make_shared<net::Answer>();
    answer->records.push_back({name, 60, dns::Opaque{dns::Type::CAA, {0, 0}}});
    const auto unreadable = observe<dns::Caa>(Asked(answer));
    REQUIRE(unreadable.is_error());
    CHECK(unreadable.error().detail.contains("CAA record of a.example"));

    answer->records.push_back({name, 60, dns::Caa{0, "issue", "ca.example"}});
    CHECK(observe<dns::Caa>(Asked(answer))->size() == 1);
    answer->records.clear();
    CHECK(observe<dns::Caa>(Asked(answer)).is_absent());
}

}  // namespace assay::probe
