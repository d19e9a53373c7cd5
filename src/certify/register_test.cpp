#include "certify/register.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <boost/json.hpp>

namespace assay::certify {

namespace json = boost::json;

namespace {

std::string entry(json::object what) {
    return print_entry(what, *base::parse_moment("2026-03-02T09:00:00Z"));
}

std::string issued(std::string_view number, std::string_view supersedes = "") {
    return entry({{"t", supersedes.empty() ? "cert.issued" : "cert.renewed"},
                  {"cert", number},
                  {"org", "northam"},
                  {"supersedes", supersedes}});
}

// The register after these entries, each of which must be taken.
json::value after(const std::vector<std::string>& entries) {
    Register all;
    for (const auto& one : entries) {
        const auto applied = all.apply(one);
        REQUIRE_MESSAGE(applied, applied.error().detail);
    }
    return json::parse(all.print());
}

const json::value& certificate(const json::value& all, std::size_t i) {
    return all.at("certificates").as_array().at(i);
}

}  // namespace

TEST_CASE("a certificate's state follows from its entries") {
    const auto change = [](std::string_view type) { return entry({{"t", type}, {"cert", "A"}}); };
    CHECK(certificate(after({issued("A")}), 0).at("status") == "valid");
    CHECK(certificate(after({issued("A"), change("cert.suspended")}), 0).at("status") ==
          "suspended");
    CHECK(certificate(after({issued("A"), change("cert.suspended"), change("cert.resumed")}), 0)
              .at("status") == "valid");
    const auto both = after({issued("A"), issued("B", "A")});
    CHECK(certificate(both, 0).at("status") == "superseded");
    CHECK(certificate(both, 1).at("status") == "valid");
    // What was withdrawn stays withdrawn, whatever takes its place.
    CHECK(certificate(after({issued("A"), change("cert.withdrawn"), issued("B", "A")}), 0)
              .at("status") == "withdrawn");
    const auto pending =
        after({issued("A"),
               entry({{"t", "cert.renewal-pending"}, {"cert", "A"}, {"since", "2027-03-01"}})});
    CHECK(certificate(pending, 0).at("renewal_under_review_since") == "2027-03-01");
}

TEST_CASE("a plan stands in the register from when it is published until it is not any more") {
    const json::object plan{
        {"org", "northam"}, {"scheme", "psn"}, {"infrastructure", "main"}, {"since", "2026-03-01"}};
    auto published = plan, unpublished = plan;
    published["t"] = "plan.published";
    unpublished["t"] = "plan.unpublished";
    const auto shown = after({entry(published)});
    CHECK(shown.at("plans").as_array().at(0).at("since") == "2026-03-01");
    CHECK(after({entry(published), entry(unpublished)}).at("plans").as_array().empty());
}

TEST_CASE("keys and schemes are announced") {
    const auto all =
        after({entry({{"t", "key.added"}, {"key", "2026"}, {"use", "issuer"}, {"public", "x"}}),
               entry({{"t", "scheme.version"}, {"scheme", "psn"}, {"version", "1"}}),
               entry({{"t", "scheme.version"}, {"scheme", "psn"}, {"version", "2"}}),
               entry({{"t", "key.retired"}, {"key", "2026"}}), entry({{"t", "of.later"}})});
    CHECK(all.at("entries") == 5);
    CHECK(all.at("keys").as_array().at(0).at("retired_at") == "2026-03-02T09:00:00Z");
    CHECK(all.at("schemes").as_array().size() == 1);
    CHECK(all.at("schemes").as_array().at(0).at("version") == "2");
}

TEST_CASE("a log that cannot be is refused at the entry that cannot be") {
    const std::string key = entry({{"t", "key.added"}, {"key", "2026"}});
    const std::string retired = entry({{"t", "key.retired"}, {"key", "2026"}});
    for (const std::vector<std::string>& entries : std::vector<std::vector<std::string>>{
             {issued("A"), issued("A")},
             {entry({{"t", "cert.withdrawn"}, {"cert", "A"}})},
             {entry({{"t", "cert.renewal-pending"}, {"cert", "A"}})},
             {key, key},
             {retired},
             {key, retired, retired},
             {issued("")},
             {"[]"},
             {""},
             {R"({"t":"cert.issued")"}}) {
        Register all;
        base::Result<void> last;
        for (const auto& one : entries)
            last = all.apply(one);
        REQUIRE_FALSE_MESSAGE(last, entries.back());
        CHECK(last.error().kind == base::ErrorKind::malformed);
        CHECK(last.error().detail.find(fmt::format("entry {}", entries.size() - 1)) !=
              std::string::npos);
    }
}

}  // namespace assay::certify
