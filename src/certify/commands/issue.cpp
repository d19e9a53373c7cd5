#include "certify/commands/issue.hpp"

#include <algorithm>

#include "base/assert.hpp"
#include "crypto/sha256.hpp"

namespace assay::certify {

namespace {

constexpr unsigned status_tries_max = 10'000;  // ours: a block is left behind when it is half full

base::Result<std::uint64_t> claim_status(Desk& desk, const std::string& number,
                                         std::uint64_t issued) {
    const std::uint64_t blocks = 1 + issued / (status_block / 2);
    for (unsigned i = 0; i < status_tries_max; ++i) {
        const std::uint64_t index = desk.random() % (blocks * status_block);
        ASSAY_TRY(const bool taken, desk.store.claim_status(index, number));
        if (taken) return index;
    }
    return base::fail(base::ErrorKind::internal, "no free place in the status list");
}

// Bands instead of numbers: the size of a body's network is nobody's business but its own.
std::string users_band(const Case& application, const std::string& question) {
    constexpr std::array<std::pair<std::int64_t, std::string_view>, 5> bands{
        {{50, "1-49"},
         {250, "50-249"},
         {1'000, "250-999"},
         {5'000, "1000-4999"},
         {25'000, "5000-24999"}}};
    const auto found = application.answers.find(question);
    if (found == application.answers.end() || !found->second.value.is_number()) return {};
    const auto users = found->second.value.to_number<std::int64_t>();
    for (const auto& [below, band] : bands) {
        if (users < below) return std::string(band);
    }
    return "25000+";
}

std::vector<std::string> domains_of(const Desk& desk) {
    for (const auto& question : desk.scheme->questions) {
        if (question.type != AnswerType::domains) continue;
        return words_of(desk.dossier(), question.id);
    }
    return {};
}

base::Result<void> supersede(Desk& desk, Certificate before, const std::string& by) {
    if (!is_alive(before)) return {};
    before.status = CertificateStatus::superseded;
    before.superseded_by = by;
    before.status_changed_at = desk.at;
    ASSAY_TRY(const auto row, desk.store.find(Kind::certificate, before.number));
    ASSAY_ASSERT(row.has_value());
    return desk.store.save(Kind::certificate, {.id = before.number,
                                               .organisation = before.organisation,
                                               .state = "superseded",
                                               .version = row->version,
                                               .json = json::serialize(to_json(before))});
}

std::string answer_text(const Case& application, const std::string& id) {
    const auto found = application.answers.find(id);
    if (found == application.answers.end()) return {};
    if (const auto* text = found->second.value.if_string()) return std::string(*text);
    return json::serialize(found->second.value);
}

Certificate drafted(const Desk& desk, const std::string& number) {
    const auto& application = desk.application->value;
    const auto& scopes = desk.organisation->value.infrastructures;
    const auto scope = std::ranges::find(scopes, application.infrastructure, &Infrastructure::id);
    return {.number = number,
            .organisation = application.organisation,
            .infrastructure = application.infrastructure,
            .case_id = application.id,
            .scheme = application.scheme,
            .environment = scope == scopes.end() ? application.infrastructure : scope->name,
            .scope_statement = answer_text(application, desk.scheme->on_certificate.scope),
            .whole_organisation = scope == scopes.end() || scope->whole_organisation,
            .domains = domains_of(desk),
            .status_uri = desk.issuing.status_uri(),
            .issued = desk.today};
}

}  // namespace

bool is_alive(const Certificate& certificate) {
    return certificate.status == CertificateStatus::valid ||
           certificate.status == CertificateStatus::suspended;
}

base::Result<std::optional<Certificate>> alive_certificate(Desk& desk, std::string_view scheme,
                                                           const std::string& organisation,
                                                           std::string_view infrastructure) {
    ASSAY_TRY(const auto rows,
              desk.store.list(Kind::certificate, {.organisation = organisation, .state = {}}));
    for (const auto& row : rows) {
        ASSAY_TRY(auto one, value_of<Certificate>(row, "certificate"));
        if (one.scheme == scheme && one.infrastructure == infrastructure && is_alive(one))
            return one;
    }
    return std::nullopt;
}

base::Result<IssueTerms> terms_of_decision(Desk& desk) {
    const auto& application = desk.the_case();
    const auto& proposal = application.decision->proposal;
    ASSAY_TRY(auto before, alive_certificate(desk, application.scheme, application.organisation,
                                             application.infrastructure));
    const bool runs = before && before->status == CertificateStatus::valid &&
                      before->last_day >= desk.today && !before->interim;
    if (!before && !application.previous_certificate.empty()) {
        ASSAY_TRY(auto named, desk.find_certificate(application.previous_certificate));
        before = std::move(named);
    }
    IssueTerms terms{.replaces = before};
    if (application.kind == CaseKind::amendment) {
        if (!runs) return refuse("The certificate to amend has ended. It can only be renewed");
        terms.last_day = before->last_day;
        return terms;
    }
    // Nothing of the certificate before is lost where it is still running.
    const Date start = proposal.extend_from_expiry && runs ? before->last_day : desk.today;
    Period period = desk.scheme->validity.normal;
    if (proposal.months) period = {.months = *proposal.months};
    if (proposal.interim_days) {
        period = {.days = *proposal.interim_days};
        terms.interim = true;
    }
    terms.last_day = plus(start, period);
    if (terms.interim && runs && terms.last_day <= before->last_day) {
        return refuse("The certificate runs until " + print_long(before->last_day) +
                      ". An interim one would end before it");
    }
    return terms;
}

base::Result<void> log_pending_renewal(Desk& desk, const Case& application) {
    if (application.previous_certificate.empty() || application.submissions.empty()) return {};
    ASSAY_TRY(const auto before, desk.find_certificate(application.previous_certificate));
    if (!before || before->last_day >= desk.today) return {};
    return desk.log({{"t", "cert.renewal-pending"},
                     {"cert", before->number},
                     {"org", before->organisation},
                     {"since", print(date_of(application.submissions.front().at))}});
}

base::Result<std::string> issue_certificate(Desk& desk, const IssueTerms& terms) {
    auto& application = desk.the_case();
    const int year = static_cast<int>(desk.today.year());
    const std::string& series = desk.scheme->id;
    ASSAY_TRY(const auto count, desk.store.next_number("certificates"));
    ASSAY_TRY(const auto order, desk.store.next_number(fmt::format("{}-{}", series, year)));
    const auto number = fmt::format("{}-{}-{:05}", series, year, order);
    Certificate made = drafted(desk, number);
    made.last_day = terms.last_day;
    made.interim = terms.interim;
    if (terms.replaces) made.supersedes = terms.replaces->number;
    ASSAY_TRY(const auto place, claim_status(desk, number, count));
    made.status_index = place;
    const auto& proposal = application.decision->proposal;
    const auto& shown = desk.scheme->on_certificate;
    ASSAY_TRY(auto issued, desk.issuing.sign({.scheme = *desk.scheme,
                                              .organisation = desk.organisation->value,
                                              .application = application,
                                              .certificate = made,
                                              .at = desk.at,
                                              .users_band = users_band(application, shown.users),
                                              .sites = answer_text(application, shown.sites),
                                              .snapshot_sha256 = proposal.snapshot_sha256,
                                              .conditions = proposal.conditions}));
    made.jwt = std::move(issued.token);
    made.jwt_sha256 = crypto::sha256_hex(made.jwt);
    if (terms.replaces) {
        auto ok = supersede(desk, *terms.replaces, number);
        if (!ok) return std::unexpected(ok.error());
    }
    ASSAY_TRY(const auto index, desk.store.append_entry(issued.entry));
    made.log_index = index;
    desk.certificate = Loaded<Certificate>{made, 0, true};
    auto told = desk.notify_contact(
        terms.interim ? "interim" : "achieved",
        {{"certificate", number}, {"expires", print_long(made.last_day)}}, number);
    if (!told) return std::unexpected(told.error());
    return number;
}

}  // namespace assay::certify
