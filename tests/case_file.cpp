#include "case_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <stdexcept>

#include "base/text.hpp"
#include "check/catalogue.hpp"
#include "fact/json.hpp"
#include "measure/measurer.hpp"
#include "net/fake/scripted_resolver.hpp"

namespace assay::tests {

namespace {

namespace dns = codec::dns;

[[noreturn]] void wrong(const std::string& file, std::size_t line, std::string_view what) {
    throw std::runtime_error(fmt::format("{}:{}: {}", file, line, what));
}

// Words; double quotes hold words with spaces together.
std::vector<std::string> words_of(std::string_view text) {
    std::vector<std::string> out;
    std::string word;
    bool quoted = false, any = false;
    for (const char c : text) {
        if (c == '"') {
            quoted = !quoted;
            any = true;
        } else if (c == ' ' && !quoted) {
            if (any || !word.empty()) out.push_back(std::exchange(word, {}));
            any = false;
        } else {
            word += c;
        }
    }
    if (any || !word.empty()) out.push_back(word);
    return out;
}

Expectation parse_expectation(std::string_view text, const std::string& file, std::size_t line) {
    const auto words = words_of(text);
    if (words.empty() || words.front().find('/') == std::string::npos)
        wrong(file, line, "expect CHECK/OUTCOME");
    Expectation out;
    const auto slash = words.front().find('/');
    out.check = words.front().substr(0, slash);
    out.outcome = words.front().substr(slash + 1);
    out.line = line;
    for (std::size_t i = 1; i < words.size(); ++i) {
        const auto equals = words[i].find('=');
        if (equals == std::string::npos) wrong(file, line, "arguments are name=value");
        out.arguments.emplace_back(words[i].substr(0, equals), words[i].substr(equals + 1));
    }
    return out;
}

void read_line(Case& test, std::string_view text, std::size_t line) {
    const auto space = text.find(' ');
    const auto key = text.substr(0, space);
    const std::string rest(space == std::string_view::npos ? "" : base::trim(text.substr(space)));
    if (key == "domain") {
        test.domain = rest;
    } else if (key == "zone") {
        test.zone.push_back(rest);
    } else if (key == "dns") {
        test.dns.push_back(rest);
    } else if (key == "server") {
        test.servers.push_back(rest);
    } else if (key == "selector") {
        test.selectors.push_back(rest);
    } else if (key == "source") {
        test.zones = rest == "zones";
    } else if (key == "without") {
        test.without.push_back(rest);
    } else if (key == "profile") {
        test.profile = rest;
    } else if (key == "fix") {
        test.fixes.push_back(rest);
    } else if (key == "next") {
        test.next_step = rest;
    } else if (key == "expect") {
        test.expectations.push_back(parse_expectation(rest, test.file, line));
    } else {
        wrong(test.file, line, fmt::format("unknown key '{}'", key));
    }
}

dns::Record record_of(const std::string& text) {
    auto record = dns::parse_record(text);
    if (!record) throw std::runtime_error(text + ": " + record.error().detail);
    return *std::move(record);
}

dns::Name name_of(std::string_view text) {
    auto name = dns::parse_name(text);
    if (!name) throw std::runtime_error(std::string(text) + ": " + name.error().detail);
    return *std::move(name);
}

constexpr std::string_view standard_zones[] = {
    ".", "uk.", "gov.uk.", "com.", "net.", "org.", "example.com.", "example.net.", "example.org."};
constexpr std::string_view standard_records[] = {
    "ns1.example.net. A 192.0.2.1",
    "ns1.example.net. AAAA 2001:db8:1::1",
    "ns2.example.org. A 198.51.100.1",
    "ns2.example.org. AAAA 2001:db8:2::1",
};

// The standard world with the case's records; a record of the case replaces standard ones of its
// name and type.
net::ZoneSet build_world(const Case& test) {
    std::vector<dns::Record> records;
    std::set<std::pair<dns::Name, dns::Type>> own;
    for (const auto& text : test.zone) {
        records.push_back(record_of(text));
        own.insert({records.back().name, records.back().type()});
    }
    const auto add = [&](const std::string& text) {
        auto record = record_of(text);
        if (!own.contains({record.name, record.type()})) records.push_back(std::move(record));
    };
    const auto apex = [&](const std::string& name) {
        add(name +
            " 3600 IN SOA ns1.example.net. hostmaster.example.net. 1 7200 3600 1209600 3600");
        add(name + " 3600 IN NS ns1.example.net.");
        add(name + " 3600 IN NS ns2.example.org.");
    };
    for (const auto zone : standard_zones)
        apex(std::string(zone));
    const bool bare = std::ranges::find(test.without, "SOA") != test.without.end();
    const bool standard =
        std::ranges::find(standard_zones, test.domain + ".") != std::end(standard_zones);
    if (!bare && !standard) apex(test.domain + ".");
    for (const auto text : standard_records)
        add(std::string(text));

    std::set<dns::Name> apexes;
    for (const auto& record : records) {
        if (record.type() == dns::Type::SOA) apexes.insert(record.name);
    }
    std::map<dns::Name, codec::zone::ZoneData> zones;
    for (auto& record : records) {
        dns::Name at = record.type() == dns::Type::DS ? record.name.parent() : record.name;
        while (!apexes.contains(at))
            at = at.parent();
        zones[at].apex = at;
        zones[at].records.push_back(std::move(record));
    }
    net::ZoneSet out;
    for (auto& [name, zone] : zones) {
        if (auto added = out.add(std::move(zone)); !added)
            throw std::runtime_error(added.error().detail);
    }
    return out;
}

void apply_dns(const std::string& line, net::ScriptedResolver& resolver) {
    const auto words = words_of(line);
    if (words.size() < 2) throw std::runtime_error("dns " + line);
    const auto name = name_of(words[1]);
    const auto type =
        words.size() > 2 ? std::optional(dns::parse_type(words[2]).value()) : std::nullopt;
    const std::map<std::string, base::ErrorKind> failures{
        {"servfail", base::ErrorKind::server}, {"timeout", base::ErrorKind::timeout},
        {"refused", base::ErrorKind::refused}, {"malformed", base::ErrorKind::malformed},
        {"bogus", base::ErrorKind::bogus},     {"not-covered", base::ErrorKind::not_covered}};
    if (const auto failure = failures.find(words[0]); failure != failures.end()) {
        resolver.fail(name, type,
                      {failure->second, fmt::format("{} for {}", words[0], name.text())});
        return;
    }
    if (words[0] == "nxdomain") return resolver.deny(name);
    for (const auto security :
         {dns::Security::secure, dns::Security::insecure, dns::Security::indeterminate}) {
        if (words[0] == dns::print(security)) {
            resolver.secure(name, security);
            return;
        }
    }
    throw std::runtime_error("dns " + line);
}

void apply_server(const std::string& line, net::ScriptedNameservers& servers) {
    const auto words = words_of(line);
    if (words.size() != 2) throw std::runtime_error("server " + line);
    if (words[1] == "lame") {
        servers.make_lame(words[0]);
    } else if (words[1].starts_with("serial=")) {
        servers.set_serial(words[0], static_cast<std::uint32_t>(std::stoul(words[1].substr(7))));
    } else {
        const auto kind = base::parse_error_kind(words[1]);
        if (!kind) throw std::runtime_error("server " + line);
        servers.fail(words[0], {*kind, fmt::format("{}: {}", words[0], words[1])});
    }
}

fact::Domain measure_case(const Case& test, fact::Needs needs) {
    const auto world = build_world(test);
    net::ScriptedResolver resolver(world);
    net::ScriptedNameservers servers(world);
    for (const auto& line : test.dns)
        apply_dns(line, resolver);
    for (const auto& line : test.servers)
        apply_server(line, servers);
    if (test.zones) resolver.allow_listing();
    const auto suffixes = dns::SuffixList::builtin();
    probe::Context context{resolver, test.zones ? nullptr : &servers, suffixes, test.selectors,
                           "control"};
    const measure::Order order{name_of(test.domain), needs,
                               test.zones ? fact::Source::zones : fact::Source::live,
                               base::parse_moment("2026-11-23T10:00:00Z").value()};
    boost::asio::io_context io(1);
    std::optional<fact::Domain> out;
    boost::asio::co_spawn(io, measure::measure(context, order),
                          [&](std::exception_ptr failure, fact::Domain facts) {
                              if (failure) std::rethrow_exception(failure);
                              out = std::move(facts);
                          });
    io.run();
    return out.value();
}

void compare(const Case& test, const Expectation& expected, const check::Outcome& outcome,
             CaseResult& result) {
    const auto complain = [&](std::string text) {
        result.complaints.push_back(
            fmt::format("{}:{} ({}): {}", test.file, expected.line, test.name, std::move(text)));
    };
    if (outcome.tag != expected.outcome) {
        const auto* reason = outcome.find("reason");
        complain(fmt::format("expected {}/{}, got {}{}", expected.check, expected.outcome,
                             outcome.tag,
                             reason != nullptr ? " (" + check::print(*reason) + ")" : ""));
        return;
    }
    for (const auto& [name, value] : expected.arguments) {
        const auto* found = outcome.find(name);
        const auto text = found == nullptr ? std::string("nothing") : check::print(*found);
        if (text != value) complain(fmt::format("expected {}={}, got {}", name, value, text));
    }
    const auto next_step = check::fill(outcome.next_step, outcome);
    if (!test.next_step.empty() && next_step != test.next_step)
        complain(fmt::format("expected the next step '{}', got '{}'", test.next_step, next_step));
    for (const auto& fix : test.fixes) {
        if (fix == "none" && outcome.fix_records.empty()) continue;
        if (std::ranges::find(outcome.fix_records, fix) == outcome.fix_records.end()) {
            complain(fmt::format("expected the fix {}\n      got {}", fix,
                                 base::join(outcome.fix_records, " | ")));
        }
    }
}

bool has_unknown_placeholder(std::string_view text, const check::Outcome& outcome) {
    for (auto open = text.find('{'); open != std::string_view::npos;
         open = text.find('{', open + 1)) {
        const auto close = text.find('}', open);
        if (close == std::string_view::npos) return true;
        if (outcome.find(text.substr(open + 1, close - open - 1)) == nullptr) return true;
    }
    return false;
}

}  // namespace

std::vector<Case> read_cases(const std::string& path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error(path + ": cannot be read");
    std::vector<Case> out;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        const auto text = base::trim(line);
        if (text.empty() || text.starts_with('#')) continue;
        if (line.starts_with("case ")) {
            out.push_back({});
            out.back().file = path;
            out.back().name = std::string(text.substr(5));
            out.back().line = number;
        } else if (out.empty() || !line.starts_with("  ")) {
            wrong(path, number, "a line that belongs to no case");
        } else {
            read_line(out.back(), text, number);
        }
    }
    for (const auto& test : out) {
        if (test.expectations.empty()) wrong(path, test.line, "a case without expect");
    }
    return out;
}

CaseResult run_case(const Case& test) {
    CaseResult result;
    fact::Needs needs;
    for (const auto& expected : test.expectations) {
        const auto* check = check::find(expected.check);
        if (check == nullptr)
            wrong(test.file, expected.line, "there is no check " + expected.check);
        needs = needs | check->needs;
    }
    const auto facts = measure_case(test, needs);
    // Every case is also a test of the facts' JSON.
    const auto again = fact::parse(fact::print(facts));
    if (!again) {
        result.complaints.push_back(fmt::format("{}:{}: facts do not read back: {}", test.file,
                                                test.line, again.error().detail));
    } else if (*again != facts) {
        result.complaints.push_back(
            fmt::format("{}:{}: facts read back differently", test.file, test.line));
    }
    for (const auto& expected : test.expectations) {
        const auto* check = check::find(expected.check);
        const auto outcome = check->judge(facts);
        const auto id = fmt::format("{}/{}", expected.check, outcome.tag);
        result.outcomes_seen.push_back(id);
        const auto* text = check->find(outcome.tag);
        if (text == nullptr) {
            result.complaints.push_back(id + " is not in the table of outcomes");
        } else if (has_unknown_placeholder(text->title, outcome) ||
                   has_unknown_placeholder(text->fix, outcome)) {
            result.unfilled.push_back(id);
        }
        compare(test, expected, outcome, result);
    }
    return result;
}

}  // namespace assay::tests
