#include "check/profile.hpp"

#include "base/assert.hpp"
#include "check/catalogue.hpp"

namespace {

using namespace assay;

base::Result<std::string> text_of(std::string_view name) {
    if (name == "itself") return std::string("profile: itself\nversion: 1\nextends: itself\n");
    if (name != "base") return base::fail(base::ErrorKind::usage, "no such profile");
    return std::string(
        "profile: base\nversion: 1\nwhen-parked: quiet\nchecks:\n  dns.soa:\n    level: may\n"
        "    sound: met positive\n    serials-differ: not_met advisory\n"
        "    unusual-timers: not_met informational\n");
}

// The profile as YAML again.
std::string print(const check::Profile& profile) {
    const auto quoted = [](const std::string& text) {
        std::string out = "\"";
        for (const char c : text) {
            if (c == '"' || c == '\\') out += '\\';
            out += c;
        }
        return out + '"';
    };
    std::string out = "profile: " + quoted(profile.name) + "\nversion: " + quoted(profile.version) +
                      "\ntitle: " + quoted(profile.title) + "\nchecks: {\n";
    for (const auto& [id, grades] : profile.grades) {
        out += id + ": {level: " + std::string(print(grades.begin()->second.level));
        for (const auto& [tag, grade] : grades) {
            // Without a row these two are what they are.
            if (check::find(id)->find(tag) == nullptr) continue;
            out += ",\n  " + tag + ": " + std::string(check::print(grade.status)) + ' ' +
                   std::string(check::print(grade.severity)) + ' ' +
                   std::string(check::print(grade.owner));
        }
        out += "},\n";
    }
    return out + "}\n";
}

bool is_plain(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7e)
            return false;
    }
    return true;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto read = check::parse_profile(text, "file", text_of);
    if (!read) {
        ASSAY_ASSERT(read.error().kind == base::ErrorKind::usage && !read.error().detail.empty());
        return 0;
    }
    ASSAY_ASSERT(!read->name.empty() && !read->version.empty());
    for (const auto& [id, grades] : read->grades) {
        const auto* check = check::find(id);
        ASSAY_ASSERT(check != nullptr);
        for (const auto& outcome : check->outcomes)
            ASSAY_ASSERT(read->grade(id, outcome.tag) != nullptr);
        for (const auto& [tag, grade] : grades)
            ASSAY_ASSERT(grade.level == grades.begin()->second.level);
        ASSAY_ASSERT(read->grade(id, check::cannot_tell_tag) != nullptr);
        ASSAY_ASSERT(read->grade(id, check::not_applicable_tag) != nullptr);
    }
    if (!is_plain(read->name + read->version + read->title)) return 0;
    const auto again = check::parse_profile(print(*read), "again", text_of);
    ASSAY_ASSERT(again.has_value());
    for (const auto& [id, grades] : read->grades) {
        for (const auto& outcome : check::find(id)->outcomes)
            ASSAY_ASSERT(*again->grade(id, outcome.tag) == *read->grade(id, outcome.tag));
    }
    ASSAY_ASSERT(again->full_name() == read->full_name() && again->title == read->title);
    return 0;
}
