// the certificate is about a predefined infrastructure. What changes materially is told, and
// the assessors say what follows: nothing, an amendment that is signed again, a new application.
#include <algorithm>

#include "certify/commands/desk.hpp"
#include "certify/commands/issue.hpp"

namespace assay::certify {

namespace {

struct ChangeBody {
    std::string description;
};
BOOST_DESCRIBE_STRUCT(ChangeBody, (), (description))

base::Result<Reply> change(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ChangeBody>(desk));
    auto& certificate = desk.certificate->value;
    if (base::trim(body.description).empty()) return refuse("Say what changes");
    if (!is_alive(certificate)) return refuse("This certificate is no longer valid");
    ScopeChange made{
        .id = fmt::format("S{}", certificate.scope_changes.size() + 1),
        .description = body.description,
        .by = desk.actor.id,
        .at = desk.at,
        .reason = {},
        .decided_by = {},
        .decided_at = {},
    };
    certificate.scope_changes.push_back(made);
    desk.certificate->changed = true;
    auto told =
        desk.notify_team(Role::assessor, "scope-change",
                         {{"certificate", certificate.number}, {"action", body.description}},
                         certificate.number + "/" + made.id);
    if (!told) return std::unexpected(told.error());
    return Reply{{{"change", made.id}}};
}

struct DecideBody {
    std::string reason;
    ScopeOutcome outcome = ScopeOutcome::undecided;
};
BOOST_DESCRIBE_STRUCT(DecideBody, (), (reason, outcome))

std::string_view words(ScopeOutcome outcome) {
    switch (outcome) {
        case ScopeOutcome::re_sign:
            return "Please amend your application and have it signed again.";
        case ScopeOutcome::new_application: return "Please send a new application.";
        case ScopeOutcome::no_change:
        case ScopeOutcome::undecided: break;
    }
    return "Your certificate stays as it is.";
}

base::Result<Reply> decide(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<DecideBody>(desk));
    auto& certificate = desk.certificate->value;
    if (body.outcome == ScopeOutcome::undecided)
        return refuse("Decide: no_change, re_sign or new_application");
    if (base::trim(body.reason).empty()) return refuse("Give the reason");
    auto& all = certificate.scope_changes;
    if (all.empty() || all.back().outcome != ScopeOutcome::undecided)
        return refuse("No change of scope waits for a decision");
    // One decision for all that waits: the text is signed, or the application made, once.
    for (auto& one : all) {
        if (one.outcome != ScopeOutcome::undecided) continue;
        one.outcome = body.outcome;
        one.reason = body.reason;
        one.decided_by = desk.actor.id;
        one.decided_at = desk.at;
    }
    desk.certificate->changed = true;
    auto told = desk.notify_contact("scope-decided",
                                    {{"certificate", certificate.number},
                                     {"action", std::string(words(body.outcome))},
                                     {"reason", body.reason}},
                                    certificate.number + "/" + all.back().id);
    if (!told) return std::unexpected(told.error());
    return Reply{};
}

}  // namespace

std::vector<Command> commands_of_scope() {
    using enum Role;
    return {
        {{"scope-change",
          {point_of_contact, preparer},
          "certificate",
          true,
          "Tell the team that a certified infrastructure changes."},
         {},
         change},
        {{"scope-decide",
          {assessor},
          "certificate",
          true,
          "Decide what follows from a change of an infrastructure."},
         {},
         decide},
    };
}

}  // namespace assay::certify
