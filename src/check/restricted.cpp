#include "check/restricted.hpp"

#include <algorithm>

namespace assay::check {

namespace {

// Government, armed forces, health, police, parliament, education. Names below service.gov.uk and
// its like are below these as well.
constexpr std::string_view suffixes[] = {
    "gov.uk",    "mod.uk",    "nhs.uk",       "police.uk",  "parliament.uk",
    "ac.uk",     "sch.uk",    "gov.scot",     "nhs.scot",   "police.scot",
    "gov.wales", "nhs.wales", "senedd.wales", "llyw.cymru", "senedd.cymru",
};

}  // namespace

bool is_restricted(const codec::dns::Name& name) {
    return std::ranges::any_of(suffixes, [&](std::string_view suffix) {
        const auto parsed = codec::dns::parse_name(suffix);
        return parsed && name.is_at_or_below(*parsed);
    });
}

}  // namespace assay::check
