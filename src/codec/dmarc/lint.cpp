// Reading a DMARC policy record, with every fault (RFC 9989 section 4.8).
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/dmarc/record.hpp"
#include "codec/tags/mailto.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::dmarc {

namespace {

using tags::quoted;

constexpr std::string_view tag_cite = "RFC 9989 section 4.7";
constexpr std::string_view grammar_cite = "RFC 9989 section 4.8";
constexpr std::string_view uri_cite = "RFC 9989 section 4.6";
constexpr std::string_view policy_cite = "RFC 9989 section 4.10.1";
constexpr std::string_view obsolete_cite = tag_cite;  // which does not list them any more

// RFC 9989 section 4.7, and pct, rf and ri of RFC 7489 section 6.3.
constexpr std::string_view names[] = {"v",   "p",   "sp", "np", "adkim", "aspf", "psd",
                                      "rua", "ruf", "fo", "t",  "pct",   "rf",   "ri"};
constexpr tags::Language language{"v=DMARC1", "dmarc", names, grammar_cite};

constexpr std::string_view policies[] = {"none", "quarantine", "reject"};

struct Meant {
    std::string_view written, meant;
};

// Words that people write for what they want.
constexpr Meant policy_words[] = {
    {"monitor", "none"}, {"allow", "none"},  {"pass", "none"},       {"off", "none"},
    {"block", "reject"}, {"deny", "reject"}, {"discard", "reject"},  {"rejected", "reject"},
    {"fail", "reject"},  {"drop", "reject"}, {"spam", "quarantine"}, {"junk", "quarantine"},
};
constexpr Meant tag_words[] = {
    {"policy", "p"}, {"subdomain", "sp"}, {"dkim", "adkim"}, {"spf", "aspf"}, {"percent", "pct"},
};

std::string_view meant_by(std::string_view word, std::span<const Meant> table,
                          std::span<const std::string_view> known) {
    for (const auto& row : table) {
        if (base::equals_ignoring_case(row.written, word)) return row.meant;
    }
    return tags::nearest(word, known);
}

bool is_name(std::string_view word) {
    return std::ranges::find(names, base::lower(word)) != std::end(names);
}

std::string did_you_mean(std::string_view meant) {
    return meant.empty() ? std::string() : " Did you mean " + quoted(meant) + "?";
}

std::optional<Policy> read_policy(std::string_view value) {
    // RFC 9989 section 4.8: literal strings of ABNF are without regard to case.
    for (const auto policy : {Policy::none, Policy::quarantine, Policy::reject}) {
        if (base::equals_ignoring_case(value, print(policy))) return policy;
    }
    return std::nullopt;
}

class Linter {
  public:
    explicit Linter(std::string_view text) : text_(text) {}

    void run();
    bool claimed() const { return claimed_; }
    Record& record() { return record_; }
    std::vector<base::Fault> take_faults() { return faults_.take(); }
    // Why a receiver does not apply the record, if so.
    const std::optional<base::Fault>& stop() const { return stop_; }

  private:
    // A part whose shape is wrong comes with the fault that explains it.
    struct Value {
        const tags::Part* part;
        std::optional<base::Fault> explained;
    };

    void read_part(const tags::Part& part, bool first);
    void read_bad_version(const Value& value);
    bool read_shape(const tags::Part& part, const Value& value);
    void read_known(const std::string& name, const Value& value);
    void read_policy_tag(std::string_view name, const Value& value);
    void read_alignment(std::string_view name, const Value& value, Alignment& out);
    void read_psd(const Value& value);
    void read_testing(const Value& value);
    void read_failure_options(const Value& value);
    void read_percent(const Value& value);
    void read_uris(std::string_view name, const Value& value, std::vector<Uri>& out);
    std::optional<base::Fault> read_uri(std::string_view name, std::string_view item,
                                        std::size_t offset, std::vector<Uri>& out);
    void name_unknown(const tags::Part& part, const std::string& name);
    void report_missing_policy();
    void check_whole();
    base::Fault report(const Value& value, std::string_view rule, std::string detail);

    std::string_view text_;
    Record record_;
    tags::FaultList faults_;
    std::optional<base::Fault> version_fault_, policy_fault_, stop_;
    std::optional<base::Fault> policy_attempt_;  // there is a p, but not as a tag
    bool claimed_ = false, joined_ = false;
};

void Linter::run() {
    if (text_.size() > tags::text_octets_max) {
        stop_ = base::Fault{"too-long", "RFC 1035 section 3.2.1", tags::text_octets_max,
                            "The record is longer than the DNS can carry."};
        faults_.add(*stop_);
        return;
    }
    claimed_ = claims(text_);
    if (!claimed_ && !resembles(text_)) {
        stop_ = tags::explain_version(text_, language);
        faults_.add(*stop_);
        return;
    }
    auto parts = tags::split(text_);
    tags::limit_parts(parts, language, faults_);
    for (const auto& part : parts)
        read_part(part, &part == &parts.front());
    if (!claimed_) {
        // RFC 9989 section 4.7: without the version the entire record is ignored.
        stop_ = version_fault_ ? *version_fault_ : tags::explain_version(text_, language);
        if (!version_fault_) faults_.add(*stop_);
    }
    check_whole();
}

void Linter::read_part(const tags::Part& part, bool first) {
    if (part.text.empty()) {
        faults_.add("empty-tag", grammar_cite, part.offset,
                    "There is nothing between two semicolons. Remove one of them.");
        return;
    }
    Value value{&part, std::nullopt};
    for (const auto& hidden : tags::hidden_tags(part, language)) {
        if (hidden.name == "p" && !policy_attempt_) policy_attempt_ = hidden.fault;
    }
    for (auto& fault : tags::inspect(part, language)) {
        if (fault.rule == "joined-records") joined_ = true;
        if (!value.explained) value.explained = fault;
        faults_.add(std::move(fault));
    }
    if (first && !claimed_) read_bad_version(value);
    const bool is_named = part.has_value && std::ranges::all_of(part.name, base::is_alpha);
    // Then the fault about the version says it all.
    if (first && !claimed_ && !is_named) return;
    if (!read_shape(part, value)) return;
    auto name = base::lower(part.name);
    const bool repeated = record_.find(name) != nullptr;
    record_.tags.push_back({name, std::string(part.value), part.offset});
    if (name == "v") {
        if (first || (!claimed_ && !repeated)) return;
        joined_ = true;
        faults_.add("joined-records", grammar_cite, part.offset,
                    "The version appears again, so this looks like two records joined together. "
                    "Publish one record only.");
        return;
    }
    if (!repeated) return read_known(name, value);
    // The second half of two joined records repeats everything.
    if (joined_) return;
    faults_.add("duplicate-tag", grammar_cite, part.offset,
                "The tag " + quoted(name) +
                    " appears more than once. Receivers may use either value or ignore both.");
}

// A version whose shape inspect() found fault with needs no second fault that says so.
void Linter::read_bad_version(const Value& value) {
    if (!value.explained) return;
    const auto& part = *value.part;
    const bool is_version =
        base::equals_ignoring_case(part.name, "v") && part.value.starts_with("DMARC1");
    const bool is_hidden = part.text.contains("v=DMARC1") && value.explained->rule == "non-ascii";
    if (is_version || is_hidden) version_fault_ = value.explained;
}

// Whether there is a tag name at all.
bool Linter::read_shape(const tags::Part& part, const Value& value) {
    if (!part.has_value) {
        std::string help = " Write it as a name, an equals sign and a value.";
        const auto colon = part.text.find(':');
        const auto before = part.text.substr(0, colon);
        if (base::equals_ignoring_case(before, "mailto")) {
            help = " Separate addresses with commas, not semicolons.";
        } else if (colon != std::string_view::npos && is_name(before)) {
            help = " Use an equals sign instead of the colon.";
        } else if (read_policy(part.text)) {
            help = did_you_mean("p=" + base::lower(part.text));
        }
        const auto fault = report(value, "bad-syntax", quoted(part.text) + " is not a tag." + help);
        const bool is_policy =
            base::equals_ignoring_case(before, "p") || read_policy(part.text).has_value();
        if (is_policy && !policy_attempt_) policy_attempt_ = fault;
        return false;
    }
    // RFC 9989 section 4.8: dmarc-tag
    if (!part.name.empty() && std::ranges::all_of(part.name, base::is_alpha)) return true;
    std::string help = " A tag name has letters only.";
    if (part.name.contains('"')) help = " There are quote marks inside the record. Remove them.";
    if (base::starts_with_ignoring_case(part.name, "mailto:")) {
        help = " Separate addresses with commas, not semicolons.";
    }
    report(value, "bad-syntax",
           part.name.empty() ? "There is no tag name before the equals sign."
                             : quoted(part.name) + " is not a tag name." + help);
    return false;
}

void Linter::read_known(const std::string& name, const Value& value) {
    const tags::Part& part = *value.part;
    if (name == "p" || name == "sp" || name == "np") return read_policy_tag(name, value);
    if (name == "adkim") return read_alignment(name, value, record_.dkim_alignment);
    if (name == "aspf") return read_alignment(name, value, record_.spf_alignment);
    if (name == "psd") return read_psd(value);
    if (name == "t") return read_testing(value);
    if (name == "fo") return read_failure_options(value);
    if (name == "rua") return read_uris(name, value, record_.aggregate);
    if (name == "ruf") return read_uris(name, value, record_.failure);
    if (name == "pct") return read_percent(value);
    if (name == "rf" || name == "ri") {
        return faults_.add("obsolete-" + name, obsolete_cite, part.offset,
                           "The tag " + quoted(name) + " is no longer used. Remove it.");
    }
    name_unknown(part, name);
}

void Linter::name_unknown(const tags::Part& part, const std::string& name) {
    const auto meant = meant_by(name, tag_words, names);
    if (!meant.empty()) {
        return faults_.add("misspelt-tag", tag_cite, part.offset,
                           "Receivers ignore the tag " + quoted(name) + "." + did_you_mean(meant));
    }
    faults_.add("unknown-tag", tag_cite, part.offset,
                "DMARC has no tag " + quoted(name) + ", so receivers ignore it.");
}

base::Fault Linter::report(const Value& value, std::string_view rule, std::string detail) {
    if (value.explained) return *value.explained;
    const bool about_name = rule == "bad-syntax";
    base::Fault fault{std::string(rule), std::string(about_name ? grammar_cite : tag_cite),
                      about_name ? value.part->offset : value.part->value_offset,
                      std::move(detail)};
    faults_.add(fault);
    return fault;
}

void Linter::read_policy_tag(std::string_view name, const Value& value) {
    const auto policy = read_policy(value.part->value);
    auto& out = name == "p"    ? record_.policy
                : name == "sp" ? record_.subdomain_policy
                               : record_.nonexistent_policy;
    out = policy;
    if (policy) return;
    const std::string_view rule = name == "p"    ? "bad-policy"
                                  : name == "sp" ? "bad-subdomain-policy"
                                                 : "bad-nonexistent-policy";
    const auto written = value.part->value;
    std::string detail =
        written.empty() ? "The tag " + quoted(name) + " has no value."
                        : "The policy " + quoted(std::string(name) + "=" + std::string(written)) +
                              " is not known.";
    const auto meant = meant_by(written, policy_words, policies);
    detail += meant.empty() ? " Use none, quarantine or reject." : did_you_mean(meant);
    auto fault = report(value, rule, std::move(detail));
    if (!policy_fault_) policy_fault_ = std::move(fault);
}

void Linter::read_alignment(std::string_view name, const Value& value, Alignment& out) {
    const auto written = value.part->value;
    if (base::equals_ignoring_case(written, "s")) {
        out = Alignment::strict;
    } else if (!base::equals_ignoring_case(written, "r")) {
        const auto meant = base::equals_ignoring_case(written, "strict")    ? "s"
                           : base::equals_ignoring_case(written, "relaxed") ? "r"
                                                                            : "";
        report(value, "bad-alignment",
               "The value of " + quoted(name) + " must be r (relaxed) or s (strict), not " +
                   quoted(written) + "." + did_you_mean(meant) + " Receivers use relaxed.");
    }
}

void Linter::read_psd(const Value& value) {
    for (const auto psd : {Psd::yes, Psd::no, Psd::unknown}) {
        if (!base::equals_ignoring_case(value.part->value, print(psd))) continue;
        record_.psd = psd;
        return;
    }
    report(value, "bad-psd",
           "The value of \"psd\" must be y, n or u, not " + quoted(value.part->value) + ".");
}

void Linter::read_testing(const Value& value) {
    const auto written = value.part->value;
    record_.testing = base::equals_ignoring_case(written, "y");
    if (record_.testing || base::equals_ignoring_case(written, "n")) return;
    report(value, "bad-testing", "The value of \"t\" must be y or n, not " + quoted(written) + ".");
}

void Linter::read_failure_options(const Value& value) {
    const auto written = value.part->value;
    // RFC 9989 section 4.8: dmarc-fo, each option once, only one of 0 and 1.
    std::string seen;
    bool good = true;
    for (const auto option : base::split(base::lower(written), ':')) {
        good = good && option.size() == 1 && std::string_view("01ds").contains(option[0]) &&
               !seen.contains(option[0]);
        if (good) seen += option[0];
    }
    const bool both = seen.contains('0') && seen.contains('1');
    if (good && !both) {
        record_.failure_options = std::string(written);
        return;
    }
    std::string detail =
        "The value of \"fo\" must be 0, 1, d or s, or several with colons between "
        "them, not " +
        quoted(written) + ".";
    if (good) detail = "The values 0 and 1 of \"fo\" exclude one another. Remove one of them.";
    if (written.contains(',')) detail += " Use colons instead of commas.";
    report(value, "bad-failure-options", std::move(detail));
}

void Linter::read_percent(const Value& value) {
    constexpr unsigned percent_max = 100;  // RFC 7489 section 6.3
    faults_.add("obsolete-pct", obsolete_cite, value.part->offset,
                "The tag \"pct\" is no longer used. Remove it. To try out a policy, use \"t=y\".");
    const auto percent = base::parse_decimal(value.part->value, percent_max);
    if (percent) {
        record_.percent = static_cast<unsigned>(*percent);
    } else {
        report(value, "bad-percent",
               "The value of \"pct\" must be a number from 0 to 100, not " +
                   quoted(value.part->value) + ".");
    }
}

// The "!10m" of RFC 7489 section 6.4, with the exclamation mark.
std::string_view size_limit_of(std::string_view uri) {
    const auto mark = uri.rfind('!');
    if (mark == std::string_view::npos) return {};
    auto digits = uri.substr(mark + 1);
    if (!digits.empty() && std::string_view("kmgt").contains(base::to_lower(digits.back()))) {
        digits.remove_suffix(1);
    }
    const bool valid = !digits.empty() && std::ranges::all_of(digits, base::is_digit);
    return valid ? uri.substr(mark) : std::string_view();
}

void Linter::read_uris(std::string_view name, const Value& value, std::vector<Uri>& out) {
    const auto& part = *value.part;
    if (part.value.empty()) {
        report(value, "bad-uri",
               "The tag " + quoted(name) + " has no address. Add one or remove the tag.");
        return;
    }
    std::size_t offset = part.value_offset;
    for (const auto piece : base::split(part.value, ',')) {
        const auto item = tags::trim_blanks(piece);
        if (out.size() == tags::destinations_max) {
            faults_.add("too-many-uris", uri_cite, offset,
                        "There are more than " + std::to_string(tags::destinations_max) +
                            " addresses in " + quoted(name) + ". Receivers use the first few.");
            return;
        }
        const auto at = offset + static_cast<std::size_t>(item.data() - piece.data());
        offset += piece.size() + 1;
        auto fault = read_uri(name, item, at, out);
        // Where the shape of the tag is wrong, that explains an address that cannot be read.
        if (!fault || value.explained) continue;
        fault->cite = std::string(uri_cite);
        fault->offset += at;
        faults_.add(*std::move(fault));
    }
}

std::optional<base::Fault> Linter::read_uri(std::string_view name, std::string_view item,
                                            std::size_t offset, std::vector<Uri>& out) {
    Uri uri;
    const auto limit = size_limit_of(item);
    const auto text = item.substr(0, item.size() - limit.size());
    uri.text = std::string(text);
    uri.offset = offset;
    if (!limit.empty()) {
        uri.size_limit = std::string(limit.substr(1));
        faults_.add("uri-size-limit", grammar_cite, offset + text.size(),
                    "Size limits such as " + quoted(limit) + " are no longer used. Remove it.");
    }
    if (auto fault = tags::check_uri(text)) return fault;
    if (tags::uri_scheme(text) == "mailto") {
        auto mailto = tags::read_mailto(text);
        if (!mailto) return std::move(mailto.error());
        uri.mailbox = std::move(mailto->mailbox);
        uri.host = std::move(mailto->host);
    } else {
        // RFC 9989 section 4.7: any URI may stand here; receivers ignore schemes they do not know.
        faults_.add(
            "uri-not-mailto", tag_cite, offset,
            "Receivers only have to send reports to \"mailto:\" addresses. Do not expect them at " +
                quoted(text) + " in " + quoted(name) + ".");
    }
    out.push_back(std::move(uri));
    return std::nullopt;
}

void Linter::report_missing_policy() {
    std::string detail = "There is no policy. Add \"p=none\", \"p=quarantine\" or \"p=reject\".";
    if (record_.find("sp") != nullptr || record_.find("np") != nullptr) {
        detail += " The tags \"sp\" and \"np\" hold for subdomains only.";
    }
    detail += record_.aggregate.empty() ? " Receivers ignore this record."
                                        : " Receivers act as if it were \"p=none\".";
    base::Fault fault{"missing-policy", std::string(policy_cite), text_.size(), std::move(detail)};
    if (!policy_fault_) policy_fault_ = fault;
    faults_.add(std::move(fault));
}

// What no single tag shows.
void Linter::check_whole() {
    const Tag* policy = record_.find("p");
    if (policy == nullptr && policy_attempt_) {
        // That fault says why there is no policy.
        if (!policy_fault_) policy_fault_ = policy_attempt_;
    } else if (policy == nullptr) {
        report_missing_policy();
    } else if (claimed_ && policy != &record_.tags[1]) {
        faults_.add("policy-not-second", "RFC 7489 section 6.4", policy->offset,
                    "Older receivers expect \"p\" right after the version. Move it there.");
    }
    if (const Tag* options = record_.find("fo"); options != nullptr && !record_.find("ruf")) {
        faults_.add("failure-options-without-ruf", tag_cite, options->offset,
                    "The tag \"fo\" has no effect without \"ruf\".");
    }
    // RFC 9989 section 4.10.1: with a valid rua, continue as with "p=none"; else no DMARC.
    if (!stop_ && policy_fault_ && record_.aggregate.empty()) stop_ = policy_fault_;
}

}  // namespace

base::Linted<Record> lint(std::string_view text) {
    Linter linter(text);
    linter.run();
    base::Linted<Record> out;
    if (!linter.stop()) out.record = std::move(linter.record());
    out.faults = linter.take_faults();
    return out;
}

std::expected<Record, base::Fault> parse(std::string_view text) {
    Linter linter(text);
    linter.run();
    if (linter.stop()) return std::unexpected(*linter.stop());
    return std::move(linter.record());
}

std::optional<Record> read_tags(std::string_view text) {
    Linter linter(text);
    linter.run();
    if (!linter.claimed()) return std::nullopt;
    return std::move(linter.record());
}

}  // namespace assay::codec::dmarc
