// The policy file of MTA-STS (RFC 8461 section 3.2).
#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/mta_sts/record.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::mta_sts {

namespace {

using tags::quoted;

constexpr std::string_view cite = "RFC 8461 section 3.2";
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t max_age_digits_max = 10;  // RFC 8461 section 3.2
constexpr std::size_t fields_max = 1000;        // ours: far beyond any policy
constexpr std::string_view keys[] = {"version", "mode", "max_age", "mx"};
constexpr std::string_view modes[] = {"enforce", "testing", "none"};
constexpr std::array<std::string_view, 12> stopping = {
    "missing-version", "bad-version", "missing-mode", "bad-mode",
    "missing-max-age", "bad-max-age", "missing-mx",   "bad-line",
    "bare-cr",         "not-utf8",    "too-large",    "byte-order-mark",
};

struct Line {
    std::string_view text;  // without its end
    std::size_t offset = 0;
};

class Linter {
  public:
    explicit Linter(std::string_view text) : text_(text) {}

    void run();
    Policy& policy() { return policy_; }
    std::vector<base::Fault> take_faults() { return faults_.take(); }
    const std::optional<base::Fault>& stop() const { return stop_; }

  private:
    bool check_whole();
    void read_lines();
    void read_line(const Line& line);
    void read_field(std::string_view key, std::string_view value, std::size_t offset);
    void read_mode(std::string_view value, std::size_t offset);
    void read_max_age(std::string_view value, std::size_t offset);
    void read_mx(std::string_view value, std::size_t offset);
    void read_other(std::string_view key, std::string_view value, std::size_t key_offset);
    void explain_line(const Line& line);
    void check_missing();
    void add(std::string_view rule, std::size_t offset, std::string detail);

    std::string_view text_;
    Policy policy_;
    tags::FaultList faults_;
    std::optional<base::Fault> stop_;
    std::optional<base::Fault> pattern_fault_;  // of the first mx that cannot be used
    std::vector<std::string> seen_;
    bool mode_known_ = false;
};

void Linter::add(std::string_view rule, std::size_t offset, std::string detail) {
    base::Fault fault{std::string(rule), std::string(cite), offset, std::move(detail)};
    const bool stops = std::ranges::find(stopping, rule) != stopping.end();
    if (stops && (!stop_ || offset < stop_->offset)) stop_ = fault;
    faults_.add(std::move(fault));
}

void Linter::run() {
    if (!check_whole()) return;
    read_lines();
    check_missing();
}

// How far the text is valid UTF-8. Not called for texts that are so to the end.
std::size_t utf8_length(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size()) {
        std::size_t length = 1;
        while (length <= 4 && !base::is_utf8(text.substr(at, length)))
            ++length;
        if (length > 4) break;
        at += length;
    }
    return std::min(at, text.size());
}

// Texts that need not be read line by line.
bool Linter::check_whole() {
    if (text_.size() > policy_octets_max) {
        add("too-large", policy_octets_max,
            "The policy is larger than " + std::to_string(policy_octets_max) +
                " bytes. Senders may refuse it.");
        return false;
    }
    if (base::trim(text_).starts_with('<')) {
        add("bad-line", 0, "This is a web page, not a policy. Serve the policy file itself.");
        return false;
    }
    if (!base::is_utf8(text_)) {
        add("not-utf8", utf8_length(text_),
            "The policy is not valid UTF-8. Save it as plain text in UTF-8.");
        return false;
    }
    return true;
}

// RFC 8461 section 3.2: sts-policy-term is LF or CRLF.
void Linter::read_lines() {
    std::size_t start = 0;
    if (text_.starts_with(byte_order_mark)) {
        add("byte-order-mark", 0,
            "The policy starts with an invisible character (byte order mark). Save the file as "
            "UTF-8 without it.");
        start = byte_order_mark.size();
    }
    bool advised = false;
    while (start < text_.size()) {
        const auto end = std::min(text_.find_first_of("\r\n", start), text_.size());
        read_line({text_.substr(start, end - start), start});
        const auto rest = text_.substr(end);
        if (rest.starts_with('\n') && !advised) {
            advised = true;
            add("lf-line-end", end,
                "Lines end with LF alone. That is allowed, but some tools expect CRLF.");
        }
        if (rest.starts_with('\r') && !rest.starts_with("\r\n")) {
            add("bare-cr", end, "A line ends with CR alone. End lines with CRLF.");
        }
        start = end + (rest.starts_with("\r\n") ? 2 : 1);
    }
}

bool is_value(std::string_view value) {
    // RFC 8461 section 3.2: sts-policy-ext-value
    return !value.empty() && std::ranges::none_of(value, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 || byte == 0x7f;
    });
}

void Linter::read_line(const Line& line) {
    if (tags::trim_blanks(line.text).empty()) {
        return add("blank-line", line.offset,
                   "There is a blank line. Some senders refuse a policy that has one.");
    }
    const auto colon = line.text.find(':');
    const auto key = line.text.substr(0, colon);
    if (colon == std::string_view::npos || !tags::is_extension_name(key)) return explain_line(line);
    const auto value = tags::trim_blanks(line.text.substr(colon + 1));
    const auto offset = static_cast<std::size_t>(value.data() - text_.data());
    const bool is_mx = key == "mx";
    if (!is_mx && std::ranges::find(seen_, key) != seen_.end()) {
        // RFC 8461 section 3.2: of fields other than mx, the first counts.
        return add("duplicate-key", line.offset,
                   quoted(key) + " appears more than once. Only the first one counts.");
    }
    if (!is_value(value)) {
        seen_.emplace_back(key);
        return add("bad-line", value.empty() ? line.offset : offset,
                   value.empty() ? quoted(key) + " has no value."
                                 : "The value of " + quoted(key) +
                                       " has a control character: " + quoted(value) + ".");
    }
    if (seen_.size() == fields_max) {
        return add("too-large", line.offset,
                   "The policy has more than " + std::to_string(fields_max) + " lines.");
    }
    seen_.emplace_back(key);
    if (std::ranges::find(keys, key) != std::end(keys)) {
        read_field(key, value, offset);
    } else {
        read_other(key, value, line.offset);
    }
}

void Linter::explain_line(const Line& line) {
    std::string help = " Write it as a key, a colon and a value.";
    const auto text = tags::trim_blanks(line.text);
    const auto word = text.substr(0, text.find_first_of(" \t:="));
    const auto after = tags::trim_blanks(text.substr(word.size()));
    const bool known = std::ranges::find(keys, base::lower(word)) != std::end(keys);
    if (known && after.starts_with('=')) {
        help = " Use a colon instead of the equals sign.";
    } else if (known && base::is_blank(line.text.front())) {
        help = " Remove the space at the start of the line.";
    } else if (known && after.starts_with(':')) {
        help = " Remove the space before the colon.";
    } else if (text.starts_with('#')) {
        help = " A policy cannot have comments.";
    }
    // What was meant is there, so it is not missing as well.
    if (known) seen_.push_back(base::lower(word));
    add("bad-line", line.offset, quoted(text) + " is not a line of a policy." + help);
}

void Linter::read_field(std::string_view key, std::string_view value, std::size_t offset) {
    if (key == "mode") return read_mode(value, offset);
    if (key == "max_age") return read_max_age(value, offset);
    if (key == "mx") return read_mx(value, offset);
    if (value == "STSv1") return;
    const auto help = base::equals_ignoring_case(value, "STSv1") || value == "v=STSv1"
                          ? " Write it exactly as \"STSv1\"."
                          : " The only version is \"STSv1\".";
    add("bad-version", offset, "The version is " + quoted(value) + "." + help);
}

void Linter::read_mode(std::string_view value, std::size_t offset) {
    for (const auto mode : {Mode::enforce, Mode::testing, Mode::none}) {
        if (value != print(mode)) continue;
        policy_.mode = mode;
        mode_known_ = true;
        return;
    }
    auto meant = tags::nearest(value, modes);
    if (value == "test" || value == "report") meant = "testing";
    if (value == "enforced") meant = "enforce";
    add("bad-mode", offset,
        "The mode " + quoted(value) + " is not known." +
            (meant.empty() ? " Use enforce, testing or none."
                           : " Did you mean " + quoted(meant) + "?"));
}

void Linter::read_max_age(std::string_view value, std::size_t offset) {
    constexpr std::uint64_t read_max = 9'999'999'999;
    const auto seconds = base::parse_decimal(value, read_max);
    if (!seconds || value.size() > max_age_digits_max) {
        return add("bad-max-age", offset,
                   "The max_age " + quoted(value) +
                       " must be a number of seconds, digits only and up to 10 of them.");
    }
    policy_.max_age = std::min(*seconds, max_age_seconds_max);
    if (*seconds <= max_age_seconds_max) return;
    // RFC 8461 erratum 7282
    add("max-age-too-long", offset,
        "The max_age of " + std::string(value) + " seconds is longer than the limit of " +
            std::to_string(max_age_seconds_max) + " (one year).");
}

// Help for a pattern that is none: an empty text if it is good.
std::string explain_pattern(std::string_view value) {
    if (value.find_first_of(", \t") != std::string_view::npos) {
        const auto first = value.substr(0, value.find_first_of(", \t"));
        const bool preference = std::ranges::all_of(first, base::is_digit);
        return preference ? "Give the host name without the preference."
                          : "Write one \"mx\" line for each host.";
    }
    if (value.starts_with('.')) return "Write " + quoted("*" + std::string(value)) + ".";
    if (value == "*") return "A wildcard needs a domain name, as in \"*.example.com\".";
    auto rest = value.starts_with("*.") ? value.substr(2) : value;
    if (rest.contains('*')) {
        return "A wildcard may only be the whole first label, as in \"*.example.com\".";
    }
    if (rest.ends_with('.')) return "Remove the full stop at the end.";
    const auto host = dns::parse_domain(rest);
    const bool number =
        host && !host->is_root() && std::ranges::all_of(host->labels().back(), base::is_digit);
    if (number) return "Give a host name, not an IP address.";
    if (!host || !dns::is_host_name(*host)) return "It is not a valid host name.";
    if (!std::ranges::all_of(rest, [](char c) { return static_cast<unsigned char>(c) < 0x80; })) {
        return "Write it in its ASCII form, " + quoted((value == rest ? "" : "*.") + host->text()) +
               ".";
    }
    return {};
}

void Linter::read_mx(std::string_view value, std::size_t offset) {
    const auto help = explain_pattern(value);
    if (help.empty()) {
        policy_.mx.push_back(base::lower(value));
        return;
    }
    base::Fault fault{"bad-mx", std::string(cite), offset,
                      "The mx pattern " + quoted(value) + " cannot be used. " + help};
    if (!pattern_fault_) pattern_fault_ = fault;
    faults_.add(std::move(fault));
}

void Linter::read_other(std::string_view key, std::string_view value, std::size_t key_offset) {
    policy_.extensions.emplace_back(key, value);
    auto meant = tags::nearest(key, keys);
    if (base::equals_ignoring_case(key, "max-age") || key == "maxage") meant = "max_age";
    if (key == "v") meant = "version";
    if (meant.empty()) {
        return add("unknown-key", key_offset,
                   "MTA-STS has no key " + quoted(key) + ", so senders ignore it.");
    }
    add("misspelt-key", key_offset,
        "Senders ignore the key " + quoted(key) + ". Did you mean " + quoted(meant) + "?");
}

void Linter::check_missing() {
    const auto is_missing = [&](std::string_view key) {
        return std::ranges::find(seen_, key) == seen_.end();
    };
    const auto end = text_.size();
    if (is_missing("version")) {
        add("missing-version", end, "There is no version. Add the line \"version: STSv1\".");
    }
    if (is_missing("mode")) {
        add("missing-mode", end, "There is no mode. Add a line such as \"mode: testing\".");
    }
    if (is_missing("max_age")) {
        add("missing-max-age", end, "There is no max_age. Add a line such as \"max_age: 604800\".");
    }
    const bool needs_mx = !mode_known_ || policy_.mode != Mode::none;
    if (!policy_.mx.empty() || !needs_mx) return;
    if (is_missing("mx")) {
        add("missing-mx", end, "There is no mx. Add an \"mx\" line for each mail server.");
    } else if (!stop_) {
        stop_ = pattern_fault_;
    }
}

}  // namespace

std::string_view print(Mode mode) {
    switch (mode) {
        case Mode::enforce: return "enforce";
        case Mode::testing: return "testing";
        case Mode::none: return "none";
    }
    return "none";
}

bool is_policy_error(const base::Fault& fault) {
    return fault.rule != "lf-line-end" && fault.rule != "unknown-key";
}

base::Linted<Policy> lint_policy(std::string_view text) {
    Linter linter(text);
    linter.run();
    base::Linted<Policy> out;
    if (!linter.stop()) out.record = std::move(linter.policy());
    out.faults = linter.take_faults();
    return out;
}

std::expected<Policy, base::Fault> parse_policy(std::string_view text) {
    Linter linter(text);
    linter.run();
    if (linter.stop()) return std::unexpected(*linter.stop());
    return std::move(linter.policy());
}

std::string print(const Policy& policy) {
    std::string out = "version: STSv1\r\nmode: ";
    out += print(policy.mode);
    out += "\r\n";
    for (const auto& pattern : policy.mx)
        out += "mx: " + pattern + "\r\n";
    out += "max_age: " + std::to_string(policy.max_age) + "\r\n";
    for (const auto& [key, value] : policy.extensions)
        out += key + ": " + value + "\r\n";
    return out;
}

bool matches(std::string_view pattern, const dns::Name& mx_host) {
    if (pattern.ends_with('.')) pattern.remove_suffix(1);
    if (pattern.empty() || mx_host.is_root()) return false;
    if (!pattern.starts_with("*.")) return base::equals_ignoring_case(pattern, mx_host.text());
    // RFC 8461 section 4.1: the wildcard is the whole left-most label, and one label only.
    const auto parent = mx_host.parent();
    return !parent.is_root() && base::equals_ignoring_case(pattern.substr(2), parent.text());
}

}  // namespace assay::codec::mta_sts
