#include "check/profile.hpp"

#include <doctest/doctest.h>

#include <map>

#include "base/text.hpp"
#include "check/catalogue.hpp"

namespace assay::check {

namespace {

// Profiles that others can extend.
const std::map<std::string, std::string, std::less<>>& library() {
    static const std::map<std::string, std::string, std::less<>> texts{
        {"base",
         "profile: base\nversion: 1\ntitle: The base\nwhen-parked: quiet\nchecks:\n"
         "  dns.soa:\n    level: may\n    sound: met positive\n    serials-differ: not_met "
         "advisory\n"
         "    unusual-timers: not_met informational\n"
         "  dns.delegation:\n    level: must\n    consistent: met positive\n"
         "    lame: not_met advisory\n    unresolvable: not_met urgent\n"},
        {"itself", "profile: itself\nversion: 1\nextends: itself\n"},
        {"ring-1", "profile: ring-1\nversion: 1\nextends: ring-2\n"},
        {"ring-2", "profile: ring-2\nversion: 1\nextends: ring-1\n"},
        {"wrong", "profile: wrong\nversion: 1\nchecks:\n  no.such: off\n"},
    };
    return texts;
}

base::Result<std::string> text_of(std::string_view name) {
    // "chain-3" extends "chain-2", and so on down to "chain-0", which extends nothing.
    if (name.starts_with("chain-")) {
        const auto number = base::parse_decimal(name.substr(6), profile_extends_max).value();
        const auto end = number == 0 ? std::string("checks: {}\n")
                                     : "extends: chain-" + std::to_string(number - 1) + '\n';
        return "profile: " + std::string(name) + "\nversion: 1\n" + end;
    }
    const auto at = library().find(name);
    if (at == library().end())
        return base::fail(base::ErrorKind::usage, "no profile '" + std::string(name) + "'");
    return at->second;
}

base::Result<Profile> read(std::string_view yaml) {
    return parse_profile(yaml, "mine.yaml", text_of);
}

std::string refusal(std::string_view yaml) {
    const auto profile = read(yaml);
    if (profile) return "read";
    CHECK(profile.error().kind == base::ErrorKind::usage);
    return profile.error().detail;
}

// A profile with these rows for dns.soa; the first row is line 5.
std::string with_rows(std::string_view rows) {
    return "profile: mine\nversion: 1\nchecks:\n  dns.soa:\n" + std::string(rows);
}

constexpr std::string_view soa_rows =
    "    level: should\n    sound: met positive\n    serials-differ: not_met advisory provider\n"
    "    unusual-timers: accepted informational\n";

}  // namespace

TEST_CASE("a profile is read") {
    const auto profile = read(
                             "profile: mine\nversion: 2026.11\ntitle: My own\n"
                             "when-parked: quiet\nwhen-reverse: numbers\nchecks:\n  dns.soa:\n" +
                             std::string(soa_rows))
                             .value();
    CHECK(profile.name == "mine");
    CHECK(profile.version == "2026.11");
    CHECK(profile.full_name() == "mine/2026.11");
    CHECK(profile.title == "My own");
    CHECK(profile.parked == "quiet");
    CHECK(profile.reverse == "numbers");
    CHECK(profile.grades.size() == 1);
    const auto grade = [&](std::string_view tag) { return *profile.grade("dns.soa", tag); };
    CHECK(grade("sound") == Grade{Level::should, Status::met, Severity::positive, Owner::you});
    CHECK(grade("serials-differ") ==
          Grade{Level::should, Status::not_met, Severity::advisory, Owner::provider});
    CHECK(grade("unusual-timers") ==
          Grade{Level::should, Status::accepted, Severity::informational, Owner::you});
    // These two need no row.
    CHECK(grade(cannot_tell_tag) ==
          Grade{Level::should, Status::cannot_tell, Severity::informational, Owner::you});
    CHECK(grade(not_applicable_tag) ==
          Grade{Level::should, Status::not_applicable, Severity::informational, Owner::you});
    CHECK(profile.grade("dns.soa", "none") == nullptr);
    CHECK(profile.grade("dns.delegation", "lame") == nullptr);
}

TEST_CASE("the owner of a check holds for every row that names none") {
    const auto profile = read(with_rows("    owner: provider\n" + std::string(soa_rows) +
                                        "    cannot-tell: cannot_tell advisory you\n"))
                             .value();
    CHECK(profile.grade("dns.soa", "sound")->owner == Owner::provider);
    CHECK(profile.grade("dns.soa", not_applicable_tag)->owner == Owner::provider);
    CHECK(*profile.grade("dns.soa", cannot_tell_tag) ==
          Grade{Level::should, Status::cannot_tell, Severity::advisory, Owner::you});
}

TEST_CASE("every word of a grade is read") {
    for (const auto status : {Status::met, Status::not_met, Status::not_applicable,
                              Status::cannot_tell, Status::accepted}) {
        for (const auto severity :
             {Severity::urgent, Severity::advisory, Severity::informational, Severity::positive}) {
            const auto row = "    sound:  " + std::string(print(status)) + "   " +
                             std::string(print(severity)) + " \n";
            const auto profile =
                read(with_rows("    level: must\n    serials-differ: met positive\n"
                               "    unusual-timers: met positive\n" +
                               row));
            REQUIRE(profile);
            CHECK(*profile->grade("dns.soa", "sound") ==
                  Grade{Level::must, status, severity, Owner::you});
        }
    }
}

TEST_CASE("a profile that lacks its head is refused") {
    constexpr std::string_view head =
        "This is not a profile: it needs the keys profile, version and checks";
    for (const auto* text :
         {"hello\n", "- a\n", "{}\n", "profile: mine\n", "version: 1\n",
          "profile: mine\nversion: [1]\nchecks: {}\n", "profile: ''\nversion: 1\nchecks: {}\n",
          "profile:\nversion: 1\nchecks: {}\n"})
        CHECK(refusal(text) == "mine.yaml:1: " + std::string(head));
    CHECK(refusal("").ends_with(head));
    for (const auto* text : {"profile: mine\nversion: 1\n", "profile: mine\nversion: 1\nchecks:\n",
                             "profile: mine\nversion: 1\nchecks: all\n",
                             "profile: mine\nversion: 1\nchecks: [dns.soa]\n"})
        CHECK(refusal(text) == "mine.yaml:1: The profile has no checks");
    CHECK(refusal("profile: mine\nversion: 1\ncolour: red\nchecks: {}\n") ==
          "mine.yaml:3: Unknown key 'colour'");
    CHECK(refusal("profile: mine\nversion: 1\nChecks: {}\n") ==
          "mine.yaml:3: Unknown key 'Checks'");
}

TEST_CASE("an unknown check or outcome is refused where it stands") {
    CHECK(refusal("profile: mine\nversion: 1\nchecks:\n  no.such:\n    level: must\n") ==
          "mine.yaml:4: There is no check 'no.such'. 'assay explain' lists them");
    CHECK(refusal("profile: mine\nversion: 1\nchecks:\n  dns.*: off\n") ==
          "mine.yaml:4: There is no check 'dns.*'. 'assay explain' lists them");
    CHECK(refusal("profile: mine\nversion: 1\nchecks:\n  DNS.SOA: off\n") ==
          "mine.yaml:4: There is no check 'DNS.SOA'. 'assay explain' lists them");
    CHECK(
        refusal(with_rows("    level: must\n    sound: met positive\n    lame: met positive\n")) ==
        "mine.yaml:7: dns.soa has no outcome 'lame'");
    CHECK(refusal(with_rows("    level: must\n    Sound: met positive\n")) ==
          "mine.yaml:6: dns.soa has no outcome 'Sound'");
    CHECK(refusal(with_rows("    level: must\n    [sound]: met positive\n")) ==
          "mine.yaml:6: dns.soa has no outcome ''");
}

TEST_CASE("every outcome of every check must be graded") {
    constexpr std::string_view missing = "mine.yaml:1: dns.soa does not grade the outcome ";
    CHECK(refusal(with_rows("    level: must\n")) == std::string(missing) + "'sound'");
    CHECK(refusal(with_rows("    level: must\n    sound: met positive\n"
                            "    unusual-timers: met positive\n")) ==
          std::string(missing) + "'serials-differ'");
    for (const auto* check : catalogue()) {
        const auto yaml = "profile: mine\nversion: 1\nchecks:\n  " + std::string(check->id) +
                          ":\n    level: must\n";
        CHECK(refusal(yaml) == "mine.yaml:1: " + std::string(check->id) +
                                   " does not grade the outcome '" +
                                   std::string(check->outcomes.front().tag) + "'");
    }
}

TEST_CASE("a word that is no grade, level or owner is refused") {
    for (const auto* grade :
         {"met", "positive", "met good", "good positive", "Met positive", "not-met urgent",
          "met positive me", "met positive you please", "met,positive", "''", "[met, positive]"}) {
        CAPTURE(grade);
        const auto why = refusal(with_rows("    level: must\n    sound: " + std::string(grade)));
        CHECK(why.starts_with("mine.yaml:6: '"));
        CHECK(
            why.contains("' is not a grade. Write a status (met, not_met, not_applicable, "
                         "cannot_tell, accepted), a severity"));
    }
    constexpr std::string_view level = "mine.yaml:5: dns.soa needs a level: must, should or may";
    CHECK(refusal(with_rows("    sound: met positive\n")) == level);
    CHECK(refusal(with_rows("    level: shall\n")) == level);
    CHECK(refusal(with_rows("    level: [must]\n")) == level);
    CHECK(refusal(with_rows("    level: must\n    owner: us\n")) ==
          "mine.yaml:5: The owner of dns.soa is you or provider");
    CHECK(refusal("profile: mine\nversion: 1\nchecks:\n  dns.soa: on\n") ==
          "mine.yaml:4: dns.soa needs rows: level, and one for each outcome");
    CHECK(refusal("profile: mine\nversion: 1\nchecks:\n  dns.soa: [level]\n") ==
          "mine.yaml:4: dns.soa needs rows: level, and one for each outcome");
}

TEST_CASE("a profile that extends another one takes its checks, and can change or drop them") {
    const auto same = read("profile: mine\nversion: 2\nextends: base\n").value();
    auto expected = parse_profile(library().at("base"), "base", text_of).value();
    CHECK(expected.parked == "quiet");
    CHECK(same.grades == expected.grades);
    CHECK(same.full_name() == "mine/2");
    CHECK(same.title.empty());
    CHECK(same.parked.empty());  // not inherited

    const auto changed =
        read(
            "extends: base\nprofile: mine\nversion: 2\nchecks:\n  dns.delegation: off\n"
            "  dns.soa:\n" +
            std::string(soa_rows))
            .value();
    CHECK(changed.grades.size() == 1);
    CHECK(changed.grade("dns.soa", "sound")->level == Level::should);
    CHECK(read("profile: mine\nversion: 2\nextends: base\nchecks:\n")->grades == expected.grades);
    // Rows are not merged: a check is graded as a whole.
    CHECK(refusal("profile: mine\nversion: 2\nextends: base\nchecks:\n  dns.soa:\n"
                  "    level: must\n") ==
          "mine.yaml:1: dns.soa does not grade the outcome 'sound'");
}

TEST_CASE("what is wrong in the profile that is extended is said with its name") {
    CHECK(refusal("profile: mine\nversion: 1\nextends: missing\n") == "no profile 'missing'");
    CHECK(refusal("profile: mine\nversion: 1\nextends: wrong\n") ==
          "wrong:4: There is no check 'no.such'. 'assay explain' lists them");
}

TEST_CASE("profiles that extend each other in a circle are refused") {
    CHECK(refusal("profile: mine\nversion: 1\nextends: itself\n") ==
          "itself:3: Profiles extend each other more than 8 deep");
    CHECK(refusal("profile: mine\nversion: 1\nextends: ring-1\n") ==
          "ring-2:3: Profiles extend each other more than 8 deep");
    CHECK(read("profile: mine\nversion: 1\nextends: chain-7\n"));
    CHECK(refusal("profile: mine\nversion: 1\nextends: chain-8\n") ==
          "chain-1:3: Profiles extend each other more than 8 deep");
}

TEST_CASE("what is not YAML is refused with its line") {
    CHECK(refusal("profile: mine\nversion: [1\n").starts_with("mine.yaml:3: "));
    CHECK(refusal("profile: mine\n  version: 1\n").starts_with("mine.yaml:2: "));
    CHECK(refusal("profile: *mine\n").starts_with("mine.yaml:1: "));
    CHECK(refusal(std::string(profile_octets_max, '[')).starts_with("mine.yaml:1: "));
    CHECK(refusal(std::string(profile_octets_max + 1, ' ')) ==
          "mine.yaml: The profile is larger than 1048576 bytes");
}

}  // namespace assay::check
