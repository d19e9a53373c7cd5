#include "prove/certificate.hpp"

#include <fmt/format.h>

#include <boost/json.hpp>

#include "crypto/sha256.hpp"

namespace assay::prove {

namespace json = boost::json;

namespace {

// Reads members; the first that is missing or of another type is remembered.
class Reader {
  public:
    explicit Reader(const json::object& object) : object_(object) {}

    std::string text(std::string_view name) {
        const auto* value = object_.if_contains(name);
        if (value != nullptr && value->is_string()) return std::string(value->get_string());
        wrong(name);
        return {};
    }
    std::string optional_text(std::string_view name) {
        return object_.contains(name) ? text(name) : std::string();
    }
    std::uint64_t number(std::string_view name) {
        const auto* value = object_.if_contains(name);
        boost::system::error_code failure;
        if (value != nullptr && value->is_number()) {
            const auto out = value->to_number<std::uint64_t>(failure);
            if (!failure && out < (1ull << 40)) return out;
        }
        wrong(name);
        return 0;
    }
    base::Moment moment(std::string_view name) {
        return base::Moment(std::chrono::seconds(number(name)));
    }
    std::vector<std::string> texts(std::string_view name) {
        const auto* value = object_.if_contains(name);
        if (value == nullptr) return {};
        std::vector<std::string> out;
        if (!value->is_array()) wrong(name);
        for (const auto& item : value->is_array() ? value->get_array() : json::array{}) {
            if (!item.is_string()) return wrong(name), out;
            out.emplace_back(item.get_string());
        }
        return out;
    }
    Reader object(std::string_view name) {
        static const json::object empty;
        const auto* value = object_.if_contains(name);
        if (value == nullptr || !value->is_object()) {
            wrong(name);
            return Reader(empty);
        }
        return Reader(value->get_object());
    }
    void wrong(std::string_view name) {
        if (problem_.empty()) problem_ = name;
    }
    const std::string& problem() const { return problem_; }

  private:
    const json::object& object_;
    std::string problem_;
};

json::array texts(const std::vector<std::string>& values) {
    json::array out;
    for (const auto& value : values)
        out.push_back(json::string(value));
    return out;
}

// NumericDate (RFC 7519 section 2).
std::int64_t seconds(base::Moment moment) {
    return moment.time_since_epoch().count();
}

json::object payload_of(const Certificate& in) {
    json::object organisation{{"name", in.organisation}, {"type", in.organisation_type}};
    if (!in.registration.empty()) organisation["registration"] = in.registration;
    json::object scope{{"kind", in.whole ? "whole" : "part"},
                       {"environment", in.environment},
                       {"statement", in.statement}};
    if (!in.sites.empty()) scope["sites"] = in.sites;
    if (!in.users_band.empty()) scope["users_band"] = in.users_band;
    if (!in.domains.empty()) scope["domains"] = texts(in.domains);
    json::object decision{{"date", in.decided_on}, {"snapshot_sha256", in.snapshot_sha256}};
    if (!in.conditions.empty()) decision["conditions"] = texts(in.conditions);
    json::object out{
        {"iss", in.iss},
        {"vct", in.vct},
        {"jti", in.jti},
        {"iat", seconds(in.iat)},
        {"nbf", seconds(in.nbf)},
        {"exp", seconds(in.exp)},
        {"sub", in.sub},
        {"org", std::move(organisation)},
        {"scope", std::move(scope)},
        {"scheme", {{"id", in.scheme}, {"version", in.scheme_version}}},
        {"decision", std::move(decision)},
        {"log", {{"origin", in.log_origin}}},
        {"status", {{"status_list", {{"idx", in.status_index}, {"uri", in.status_uri}}}}}};
    if (!in.supersedes.empty()) out[in.amends ? "amends" : "supersedes"] = in.supersedes;
    return out;
}

std::string_view entry_type(const Certificate& in) {
    if (in.supersedes.empty()) return "cert.issued";
    return in.amends ? "cert.amended" : "cert.renewed";
}

// The first problem of several readers, outermost first.
std::string first_problem(std::initializer_list<const Reader*> readers) {
    for (const auto* reader : readers) {
        if (!reader->problem().empty()) return reader->problem();
    }
    return {};
}

}  // namespace

base::Result<std::string> sign_certificate(const Certificate& certificate, std::string_view key_id,
                                           const crypto::PrivateKey& key) {
    ASSAY_TRY(auto jws, sign_jws(payload_of(certificate), certificate_type, key_id, key));
    return jws + "~";
}

std::string log_entry(const Certificate& in, std::string_view token) {
    json::object out{{"v", 1},
                     {"t", entry_type(in)},
                     {"at", base::print(in.iat)},
                     {"cert", in.jti},
                     // The last part of the organisation's page in the register.
                     {"org", in.sub.substr(in.sub.rfind('/') + 1)},
                     {"scheme", in.scheme},
                     {"scope", in.whole ? "whole" : "part"},
                     {"environment", in.environment},
                     {"until", base::print(in.exp)},
                     {"jwt_sha256", crypto::sha256_hex(token)},
                     {"status", {{"uri", in.status_uri}, {"idx", in.status_index}}}};
    if (!in.supersedes.empty()) out["supersedes"] = in.supersedes;
    return json::serialize(out);
}

base::Result<SignedCertificate> parse_certificate(std::string_view text) {
    // RFC 9901 section 4: without disclosures and key binding, the token ends with "~".
    if (!text.ends_with('~') || text.find('~') != text.size() - 1) {
        return base::fail(base::ErrorKind::malformed,
                          "this is not a certificate: it must be one token and '~'");
    }
    ASSAY_TRY(auto jws, parse_jws(text.substr(0, text.size() - 1), certificate_type));
    Reader in(jws.payload);
    auto organisation = in.object("org"), scope = in.object("scope"), scheme = in.object("scheme"),
         decision = in.object("decision"), log = in.object("log"), status = in.object("status");
    auto place = status.object("status_list");
    auto supersedes = in.optional_text("supersedes"), amends = in.optional_text("amends");
    if (!supersedes.empty() && !amends.empty()) {
        return base::fail(base::ErrorKind::malformed,
                          "the certificate says both that it renews and that it amends");
    }
    const bool is_amendment = !amends.empty();
    Certificate out{
        .iss = in.text("iss"),
        .vct = in.text("vct"),
        .jti = in.text("jti"),
        .iat = in.moment("iat"),
        .nbf = in.moment("nbf"),
        .exp = in.moment("exp"),
        .sub = in.text("sub"),
        .organisation = organisation.text("name"),
        .organisation_type = organisation.text("type"),
        .registration = organisation.optional_text("registration"),
        .whole = scope.text("kind") == "whole",
        .environment = scope.text("environment"),
        .statement = scope.text("statement"),
        .sites = scope.optional_text("sites"),
        .users_band = scope.optional_text("users_band"),
        .domains = scope.texts("domains"),
        .scheme = scheme.text("id"),
        .scheme_version = scheme.text("version"),
        .decided_on = decision.text("date"),
        .snapshot_sha256 = decision.text("snapshot_sha256"),
        .conditions = decision.texts("conditions"),
        .supersedes = std::move(is_amendment ? amends : supersedes),
        .amends = is_amendment,
        .log_origin = log.text("origin"),
        .status_uri = place.text("uri"),
        .status_index = place.number("idx"),
    };
    const auto problem =
        first_problem({&in, &organisation, &scope, &scheme, &decision, &log, &status, &place});
    if (!problem.empty()) {
        return base::fail(
            base::ErrorKind::malformed,
            fmt::format("the certificate's member '{}' is missing or wrong", problem));
    }
    return SignedCertificate{std::move(out), std::move(jws)};
}

}  // namespace assay::prove
