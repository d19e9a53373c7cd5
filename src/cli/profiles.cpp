#include "cli/profiles.hpp"

#include <fmt/format.h>

#include <fstream>
#include <sstream>

#include "base/text.hpp"
#include "check/profile.hpp"
#include "library/resources.hpp"

namespace assay::cli {

namespace {

base::Result<std::string> text_of(std::string_view name) {
    if (const auto inside = library::profile(name)) return std::string(*inside);
    std::ifstream in{std::string(name), std::ios::binary};
    if (!in) {
        std::string known;
        for (const auto profile : library::profile_names())
            known += fmt::format(" {}", profile);
        return base::fail(base::ErrorKind::usage,
                          fmt::format("There is no profile or file '{}'. The profiles are:{}",
                                      base::quote_for_display(name), known));
    }
    std::ostringstream text;
    text << in.rdbuf();
    return std::move(text).str();
}

base::Result<check::Profile> load(const std::string& name) {
    ASSAY_TRY(const auto text, text_of(name));
    return check::parse_profile(text, name, text_of);
}

}  // namespace

base::Result<measure::Profiles> load_profiles(const std::string& name_or_file) {
    measure::Profiles out;
    ASSAY_TRY(out.main, load(name_or_file));
    if (!out.main.parked.empty()) {
        ASSAY_TRY(out.parked, load(out.main.parked));
    }
    if (!out.main.reverse.empty()) {
        ASSAY_TRY(out.reverse, load(out.main.reverse));
    }
    return out;
}

}  // namespace assay::cli
