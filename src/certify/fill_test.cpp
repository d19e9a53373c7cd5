#include "certify/fill.hpp"

#include <doctest/doctest.h>

namespace assay::certify {

TEST_CASE("words are filled in once, and braces in what is filled in stay") {
    const std::map<std::string, std::string> values{{"name", "Pat {reason}"}, {"reason", "{name}"}};
    CHECK(fill("Dear {name}: {reason}.", values) == "Dear Pat {reason}: {name}.");
    CHECK(fill("{unknown} {name", values) == "{unknown} {name");
    CHECK(fill("{{name}}", values) == "{Pat {reason}}");
    CHECK(fill("", values) == "");
    CHECK(fill("{}", values) == "{}");
}

}  // namespace assay::certify
