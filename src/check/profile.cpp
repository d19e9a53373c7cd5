#include "check/profile.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <array>

#include "base/text.hpp"
#include "check/catalogue.hpp"

namespace assay::check {

namespace {

using base::ErrorKind;

template <class Word, std::size_t count>
std::optional<Word> parse_word(std::string_view text, const std::array<Word, count>& words) {
    for (const auto word : words) {
        if (print(word) == text) return word;
    }
    return std::nullopt;
}

constexpr std::array statuses{Status::met, Status::not_met, Status::not_applicable,
                              Status::cannot_tell, Status::accepted};
constexpr std::array severities{Severity::urgent, Severity::advisory, Severity::informational,
                                Severity::positive};
constexpr std::array levels{Level::must, Level::should, Level::may};
constexpr std::array owners{Owner::you, Owner::provider};

class Reader {
  public:
    Reader(std::string_view file, const ProfileSource& others) : file_(file), others_(others) {}

    base::Result<Profile> read(std::string_view yaml, unsigned depth);

  private:
    template <class... Arguments>
    std::unexpected<base::Error> wrong(const YAML::Node& at, fmt::format_string<Arguments...> text,
                                       Arguments&&... arguments) const {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}:{}: {}", file_, at.Mark().line + 1,
                                      fmt::format(text, std::forward<Arguments>(arguments)...)));
    }
    base::Result<void> read_check(const YAML::Node& key, const YAML::Node& rows,
                                  Profile& profile) const;
    base::Result<Grade> read_grade(const YAML::Node& row, Grade grade) const;
    base::Result<void> check_complete(const YAML::Node& root, const Profile& profile) const;

    std::string file_;
    const ProfileSource& others_;
};

std::string scalar(const YAML::Node& node) {
    return node && node.IsScalar() ? node.Scalar() : std::string();
}

base::Result<Grade> Reader::read_grade(const YAML::Node& row, Grade grade) const {
    std::vector<std::string> words;
    for (const auto part : base::split(scalar(row), ' ')) {
        if (!part.empty()) words.emplace_back(part);
    }
    const auto status = words.empty() ? std::nullopt : parse_word(words[0], statuses);
    const auto severity = words.size() < 2 ? std::nullopt : parse_word(words[1], severities);
    const auto owner = words.size() < 3 ? std::optional(grade.owner) : parse_word(words[2], owners);
    if (!status || !severity || !owner || words.size() > 3) {
        return wrong(
            row,
            "'{}' is not a grade. Write a status (met, not_met, not_applicable, cannot_tell, "
            "accepted), a severity (urgent, advisory, informational, positive) and, if you "
            "want, an owner (you, provider)",
            base::quote_for_display(scalar(row)));
    }
    grade.status = *status;
    grade.severity = *severity;
    grade.owner = *owner;
    return grade;
}

base::Result<void> Reader::read_check(const YAML::Node& key, const YAML::Node& rows,
                                      Profile& profile) const {
    const auto id = scalar(key);
    const auto* check = check::find(id);
    if (check == nullptr) {
        return wrong(key, "There is no check '{}'. 'assay explain' lists them",
                     base::quote_for_display(id));
    }
    if (rows.IsScalar() && rows.Scalar() == "off") {
        profile.grades.erase(id);
        return {};
    }
    if (!rows.IsMap()) return wrong(rows, "{} needs rows: level, and one for each outcome", id);
    const auto level = parse_word(scalar(rows["level"]), levels);
    if (!level) return wrong(rows, "{} needs a level: must, should or may", id);
    const auto owner =
        rows["owner"] ? parse_word(scalar(rows["owner"]), owners) : std::optional(Owner::you);
    if (!owner) return wrong(rows, "The owner of {} is you or provider", id);
    auto& grades = profile.grades[id];
    grades.clear();
    for (const auto tag : {cannot_tell_tag, not_applicable_tag}) {
        const auto status = tag == cannot_tell_tag ? Status::cannot_tell : Status::not_applicable;
        grades[std::string(tag)] = {*level, status, Severity::informational, *owner};
    }
    for (const auto& row : rows) {
        const auto tag = scalar(row.first);
        if (tag == "level" || tag == "owner") continue;
        if (check->find(tag) == nullptr) {
            return wrong(row.first, "{} has no outcome '{}'", id, base::quote_for_display(tag));
        }
        ASSAY_TRY(grades[tag], read_grade(row.second, {*level, {}, {}, *owner}));
    }
    return {};
}

base::Result<void> Reader::check_complete(const YAML::Node& root, const Profile& profile) const {
    for (const auto& [id, grades] : profile.grades) {
        for (const auto& outcome : check::find(id)->outcomes) {
            if (!grades.contains(outcome.tag)) {
                return wrong(root, "{} does not grade the outcome '{}'", id, outcome.tag);
            }
        }
    }
    return {};
}

base::Result<Profile> Reader::read(std::string_view yaml, unsigned depth) {
    const auto root = YAML::Load(std::string(yaml));
    if (!root.IsMap() || scalar(root["profile"]).empty() || scalar(root["version"]).empty()) {
        return wrong(root, "This is not a profile: it needs the keys profile, version and checks");
    }
    Profile profile;
    if (root["extends"]) {
        if (depth >= profile_extends_max) {
            return wrong(root["extends"], "Profiles extend each other more than {} deep",
                         profile_extends_max);
        }
        const auto name = scalar(root["extends"]);
        ASSAY_TRY(const auto text, others_(name));
        Reader other(name, others_);
        ASSAY_TRY(profile, other.read(text, depth + 1));
        profile.parked.clear();
        profile.reverse.clear();
    }
    profile.name = scalar(root["profile"]);
    profile.version = scalar(root["version"]);
    profile.title = scalar(root["title"]);
    if (root["when-parked"]) profile.parked = scalar(root["when-parked"]);
    if (root["when-reverse"]) profile.reverse = scalar(root["when-reverse"]);
    for (const auto& row : root) {
        const auto key = scalar(row.first);
        if (key != "profile" && key != "version" && key != "title" && key != "when-parked" &&
            key != "when-reverse" && key != "extends" && key != "checks") {
            return wrong(row.first, "Unknown key '{}'", base::quote_for_display(key));
        }
    }
    if (const auto checks = root["checks"]; checks && checks.IsMap()) {
        for (const auto& row : checks) {
            if (auto done = read_check(row.first, row.second, profile); !done) {
                return std::unexpected(done.error());
            }
        }
    } else if (!root["extends"]) {
        return wrong(root, "The profile has no checks");
    }
    if (auto done = check_complete(root, profile); !done) return std::unexpected(done.error());
    return profile;
}

}  // namespace

base::Result<Profile> parse_profile(std::string_view yaml, std::string_view file,
                                    const ProfileSource& others) {
    if (yaml.size() > profile_octets_max) {
        return base::fail(ErrorKind::usage, fmt::format("{}: The profile is larger than {} bytes",
                                                        file, profile_octets_max));
    }
    try {
        return Reader(file, others).read(yaml, 0);
    } catch (const YAML::Exception& failure) {
        return base::fail(ErrorKind::usage,
                          fmt::format("{}:{}: {}", file, failure.mark.line + 1, failure.msg));
    }
}

}  // namespace assay::check
