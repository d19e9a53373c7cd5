// Reading, signing and sending.
#include <algorithm>

#include "certify/commands/desk.hpp"
#include "certify/commands/issue.hpp"
#include "crypto/sha256.hpp"

namespace assay::certify {

namespace {

const std::vector<CaseState> with_applicant{CaseState::draft, CaseState::awaiting_signature,
                                            CaseState::ready};

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

base::Result<Reply> text(Desk& desk) {
    return Reply{{{"text", json::parse(signed_text(desk.dossier()))},
                  {"text_sha256", signed_text_sha256(desk.dossier())}}};
}

struct ReadBody {
    std::vector<std::string> groups, commitments;
};
BOOST_DESCRIBE_STRUCT(ReadBody, (), (groups, commitments))

base::Result<Reply> read(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ReadBody>(desk));
    auto& application = desk.the_case();
    const auto note = [](std::vector<std::string>& list, const std::string& id) {
        if (std::ranges::find(list, id) == list.end()) list.push_back(id);
    };
    for (const auto& group : body.groups)
        note(application.read_groups, group);
    for (const auto& commitment : body.commitments)
        note(application.read_commitments, commitment);
    desk.application->changed = true;
    return Reply{};
}

struct SignBody {
    std::string text_sha256, basis;
    bool acting = false;
};
BOOST_DESCRIBE_STRUCT(SignBody, (), (text_sha256, basis, acting))

// bound to the hash of the text that was read.: by the right office-holder.
base::Result<void> check_signature(const Desk& desk, const SignBody& body) {
    const auto dossier = desk.dossier();
    if (body.text_sha256 != signed_text_sha256(dossier)) {
        return refuse(
            "The text has changed since you read it, or this is not its hash. Read it "
            "again, then sign");
    }
    const auto* who = signatory_for(dossier);
    const bool lead = desk.actor.organisation == dossier.organisation.id;
    if (lead && (who == nullptr || body.basis != who->basis)) {
        return refuse(fmt::format("This application is signed by {}. Your basis is '{}'",
                                  who == nullptr ? "nobody that the scheme knows" : who->title,
                                  body.basis));
    }
    return {};
}

Signature made_signature(const Desk& desk, const SignBody& body) {
    const auto& preparers = desk.application->value.preparers;
    return {.person = desk.actor.id,
            .name = desk.actor.name,
            .position = desk.actor.position,
            .basis = body.basis,
            .acting = body.acting,
            .also_prepared = std::ranges::find(preparers, desk.actor.id) != preparers.end(),
            .organisation = desk.actor.organisation,
            .at = desk.at,
            .text_sha256 = body.text_sha256,
            .scheme_version = desk.scheme->version};
}

base::Result<Reply> sign(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<SignBody>(desk));
    if (auto ok = check_signature(desk, body); !ok) return std::unexpected(ok.error());
    const auto dossier = desk.dossier();
    auto& application = desk.the_case();
    Problems unread;
    judge_reading(dossier, unread);
    if (!unread.empty()) {
        return Reply{{{"problem", unread.front().what}, {"rule", unread.front().rule}}, false};
    }
    std::erase_if(application.signatures, [&](const Signature& one) {
        return one.organisation == desk.actor.organisation;
    });
    application.signatures.push_back(made_signature(desk, body));
    if (application.declined && application.declined->organisation == desk.actor.organisation)
        application.declined.reset();
    desk.application->changed = true;
    return Reply{};
}

// The signature of the one who left stays; the successor's stands beside it.
base::Result<Reply> countersign(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<SignBody>(desk));
    auto& application = desk.the_case();
    const auto asked =
        std::ranges::find_if(application.countersignatures, [&](const Countersignature& one) {
            return one.organisation == desk.actor.organisation && !one.at;
        });
    if (asked == application.countersignatures.end())
        return refuse("No countersignature is asked for");
    if (auto ok = check_signature(desk, body); !ok) return std::unexpected(ok.error());
    application.signatures.push_back(made_signature(desk, body));
    asked->by = desk.actor.id;
    asked->at = desk.at;
    desk.application->changed = true;
    return Reply{};
}

struct ReasonBody {
    std::string reason;
};
BOOST_DESCRIBE_STRUCT(ReasonBody, (), (reason))

base::Result<Reply> decline(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ReasonBody>(desk));
    if (base::trim(body.reason).empty()) return refuse("Say why you do not sign");
    auto& application = desk.the_case();
    std::erase_if(application.signatures, [&](const Signature& one) {
        return one.organisation == desk.actor.organisation;
    });
    application.declined = Declined{.person = desk.actor.id,
                                    .organisation = desk.actor.organisation,
                                    .reason = body.reason,
                                    .text_sha256 = signed_text_sha256(desk.dossier()),
                                    .at = desk.at};
    desk.application->changed = true;
    auto told = desk.notify_contact("declined", {{"reason", body.reason}},
                                    application.id + "/" + base::print(desk.at));
    if (!told) return std::unexpected(told.error());
    return Reply{};
}

// complete, or a list of what is missing. What is sent is frozen; the next attempt starts
// from it but never changes it.
base::Result<Reply> submit(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<Nothing>(desk));
    (void)body;
    auto& application = desk.the_case();
    if (application.scheme_sha256 != desk.scheme->sha256) {
        // The rules changed since the case was opened: the applicant reads and signs the new ones.
        application.scheme_sha256 = desk.scheme->sha256;
        application.scheme_version = desk.scheme->version;
    }
    const auto found = problems(desk.dossier());
    auto listed = to_json(found);
    if (any_blocks(found)) return Reply{{{"problems", std::move(listed)}}, false};
    const auto frozen = snapshot(desk.dossier());
    const auto hash = crypto::sha256_hex(frozen);
    if (auto kept = desk.store.keep(hash, frozen); !kept) return std::unexpected(kept.error());
    const unsigned attempt = application.attempt();
    application.submissions.push_back({attempt, hash, desk.at, desk.actor.id});
    application.state = CaseState::submitted;
    application.unlocked.clear();
    application.proposal.reset();
    start_clock(application, desk.at);
    desk.application->changed = true;
    desk.event_data["snapshot_sha256"] = hash;
    if (attempt == 1) {
        if (auto ok = log_pending_renewal(desk, application); !ok)
            return std::unexpected(ok.error());
    }
    auto told = desk.notify_contact("received", {}, fmt::format("{}/{}", application.id, attempt));
    if (!told) return std::unexpected(told.error());
    return Reply{
        {{"attempt", attempt}, {"snapshot_sha256", hash}, {"warnings", std::move(listed)}}};
}

struct ReplyBody {
    std::string request, text;
};
BOOST_DESCRIBE_STRUCT(ReplyBody, (), (request, text))

base::Result<Reply> reply(Desk& desk) {
    ASSAY_TRY(const auto body, body_as<ReplyBody>(desk));
    auto& application = desk.the_case();
    const auto found =
        std::ranges::find(application.requests, body.request, &InformationRequest::id);
    if (found == application.requests.end())
        return refuse("There is no question '" + body.request + "'");
    if (found->answered_at) return refuse("This question was answered already");
    if (base::trim(body.text).empty()) return refuse("Write an answer");
    found->reply = body.text;
    found->answered_at = desk.at;
    found->answered_by = desk.actor.id;
    const bool all = std::ranges::all_of(application.requests, [](const InformationRequest& one) {
        return one.answered_at.has_value();
    });
    if (all && application.state == CaseState::information_requested) {
        application.state = CaseState::under_review;
        start_clock(application, desk.at);
    }
    desk.application->changed = true;
    return Reply{};
}

}  // namespace

std::vector<Command> commands_of_signing() {
    using enum Role;
    return {
        {{"text",
          {signatory, preparer, point_of_contact},
          "case",
          false,
          "The text to sign, and its hash."},
         {},
         text},
        {{"read", {signatory}, "case", true, "Note which conditions and commitments were read."},
         with_applicant,
         read},
        {{"sign", {signatory}, "case", true, "Sign the text."}, with_applicant, sign},
        {{"decline", {signatory}, "case", true, "Decline to sign, with a reason."},
         with_applicant,
         decline},
        {{"countersign",
          {signatory},
          "case",
          true,
          "Sign the commitments beside a predecessor who has left."},
         {},
         countersign},
        {{"submit", {point_of_contact, preparer}, "case", true, "Send the application."},
         with_applicant,
         submit},
        {{"reply", {point_of_contact, preparer}, "case", true, "Answer a question of the team."},
         {CaseState::information_requested, CaseState::draft, CaseState::awaiting_signature,
          CaseState::ready},
         reply},
    };
}

}  // namespace assay::certify
