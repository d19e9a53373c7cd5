#include "prove/monitor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <map>

#include "base/text.hpp"
#include "codec/json_member.hpp"

namespace assay::prove {

namespace json = boost::json;

namespace {

constexpr std::string_view schema = "assay.monitor/1";

// Entries that issue a certificate: each number and each token once.
constexpr std::array<std::string_view, 3> issuing{"cert.issued", "cert.renewed", "cert.amended"};
constexpr std::array<std::string_view, 14> other_types{
    "cert.suspended",       "cert.resumed",        "cert.withdrawn", "cert.expired",
    "cert.renewal-pending", "org.created",         "org.renamed",    "plan.published",
    "plan.unpublished",     "key.added",           "key.retired",    "scheme.version",
    "correction",           "statuslist.published"};

// Finds what was issued twice; entries are given in the order of the log.
class Inspector {
  public:
    // What is strange about the entry, or nothing.
    std::optional<std::string> look(std::uint64_t index, std::string_view text) {
        json::parse_options options;
        options.max_depth = json_depth_max;
        boost::system::error_code failure;
        const auto value = json::parse(text, failure, {}, options);
        const auto* entry = value.if_object();
        if (failure || entry == nullptr) return "it is not a JSON object";
        const auto type = codec::text_member(*entry, "t");
        if (std::ranges::find(issuing, type) == issuing.end()) {
            if (std::ranges::find(other_types, type) != other_types.end()) return std::nullopt;
            return fmt::format("nobody knows the type '{}'", base::quote_for_display(type, 60));
        }
        const auto number = codec::text_member(*entry, "cert"),
                   hash = codec::text_member(*entry, "jwt_sha256");
        if (number.empty() || hash.empty()) return "it issues a certificate without saying which";
        const auto [same_number, new_number] = numbers_.emplace(number, index);
        const auto [same_token, new_token] = tokens_.emplace(hash, index);
        if (!new_number) {
            return fmt::format("it issues certificate {} again, as entry {} did",
                               base::quote_for_display(number, 60), same_number->second);
        }
        if (!new_token) {
            return fmt::format("it issues the same token as entry {}, under another number",
                               same_token->second);
        }
        return std::nullopt;
    }

  private:
    std::map<std::string, std::uint64_t> numbers_, tokens_;
};

std::vector<Strange> find_strange(const LogDirectory& log, std::uint64_t from) {
    std::vector<Strange> out;
    Inspector inspector;
    for (std::uint64_t i = 0; i < log.size(); ++i) {
        auto what = inspector.look(i, log.entry(i));
        if (what && i >= from) out.push_back({i, *std::move(what)});
    }
    return out;
}

base::Result<Course> compare(const LogDirectory& log, const Checkpoint& now, const Note& seen) {
    ASSAY_TRY(const auto before, parse_checkpoint(seen.text));
    if (before.origin != now.origin) {
        return base::fail(base::ErrorKind::usage,
                          fmt::format("This is the log '{}', and the state is of '{}'",
                                      base::quote_for_display(now.origin),
                                      base::quote_for_display(before.origin)));
    }
    if (now.size < before.size) return Course::rolled_back;
    if (log.tree().root(before.size) != before.root) return Course::forked;
    return now.size == before.size ? Course::same : Course::grown;
}

base::Result<Note> note_of(const json::value& value) {
    if (!value.is_string())
        return base::fail(base::ErrorKind::malformed, "a checkpoint of the state is not a text");
    ASSAY_TRY(auto note, parse_note(value.get_string()));
    if (auto head = parse_checkpoint(note.text); !head) return std::unexpected(head.error());
    return note;
}

}  // namespace

base::Result<MonitorState> parse_monitor_state(std::string_view text) {
    if (text.size() > monitor_octets_max)
        return base::fail(base::ErrorKind::limit, "the monitor's state is larger than 1 MB");
    json::parse_options options;
    options.max_depth = json_depth_max;
    boost::system::error_code failure;
    const auto value = json::parse(text, failure, {}, options);
    const auto* object = value.if_object();
    if (failure || object == nullptr || codec::text_member(*object, "schema") != schema) {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("this is not a monitor's state ({})", schema));
    }
    MonitorState out;
    if (const auto* seen = object->if_contains("seen")) {
        ASSAY_TRY(auto note, note_of(*seen));
        out.seen = std::move(note);
    }
    const auto* evidence = object->if_contains("evidence");
    if (evidence == nullptr || !evidence->is_array() ||
        evidence->get_array().size() > evidence_max) {
        return base::fail(base::ErrorKind::malformed, "the state's evidence is missing or wrong");
    }
    for (const auto& one : evidence->get_array()) {
        ASSAY_TRY(auto note, note_of(one));
        out.evidence.push_back(std::move(note));
    }
    return out;
}

std::string print(const MonitorState& state) {
    json::object out{{"schema", schema}};
    if (state.seen) out["seen"] = print(*state.seen);
    json::array evidence;
    for (const auto& one : state.evidence)
        evidence.push_back(json::string(print(one)));
    out["evidence"] = std::move(evidence);
    return json::serialize(out) + "\n";
}

std::string_view print(Course course) {
    switch (course) {
        case Course::first: return "first";
        case Course::same: return "same";
        case Course::grown: return "grown";
        case Course::rolled_back: return "rolled-back";
        case Course::forked: return "forked";
    }
    return "forked";
}

base::Result<Look> look_at(const LogDirectory& log, const MonitorState& state, const Trust* trust) {
    const auto& checkpoint = log.checkpoint();
    if (!checkpoint) return base::fail(base::ErrorKind::usage, "There is no log: no checkpoint");
    ASSAY_TRY(const auto now, parse_checkpoint(checkpoint->text));
    Look out{.size = now.size};
    if (trust != nullptr) {
        if (trust->log.name != now.origin || !is_signed_by(*checkpoint, trust->log)) {
            return base::fail(base::ErrorKind::malformed,
                              "the log that you trust did not sign this checkpoint");
        }
        for (const auto& witness : trust->witnesses) {
            if (cosigned_at(*checkpoint, witness)) out.seen_by.push_back(witness.name);
        }
    }
    if (state.seen) {
        ASSAY_TRY(const auto course, compare(log, now, *state.seen));
        out.course = course;
        out.size_before = parse_checkpoint(state.seen->text)->size;
    }
    if (out.consistent()) out.strange = find_strange(log, out.size_before);
    return out;
}

MonitorState after(const Look& look, const LogDirectory& log, MonitorState state) {
    if (look.consistent()) {
        state.seen = log.checkpoint();
    } else if (std::ranges::find(state.evidence, *log.checkpoint()) == state.evidence.end() &&
               state.evidence.size() < evidence_max) {
        state.evidence.push_back(*log.checkpoint());
    }
    return state;
}

}  // namespace assay::prove
