#include "certify/paper.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "certify/fill.hpp"
#include "crypto/sha256.hpp"
#include "document/certificate_pdf.hpp"

namespace assay::certify {

namespace {

using base::ErrorKind;

constexpr auto status_age_max = std::chrono::days(7);  // as long as a status is believed
constexpr std::size_t fingerprint_digits = 16;         // of the certificate's hash, in the QR code

std::string_view host_of(std::string_view origin) {
    constexpr std::string_view https = "https://";
    return origin.starts_with(https) ? origin.substr(https.size()) : origin;
}

template <class T>
base::Result<T> load(Transaction& store, Kind kind, std::string_view id, std::string_view what) {
    ASSAY_TRY(const auto row, store.find(kind, id));
    if (!row) {
        return base::fail(ErrorKind::not_found, fmt::format("There is no {} '{}'", what,
                                                            base::quote_for_display(id, 60)));
    }
    return value_of<T>(*row, what);
}

base::Result<const Scheme*> scheme_of(const PaperSources& from, std::string_view id) {
    const auto found = std::ranges::find(from.schemes, id, &Scheme::id);
    if (found != from.schemes.end()) return &*found;
    return base::fail(ErrorKind::usage, fmt::format("The scheme '{}' is not known here; name its "
                                                    "folder with --scheme",
                                                    base::quote_for_display(id, 60)));
}

// Text that people typed, as it can stand on paper: line ends stay, other controls become blanks.
std::string plain(std::string text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
        const bool control = static_cast<unsigned char>(text[i]) < 0x20 && text[i] != '\n';
        out += control ? ' ' : text[i];
    }
    return out;
}

base::Result<prove::Verification> proved(const PaperSources& from, const Certificate& one,
                                         const std::string& pack) {
    if (one.status == CertificateStatus::superseded) {
        return base::fail(ErrorKind::usage, fmt::format("The certificate {} was superseded by {}; "
                                                        "make the PDF of that one",
                                                        one.number, one.superseded_by));
    }
    auto result = prove::verify(pack, from.authority.trust(), from.at, status_age_max);
    if (result.verdict == prove::Verdict::good) return result;
    return base::fail(
        ErrorKind::usage,
        fmt::format("The certificate {} cannot be put on paper: {}", one.number,
                    result.reason.substr(0, result.reason.find_last_not_of('.') + 1)));
}

// ---- letters

// What a letter says: which words of the scheme, what fills them in, on which day.
struct Occasion {
    std::string words;
    std::map<std::string, std::string> values;
    Date day{};
};

base::Result<Occasion> occasion_of(const Case& application) {
    if (const auto& decision = application.decision) {
        Occasion out{.words = {}, .values = {}, .day = date_of(decision->at)};
        if (decision->proposal.outcome == Outcome::achieved) {
            out.words = "achieved";
            out.values["certificate"] = decision->certificate;
        } else {
            out.words = decision->proposal.plan_agreed ? "plan-agreed" : "not-achieved";
            out.values["reason"] = decision->proposal.reason;
        }
        return out;
    }
    if (!application.requests.empty() && !application.requests.back().answered_at &&
        (is_with_applicant(application.state) ||
         application.state == CaseState::information_requested)) {
        const auto& request = application.requests.back();
        Occasion out{.words = "question", .values = {}, .day = date_of(request.asked_at)};
        if (request.reason == RequestReason::incomplete) out.words = "incomplete";
        if (request.reason == RequestReason::issue_to_address) out.words = "issues";
        out.values["question"] = request.text;
        if (request.due) out.values["due"] = print_long(*request.due);
        return out;
    }
    return base::fail(ErrorKind::usage,
                      fmt::format("There is nothing to write about {} yet: it is {}, and nothing "
                                  "was decided or asked",
                                  application.id, print(application.state)));
}

// The person whom the organisation has named, if it has one.
base::Result<std::optional<Person>> contact_of(Transaction& store, const Organisation& body) {
    for (const auto& one : body.points_of_contact) {
        if (one.state != ContactChangeState::effective || one.until) continue;
        ASSAY_TRY(const auto row, store.find(Kind::person, one.person));
        if (!row) continue;
        ASSAY_TRY(auto person, value_of<Person>(*row, "person"));
        return person;
    }
    return std::nullopt;
}

// The paragraphs of a text: an empty line parts them, and its own line ends are only for the file.
std::vector<std::string> paragraphs_of(const Template& words,
                                       const std::map<std::string, std::string>& values) {
    std::vector<std::string> out(1);
    for (const auto line : base::split(words.body, '\n')) {
        if (base::trim(line).empty()) {
            if (!out.back().empty()) out.emplace_back();
            continue;
        }
        if (!out.back().empty()) out.back() += ' ';
        out.back() += base::trim(line);
    }
    if (out.back().empty()) out.pop_back();
    for (auto& paragraph : out)
        paragraph = plain(fill(paragraph, values));
    return out;
}

base::Result<void> enclose(const PaperSources& from, const std::string& number,
                           std::map<std::string, std::string>& values,
                           document::LetterText& letter) {
    ASSAY_TRY(const auto one,
              load<Certificate>(from.store, Kind::certificate, number, "certificate"));
    values["expires"] = print_long(one.last_day);
    ASSAY_TRY(auto pdf, certificate_on_paper(from, number));
    letter.enclosures.push_back({"certificate " + number, number + ".pdf", std::move(pdf)});
    return {};
}

}  // namespace

base::Result<std::string> certificate_on_paper(const PaperSources& from, std::string_view number) {
    ASSAY_TRY(const auto one,
              load<Certificate>(from.store, Kind::certificate, number, "certificate"));
    ASSAY_TRY(const auto* const scheme, scheme_of(from, one.scheme));
    ASSAY_TRY(const auto parts, from.authority.pack(one));
    const auto pack = prove::print(parts);
    ASSAY_TRY(const auto result, proved(from, one, pack));
    const auto& signed_one = *result.certificate;
    const auto& trust = from.authority.trust();
    document::CertificateText text{.authority = std::string(host_of(signed_one.iss)),
                                   .scheme = scheme->title,
                                   .number = signed_one.jti,
                                   .organisation = plain(signed_one.organisation),
                                   .whole_organisation = signed_one.whole,
                                   .scope = plain(one.scope_statement),
                                   .environment = plain(signed_one.environment),
                                   .sites = {},
                                   .users_band = signed_one.users_band,
                                   .domains = signed_one.domains,
                                   .issued = date_of(signed_one.iat),
                                   // It ends when its last day has ended.
                                   .last_day = date_of(signed_one.exp - std::chrono::seconds(1)),
                                   .conditions = {},
                                   .status_at = *result.not_withdrawn_as_of,
                                   .log_vkey = prove::print(trust.log),
                                   .trust_sha256 = crypto::sha256_hex(prove::print(trust)),
                                   .url = fmt::format("{}/c/{}#{}", signed_one.iss, signed_one.jti,
                                                      one.jwt_sha256.substr(0, fingerprint_digits)),
                                   .pack = pack};
    if (!signed_one.sites.empty()) text.sites = {plain(signed_one.sites)};
    for (const auto& condition : signed_one.conditions)
        text.conditions.push_back(plain(condition));
    return document::certificate_pdf(text);
}

base::Result<std::string> letter_on_paper(const PaperSources& from, std::string_view case_id) {
    ASSAY_TRY(const auto application, load<Case>(from.store, Kind::application, case_id, "case"));
    ASSAY_TRY(const auto body, load<Organisation>(from.store, Kind::organisation,
                                                  application.organisation, "organisation"));
    ASSAY_TRY(const auto* const scheme, scheme_of(from, application.scheme));
    ASSAY_TRY(auto occasion, occasion_of(application));
    const auto* words = scheme->text(occasion.words);
    if (words == nullptr) {
        return base::fail(ErrorKind::usage, fmt::format("The scheme {} has no text '{}'",
                                                        scheme->id, occasion.words));
    }
    ASSAY_TRY(const auto contact, contact_of(from.store, body));
    auto& values = occasion.values;
    values.insert({{"organisation", body.name()},
                   {"number", application.id},
                   {"scheme", scheme->title},
                   {"date", print_long(occasion.day)},
                   {"name", contact ? contact->name : body.name()}});
    document::LetterText letter;
    if (const auto number = values.find("certificate"); number != values.end()) {
        if (auto ok = enclose(from, number->second, values, letter); !ok)
            return std::unexpected(ok.error());
    }
    const auto& origin = from.authority.trust().issuers.front().iss;
    letter.authority = std::string(host_of(origin));
    letter.sender = {origin};
    if (contact) {
        letter.recipient.push_back(plain(contact->name));
        if (!contact->position.empty()) letter.recipient.push_back(plain(contact->position));
    }
    letter.recipient.push_back(plain(body.name()));
    letter.date = occasion.day;
    letter.reference = application.id;
    letter.heading = plain(fill(words->subject, values));
    letter.paragraphs = paragraphs_of(*words, values);
    letter.signature = {scheme->title, letter.authority};
    return document::letter_pdf(letter);
}

}  // namespace assay::certify
