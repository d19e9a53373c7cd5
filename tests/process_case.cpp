#include "process_case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "base/text.hpp"

namespace assay::test {

namespace json = boost::json;
using certify::AnswerType;
using certify::Date;

namespace {

std::pair<std::string, std::string> first_word(std::string_view text) {
    text = base::trim(text);
    const auto end = text.find_first_of(" \t");
    if (end == std::string_view::npos) return {std::string(text), ""};
    return {std::string(text.substr(0, end)), std::string(base::trim(text.substr(end)))};
}

json::value valid_answer(const certify::Question& question, Date today) {
    if (question.must_be) {
        if (question.type == AnswerType::yes_no) return *question.must_be == "true";
        return json::string(*question.must_be);
    }
    switch (question.type) {
        case AnswerType::choice: return json::string(question.choices.front().id);
        case AnswerType::choices: return json::array{json::string(question.choices.front().id)};
        case AnswerType::yes_no: return true;
        case AnswerType::integer: return std::max<std::int64_t>(question.minimum.value_or(0), 10);
        case AnswerType::date: return json::string(certify::print(today));
        case AnswerType::email: return "pat@example.gov.uk";
        case AnswerType::telephone: return "020 7946 0000";
        case AnswerType::domains: return json::array{"example.gov.uk"};
        case AnswerType::list: return json::array{"one line"};
        case AnswerType::text:
        case AnswerType::long_text: return "An answer";
    }
    return nullptr;
}

}  // namespace

std::vector<ProcessCase> read_process_cases(const std::string& folder) {
    std::vector<std::string> paths;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().extension() == ".cases") paths.push_back(entry.path().string());
    }
    std::ranges::sort(paths);
    std::vector<ProcessCase> out;
    for (const auto& path : paths) {
        std::ifstream file(path);
        std::string line;
        for (std::size_t number = 1; std::getline(file, line); ++number) {
            const auto text = base::trim(line);
            if (text.empty() || text.front() == '#') continue;
            auto [verb, rest] = first_word(text);
            if (verb == "case") {
                out.push_back({rest, path, number, {}});
            } else if (verb == "|" && !out.empty() && !out.back().steps.empty()) {
                out.back().steps.back().rest += " " + rest;
            } else if (!out.empty()) {
                out.back().steps.push_back({number, verb, rest});
            }
        }
    }
    return out;
}

ProcessRunner::ProcessRunner(certify::Store& store, std::span<const certify::Scheme> schemes,
                             const certify::Issuing& issuing)
    : store_(&store), schemes_(schemes), office_(store, schemes, issuing, [this] {
          random_ = random_ * 1'664'525u + 1'013'904'223u;
          return random_ >> 8;
      }) {
    now_ = *base::parse_moment("2026-03-02T09:00:00Z");
}

std::string ProcessRunner::run(const ProcessCase& text) {
    for (const auto& one : text.steps) {
        if (auto problem = step(one); !problem.empty())
            return fmt::format("{}:{}: {} {}\n    {}", text.file, one.line, one.verb, one.rest,
                               problem);
    }
    return {};
}

std::string ProcessRunner::step(const ProcessStep& one) {
    if (one.verb == "at") {
        const auto moment = base::parse_moment(one.rest);
        if (!moment) return "not a time";
        now_ = *moment;
        return {};
    }
    if (one.verb == "given") return given(one.rest);
    if (one.verb == "when") return when(one.rest);
    if (one.verb == "then") return then(one.rest);
    return "unknown verb";
}

std::string ProcessRunner::given(const std::string& what) {
    std::vector<std::string> words;
    for (auto rest = what; !rest.empty();) {
        auto [word, more] = first_word(rest);
        words.push_back(word);
        rest = more;
    }
    words.resize(4);
    if (words[0] == "team") return given_team();
    if (words[0] == "organisation") return given_organisation(words[1], words[2]);
    if (words[0] == "case") return given_case(words[1], words[2], words[3] != "part");
    if (words[0] == "complete") return given_complete(words[1]);
    if (words[0] == "signed") return given_signed(words[1]);
    if (words[0] == "submitted") return given_submitted(words[1]);
    if (words[0] == "certificate") return given_certificate(words[1]);
    return "unknown: given " + what;
}

std::string ProcessRunner::given_team() {
    certify::Person ops{.id = "ops",
                        .name = "Olu Ops",
                        .email = "ops@scheme.example",
                        .roles = {certify::Role::operations, certify::Role::system}};
    if (auto ok = office_.found(ops, now_); !ok) return ok.error().detail;
    constexpr std::array team{std::pair{"vera", "validator"}, std::pair{"asha", "assessor"},
                              std::pair{"axel", "assessor"}, std::pair{"dan", "decision_maker"}};
    for (const auto& [id, role] : team) {
        auto problem = must("ops", "person",
                            {{"id", id},
                             {"name", std::string("Ms ") + id},
                             {"email", std::string(id) + "@scheme.example"},
                             {"roles", json::array{role}}});
        if (!problem.empty()) return problem;
    }
    return {};
}

std::string ProcessRunner::given_organisation(const std::string& id, const std::string& type) {
    auto problem = must("ops", "organisation",
                        {{"id", id},
                         {"name", "Example " + id},
                         {"type", type},
                         {"has_siro", type == "central_government"},
                         {"registrar", type == "supplier" ? "companies_house" : ""},
                         {"registration", type == "supplier" ? "01234567" : ""}});
    if (!problem.empty()) return problem;
    constexpr std::array people{std::pair{"poc", "point_of_contact"}, std::pair{"prep", "preparer"},
                                std::pair{"chief", "signatory"}, std::pair{"tester", "tester"}};
    for (const auto& [name, role] : people) {
        problem = must("ops", "person",
                       {{"id", id + "." + name},
                        {"name", std::string("Mx ") + name + " " + id},
                        {"email", fmt::format("{}@{}.example", name, id)},
                        {"organisation", id},
                        {"position", name},
                        {"roles", json::array{role}}});
        if (!problem.empty()) return problem;
    }
    return must("ops", "point-of-contact", {{"organisation", id}, {"person", id + ".poc"}});
}

std::string ProcessRunner::given_case(const std::string& id, const std::string& scheme,
                                      bool whole) {
    auto problem = must(id + ".poc", "infrastructure",
                        {{"id", "main"}, {"name", "Main network"}, {"whole_organisation", whole}});
    if (!problem.empty()) return problem;
    return must(
        id + ".poc", "new",
        {{"scheme", scheme.empty() ? "psn-connection" : scheme}, {"infrastructure", "main"}});
}

// Everything that the scheme asks for, except what only the signatory can do.
std::string ProcessRunner::given_complete(const std::string& id) {
    const auto poc = id + ".poc";
    const auto shown = office_.run({poc, "show", {{"case", words_["case"]}}, now_, {}});
    if (!shown) return shown.error().detail;
    const auto scheme_id = std::string(shown->body.at("case").at("scheme").as_string());
    const auto& scheme = *std::ranges::find(schemes_, scheme_id, &certify::Scheme::id);
    const Date today = certify::date_of(now_);
    json::object answers;
    for (const auto& question : scheme.questions)
        answers[question.id] = valid_answer(question, today);
    const auto organisation = office_.run({poc, "organisation-show", {}, now_, {}});
    if (!organisation) return organisation.error().detail;
    const auto& extent = scheme.on_certificate.extent;
    for (const auto& one : organisation->body.at("organisation").at("infrastructures").as_array()) {
        const bool theirs = one.at("id") == shown->body.at("case").at("infrastructure");
        if (theirs && !one.at("whole_organisation").as_bool() && !extent.empty())
            answers[extent] = "part";
    }
    auto problem = must(poc, "answer", {{"case", "$case"}, {"answers", answers}});
    for (const auto& condition : scheme.conditions) {
        if (!problem.empty()) return problem;
        problem = must(poc, "condition",
                       {{"case", "$case"},
                        {"condition", condition.id},
                        {"state", "met"},
                        {"how", "By policy and by checks."}});
    }
    if (problem.empty() && !scheme.conditions.empty())
        problem = must(poc, "gap", {{"case", "$case"}, {"none", true}});
    for (const auto& document : scheme.documents) {
        if (!problem.empty()) return problem;
        json::array contents;
        for (const auto& content : document.contents)
            contents.push_back(json::string(content.id));
        json::object body{
            {"case", "$case"},
            {"document", document.id},
            {"sha256",
             fmt::format("{:064x}", document.id.size() +
                                        static_cast<unsigned char>(words_["case"].back()) * 1000u)},
            {"name", document.id + ".pdf"},
            {"octets", 1000},
            {"pages", 3},
            {"date", certify::print(today)},
            {"confirmed_contents", contents}};
        if (document.kind == certify::DocumentKind::health_check) {
            json::object counts;
            if (scheme.remediation) {
                for (const auto& severity : scheme.remediation->gate)
                    counts[severity] = 0;
            }
            const auto& schemes = document.test_schemes;
            body["health_check"] = {{"supplier", "Example Testing Ltd"},
                                    {"test_scheme", schemes.empty() ? "check" : schemes.front().id},
                                    {"reference", "R-" + words_["case"]},
                                    {"team_leader", "Terry Test"},
                                    {"most_recent", true},
                                    {"no_critical_or_high", true},
                                    {"printed_counts", counts}};
        }
        problem = must(poc, "attach", body);
    }
    for (const auto& role : scheme.contact_roles) {
        if (!problem.empty()) return problem;
        problem = must(
            poc, "contact",
            {{"role", role.id}, {"name", "Ms " + role.id}, {"email", role.id + "@example.gov.uk"}});
    }
    return problem;
}

std::string ProcessRunner::given_signed(const std::string& id) {
    const auto chief = id + ".chief";
    const auto shown = office_.run({id + ".poc", "show", {{"case", words_["case"]}}, now_, {}});
    if (!shown) return shown.error().detail;
    const auto scheme_id = std::string(shown->body.at("case").at("scheme").as_string());
    const auto& scheme = *std::ranges::find(schemes_, scheme_id, &certify::Scheme::id);
    json::array groups, commitments;
    for (const auto& group : scheme.groups)
        groups.push_back(json::string(group.id));
    for (const auto& commitment : scheme.commitments)
        commitments.push_back(json::string(commitment.id));
    auto problem =
        must(chief, "read", {{"case", "$case"}, {"groups", groups}, {"commitments", commitments}});
    if (problem.empty()) problem = must(chief, "text", {{"case", "$case"}});
    if (!problem.empty()) return problem;
    // The office-holder who signs follows from the type of organisation; the others are refused.
    for (const auto& signatory : scheme.signatories) {
        problem = must(chief, "sign",
                       {{"case", "$case"},
                        {"text_sha256", "$text"},
                        {"basis", signatory.basis},
                        {"acting", false}});
        if (problem.empty() || problem.find("is signed by") == std::string::npos) break;
    }
    return problem;
}

std::string ProcessRunner::given_submitted(const std::string& id) {
    auto problem = given_complete(id);
    if (problem.empty()) problem = given_signed(id);
    if (problem.empty()) problem = must(id + ".poc", "submit", {{"case", "$case"}});
    return problem;
}

std::string ProcessRunner::given_certificate(const std::string& id) {
    auto problem = given_submitted(id);
    if (problem.empty()) problem = must("vera", "take", {{"case", "$case"}});
    if (problem.empty())
        problem = must("vera", "validate", {{"case", "$case"}, {"complete", true}});
    const json::object decision{{"case", "$case"},
                                {"outcome", "achieved"},
                                {"reason", "All conditions are met."},
                                {"snapshot_sha256", "$snapshot"}};
    if (problem.empty()) problem = must("asha", "decide", decision);
    if (problem.empty()) problem = must("dan", "decide", decision);
    return problem;
}

std::string ProcessRunner::must(const std::string& who, const std::string& command,
                                json::object body) {
    auto problem = when(who + " " + command + " " + json::serialize(body));
    if (!problem.empty()) return problem;
    if (!last_) return fmt::format("{} {}: {}", who, command, last_.error().detail);
    if (!last_->done)
        return fmt::format("{} {}: refused: {}", who, command, json::serialize(last_->body));
    return {};
}

std::string ProcessRunner::fill(std::string text) const {
    for (const auto& [name, value] : words_) {
        const auto placeholder = "$" + name;
        for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos;) {
            text.replace(at, placeholder.size(), value);
            at += value.size();
        }
    }
    return text;
}

void ProcessRunner::remember(const json::object& body) {
    constexpr std::array names{std::pair{"case", "case"},
                               std::pair{"certificate", "certificate"},
                               std::pair{"snapshot_sha256", "snapshot"},
                               std::pair{"text_sha256", "text"},
                               std::pair{"request", "request"},
                               std::pair{"document", "document"},
                               std::pair{"gap", "gap"},
                               std::pair{"incident", "incident"},
                               std::pair{"finding", "finding"}};
    for (const auto& [member, word] : names) {
        const auto* value = body.if_contains(member);
        if (value != nullptr && value->is_string()) words_[word] = std::string(value->get_string());
    }
}

std::string ProcessRunner::when(const std::string& rest) {
    const auto [who, more] = first_word(rest);
    const auto [command, text] = first_word(more);
    boost::system::error_code failure;
    const auto body = text.empty() ? json::object{} : json::parse(fill(text), failure);
    if (failure || !body.is_object()) return "the body is not a JSON object: " + fill(text);
    last_ = office_.run({who, command, body.get_object(), now_, {}});
    if (last_ && last_->done) remember(last_->body);
    return {};
}

std::string ProcessRunner::then(const std::string& rest) {
    const auto [what, more] = first_word(fill(rest));
    if (what == "error") {
        if (last_) return "it was done: " + json::serialize(last_->body);
        const auto text =
            fmt::format("{} {}", base::print(last_.error().kind), last_.error().detail);
        return text.find(more) == std::string::npos ? "the error is: " + text : "";
    }
    if (!last_) return "it failed: " + last_.error().detail;
    const auto text = json::serialize(last_->body);
    if (what == "done") return last_->done ? "" : "it was refused: " + text;
    if (what == "problem" || what == "refused") {
        if (what == "refused" && last_->done) return "it was done: " + text;
        return text.find("\"" + more + "\"") == std::string::npos ? "the reply is: " + text : "";
    }
    if (what == "no") {
        const auto [word, value] = first_word(more);
        return text.find("\"" + value + "\"") != std::string::npos ? "the reply is: " + text : "";
    }
    if (what == "has") return text.find(more) == std::string::npos ? "the reply is: " + text : "";
    if (what == "lacks") return text.find(more) != std::string::npos ? "the reply is: " + text : "";
    if (what == "state" || what.starts_with("/")) {  // "state X", "/path is X"
        const auto wanted = what == "state" ? more : more.substr(more.starts_with("is ") ? 3 : 0);
        boost::system::error_code failure;
        const json::value whole = last_->body;
        const auto* value = whole.find_pointer(what == "state" ? "/state" : what, failure);
        if (value == nullptr) return "there is no such member: " + text;
        const auto found =
            value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
        return found == wanted ? "" : "it is " + found;
    }
    if (what == "logged") {
        auto transaction = store_->read();
        if (!transaction) return transaction.error().detail;
        const auto entries = (*transaction)->entries(0, 10'000);
        if (!entries) return entries.error().detail;
        const auto found = std::ranges::any_of(
            *entries, [&](const auto& entry) { return entry.find(more) != std::string::npos; });
        return found ? "" : "the log is:\n" + base::join(*entries, "\n");
    }
    if (what == "message" || what == "nothing") {  // "nothing sent TEMPLATE"
        const bool wanted = what == "message";
        const auto prefix = wanted ? more : first_word(more).second;
        auto transaction = store_->read();
        if (!transaction) return transaction.error().detail;
        const auto messages = (*transaction)->waiting(now_, 10'000);
        if (!messages) return messages.error().detail;
        const auto found = std::ranges::any_of(*messages, [&](const certify::Waiting& one) {
            return one.message.key.starts_with(prefix);
        });
        if (found == wanted) return {};
        std::string keys;
        for (const auto& one : *messages)
            keys += " " + one.message.key;
        return "the messages are:" + keys;
    }
    return "unknown: then " + rest;
}

}  // namespace assay::test
