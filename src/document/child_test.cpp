#include "document/child.hpp"

#include <doctest/doctest.h>

namespace assay::document {

TEST_CASE("a program gets its input and its output comes back, however much") {
    std::string large(3'000'000, 'x');
    const auto done = run_child("/bin/cat", {}, {}, large).value();
    CHECK(done.status == 0);
    CHECK(done.output == large);
    CHECK(run_child("/usr/bin/env", {}, {"A=1"}, "")->output == "A=1\n");
    CHECK(run_child("/bin/false", {}, {}, large)->status == 1);
    CHECK(run_child("/bin/cat", {"/nowhere"}, {}, "")->complaints.contains("nowhere"));
}

TEST_CASE("a program that is not there, says too much or does not end is an error") {
    CHECK(run_child("/nowhere/dot", {}, {}, "").error().kind == base::ErrorKind::usage);
    CHECK(run_child("/bin/cat", {"/dev/zero"}, {}, "", {1000, 30'000}).error().kind ==
          base::ErrorKind::limit);
    CHECK(run_child("/usr/bin/tail", {"-f", "/dev/null"}, {}, "", {1000, 20}).error().kind ==
          base::ErrorKind::timeout);
}

}  // namespace assay::document
