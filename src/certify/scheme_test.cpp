#include "certify/scheme.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "certify/scheme_parts.hpp"

namespace assay::certify {

namespace {

std::vector<SchemeFile> files_of(std::string_view scheme) {
    std::vector<SchemeFile> files;
    const auto folder = std::filesystem::path(ASSAY_SOURCE_DIR) / "schemes" / scheme;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::ifstream stream(entry.path());
        std::ostringstream text;
        text << stream.rdbuf();
        files.push_back({entry.path().filename().string(), text.str()});
    }
    return files;
}

std::string shown(const std::vector<SchemeFault>& faults) {
    std::string out;
    for (const auto& fault : faults) {
        out += fault.file + ':' + std::to_string(fault.line) + ": " + fault.rule + ": " +
               fault.detail + '\n';
    }
    return out;
}

Scheme shipped(std::string_view id) {
    auto reading = read_scheme(id, files_of(id));
    CHECK(shown(reading.faults) == "");
    REQUIRE(reading.scheme.has_value());
    return *std::move(reading.scheme);
}

constexpr std::string_view all[] = {"psn-connection", "psn-service-provision", "internet-exchange"};

}  // namespace

TEST_CASE("the shipped schemes have no faults, whatever the order of their files") {
    for (const auto id : all) {
        CAPTURE(id);
        const auto scheme = shipped(id);
        auto files = files_of(id);
        std::ranges::reverse(files);
        CHECK(read_scheme(id, files).scheme == scheme);
        CHECK(scheme.sha256.size() == 64);
        CHECK(scheme.sha256 == scheme_hash(files));
    }
}

namespace {

// A scheme with one of everything that can be referred to. Its lines are numbered from 1.
constexpr std::string_view small = R"(scheme: small
title: Small
version: '1'
vct: small/1
organisation_types:
  - {id: council, title: Council}
  - {id: supplier, title: Supplier}
steps: [Answer, Sign]
sections:
  - {id: A, title: All, step: 1}
certificate: {scope: Q1, users: Q2}
validity: {normal: 12 months, rule: T-1}
service: {decide: 28 days, rule: T-1}
reminders:
  - {id: end, event: certificate_expiry, days: [30], to: [point_of_contact], text: received}
questions:
  - {id: Q1, section: A, ask: 'What?', rule: T-1}
  - {id: Q2, section: A, ask: 'How many?', type: integer, rule: T-1}
  - {id: Q3, section: A, ask: 'Really?', type: yes_no, supports: c1, rule: T-1}
  - {id: Q4, section: A, ask: 'Why?', when: {Q3: true}, rule: T-1}
groups:
  - {id: g1, title: Group}
conditions:
  - {id: c1, title: One, text: Do it., group: g1, rule: T-1}
documents:
  - {id: d1, title: Diagram, kind: diagram, format_rule: T-1, age: {period: 6 months, rule: T-1}}
signatories:
  - {when: {organisation.type: council}, basis: chief, title: the chief}
  - {when: {organisation.type: supplier}, basis: board, title: a director}
declaration: It is so.
commitments:
  - {id: k1, text: We keep it.}
contact_roles:
  - {id: lead, title: Lead}
rules:
  - {id: T-1, source: stated, sentence: One rule.}
process: {organisation: T-1, point_of_contact: T-1, infrastructure: T-1, accuracy: T-1,
          reading: T-1, requests: T-1, renewal: T-1}
templates:
)";

std::vector<SchemeFile> small_files(std::string_view from, std::string_view to) {
    std::string text(small);
    for (const auto letter : letters)
        text += "  - {id: " + std::string(letter) + ", subject: s, body: b}\n";
    if (!from.empty()) {
        const auto at = text.find(from);
        REQUIRE_MESSAGE(at != text.npos, from);
        text.replace(at, from.size(), to);
    }
    return {{"small.yaml", text}};
}

struct Refused {
    std::string_view from, to;  // what is put in place of what
    std::size_t line;
    std::string_view rule;
};

constexpr Refused refused[] = {
    {"title: Small", "titel: Small", 2, "unknown-key"},
    {"title: Small\n", "", 0, "missing-key"},
    {"scheme: small", "scheme: large", 1, "wrong-id"},
    {"title: Small", "title: [Small]", 2, "wrong-type"},
    {"title: Small", "title: Small\ntitle: Big", 3, "duplicate-key"},
    {"title: Small", "title: &a Small", 2, "alias"},
    {"title: Small", "title: }", 2, "yaml-syntax"},
    {"normal: 12 months", "normal: 12 moons", 12, "bad-period"},
    {"normal: 12 months", "normal: 0 days", 12, "bad-period"},
    {"decide: 28 days", "decide: -1 days", 13, "bad-period"},
    {"decide: 28 days", "decide: 101 years", 13, "bad-period"},
    {"period: 6 months", "period: half a year", 26, "bad-period"},
    {"days: [30]", "days: [soon]", 15, "wrong-type"},
    {"event: certificate_expiry", "event: full_moon", 15, "unknown-choice"},
    {"to: [point_of_contact]", "to: [everybody]", 15, "unknown-role"},
    {"text: received}", "text: nothing}", 15, "unknown-template"},
    {"section: A, ask: 'What?'", "section: Z, ask: 'What?'", 17, "unknown-section"},
    {"step: 1", "step: 3", 10, "unknown-step"},
    {"ask: 'What?', rule: T-1", "ask: 'What?', rule: T-9", 17, "unknown-rule"},
    {"ask: 'What?', rule: T-1", "ask: 'What?'", 17, "missing-key"},
    {"type: integer", "type: number", 18, "unknown-choice"},
    {"type: integer", "type: integer, minimum: 3, maximum: 2", 18, "bad-range"},
    {"ask: 'What?'", "ask: 'What?', minimum: 3", 17, "wrong-type"},
    {"ask: 'What?'", "ask: 'What?', type: choice", 17, "missing-key"},
    {"supports: c1", "supports: c9", 19, "unknown-condition"},
    {"ask: 'What?'", "ask: 'What?', supports: c1", 17, "wrong-type"},
    {"ask: 'Really?'", "ask: 'Really?', must_be: maybe", 19, "unknown-choice"},
    {"when: {Q3: true}", "when: {Q9: true}", 20, "unknown-question"},
    {"when: {Q3: true}", "when: {Q3: maybe}", 20, "unknown-choice"},
    {"when: {Q3: true}", "when: {Q1: true}", 20, "wrong-type"},
    {"when: {Q3: true}", "when: {Q3: []}", 20, "missing-key"},
    {"when: {Q3: true}", "when: {application.kind: second}", 20, "unknown-choice"},
    {"type: yes_no, supports", "type: yes_no, when: {Q3: true}, supports", 19, "cycle"},
    {"id: Q4, section: A, ask: 'Why?', when: {Q3: true}",
     "id: Q4, section: A, ask: 'Why?', type: yes_no, when: {Q5: true}, rule: T-1}\n"
     "  - {id: Q5, section: A, ask: 'So?', type: yes_no, when: {Q4: true}",
     20, "cycle"},
    {"id: Q2", "id: Q1", 18, "duplicate-id"},
    {"id: Q2", "id: 'Q 2'", 18, "bad-id"},
    {"group: g1", "group: g9", 24, "unknown-group"},
    {"text: Do it., ", "", 24, "missing-key"},
    {"text: Do it.", "text: Do it., measured_by: [dmarc]", 24, "wrong-type"},
    {"scope: Q1", "scope: Q9", 11, "unknown-question"},
    {"scope: Q1", "scope: Q2", 18, "wrong-type"},
    {"users: Q2", "users: Q2, extent: Q1", 17, "wrong-type"},
    {"users: Q2", "users: Q1", 17, "wrong-type"},
    {"scope: Q1, users", "users", 11, "missing-key"},
    {"ask: 'What?'", "ask: 'What?', personal: true", 17, "wrong-type"},
    {"{organisation.type: supplier}", "{organisation.type: council}", 29, "unreachable-signatory"},
    {"{organisation.type: supplier}", "{organisation.type: parish}", 29, "unknown-choice"},
    {"{organisation.type: council}", "{organisation.type: council, Q3: true}", 6,
     "unreachable-signatory"},
    {"source: stated", "source: heard", 36, "unknown-choice"},
    {"sentence: One rule.}", "sentence: One rule.}\n  - {id: T-2, source: stated, sentence: x}", 37,
     "rule-unused"},
    {"subject: s, body: b", "subject: s, body: 'Dear {nobody}'", 40, "bad-placeholder"},
    {"subject: s, body: b", "subject: 'a { b', body: b", 40, "bad-placeholder"},
    {"  - {id: lapsed, subject: s, body: b}\n", "", 40, "missing-template"},
    {"declaration: It is so.\n", "", 0, "missing-key"},
};

}  // namespace

TEST_CASE("scheme check finds each kind of fault, with its file and line") {
    const auto whole = read_scheme("small", small_files("", ""));
    CHECK(shown(whole.faults) == "");
    for (const auto& row : refused) {
        CAPTURE(row.to);
        const auto reading = read_scheme("small", small_files(row.from, row.to));
        CHECK_FALSE(reading.scheme);
        const auto found = std::ranges::any_of(reading.faults, [&](const SchemeFault& fault) {
            return fault.file == "small.yaml" && fault.line == row.line && fault.rule == row.rule &&
                   !fault.detail.empty();
        });
        CHECK_MESSAGE(found, "wanted " << row.line << ' ' << row.rule << ", found:\n"
                                       << shown(reading.faults));
    }
}

TEST_CASE("a scheme that is no scheme, or is too large, is refused") {
    CHECK(read_scheme("small", {}).faults.at(0).rule == "missing-key");
    CHECK(read_scheme("small", std::vector<SchemeFile>(33, {"a.yaml", "a: 1"})).faults.at(0).rule ==
          "too-large");
    const auto refuses = [](std::string text, std::string_view rule) {
        const auto reading =
            read_scheme("small", std::vector<SchemeFile>{{"a.yaml", std::move(text)}});
        return !reading.scheme &&
               std::ranges::find(reading.faults, rule, &SchemeFault::rule) != reading.faults.end();
    };
    CHECK(refuses("- a list", "wrong-type"));
    CHECK(refuses(std::string(scheme_file_octets_max + 1, ' '), "too-large"));
    CHECK(refuses("title: \xff", "yaml-syntax"));
    CHECK(refuses("a: 1\n---\nb: 2", "yaml-syntax"));
    CHECK(refuses("a: " + std::string(40, '[') + std::string(40, ']'), "too-large"));
    CHECK(refuses("a: " + std::string(9'000, 'x'), "too-large"));
}

}  // namespace assay::certify
