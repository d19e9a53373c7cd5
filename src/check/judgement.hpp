// Facts, checks and a profile make an assessment: the pure heart of the program.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "check/check.hpp"

namespace assay::check {

enum class Status { met, not_met, not_applicable, cannot_tell, accepted };
enum class Severity { urgent, advisory, informational, positive };
enum class Level { must, should, may };
enum class Owner { you, provider };

std::string_view print(Status status);  // as in the result document: "not_met"
std::string_view print(Severity severity);
std::string_view print(Level level);
std::string_view print(Owner owner);

struct Grade {
    Level level = Level::should;
    Status status = Status::met;
    Severity severity = Severity::informational;
    Owner owner = Owner::you;
    bool operator==(const Grade&) const = default;
};

// A profile is data: which checks count, and how bad each outcome is (profile.hpp reads it).
struct Profile {
    std::string name, version, title;
    std::string parked;   // the profile to use instead for parked domains; empty: none
    std::string reverse;  // the same for zones of addresses, in-addr.arpa and ip6.arpa
    // check id -> outcome tag -> grade. A check that is not here is not part of the profile.
    std::map<std::string, std::map<std::string, Grade, std::less<>>, std::less<>> grades;

    std::string full_name() const { return name + "/" + version; }
    const Grade* grade(std::string_view check, std::string_view outcome) const;
    bool operator==(const Profile&) const = default;
};

struct Judgement {
    const Check* check = nullptr;
    Outcome outcome;
    Grade grade;
    std::string title, fix;  // filled
    // The records go further than those of other findings at the same name: publish those first.
    bool next_step_only = false;
    // The records have receivers stop mail that they let through today: for when reports show that
    // the domain's own mail passes.
    bool raises_policy = false;
};

struct Summary {
    unsigned met = 0, not_met = 0, cannot_tell = 0, not_applicable = 0, accepted = 0;
    void count(Status status);
    bool operator==(const Summary&) const = default;
};

struct Assessment {
    codec::dns::Name domain;
    std::string profile;  // full name
    fact::Source source = fact::Source::live;
    base::Moment measured_at{};
    Summary summary;
    std::vector<Judgement> judgements;  // in the order of the catalogue
};

// Which checks to run.
struct Selection {
    std::vector<std::string> only, skip;  // globs; empty `only`: all
    bool includes(std::string_view id) const;
};

// The facts that the selected checks of the profile need.
fact::Needs needs(const Profile& profile, const Selection& selection);

Assessment judge(const fact::Domain& facts, const Profile& profile, const Selection& selection);

// 0 every must is met, 1 a must is not met, 3 a must could not be told (interface: exit codes).
int exit_code(const Assessment& assessment);

}  // namespace assay::check
