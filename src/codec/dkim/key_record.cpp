#include "codec/dkim/key_record.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "codec/tags/tag_list.hpp"

namespace assay::codec::dkim {

namespace {

constexpr std::string_view cite = "RFC 6376 section 3.6.1";
constexpr std::string_view names[] = {"v", "g", "h", "k",
                                      "n", "p", "s", "t"};  // g is of RFC 4871, historic
constexpr tags::Language language{"v=DKIM1", "dkim", names, cite};

// What readers ignore or accept; everything else stops a verifier from using the key.
constexpr std::string_view advice[] = {"unknown-hash", "unknown-service", "unknown-flag",
                                       "unknown-tag",  "empty-tag",       "version-not-first",
                                       "short-key",    "long-key"};

constexpr std::size_t ed25519_octets = 32;  // RFC 8463 section 4.2

std::vector<std::string> colon_list(std::string_view value) {
    std::vector<std::string> out;
    for (const auto item : base::split(value, ':')) {
        const auto word = base::trim(item);
        if (!word.empty()) out.emplace_back(word);
    }
    return out;
}

class KeyReader {
  public:
    explicit KeyReader(std::string_view text) : text_(text) {}

    base::Linted<KeyRecord> read();

  private:
    void add(std::string_view rule, std::size_t offset, std::string detail,
             std::string_view source = cite) {
        faults_.add(rule, source, offset, std::move(detail));
    }
    void read_part(const tags::Part& part, std::size_t index);
    void read_version(const tags::Part& part, std::size_t index);
    void read_list(const tags::Part& part);
    void read_key(const tags::Part& part);
    void check_key();

    std::string_view text_;
    KeyRecord record_;
    tags::FaultList faults_;
    std::vector<std::string> seen_;
    std::optional<tags::Part> key_part_;
    bool usable_ = true;
};

base::Linted<KeyRecord> KeyReader::read() {
    auto parts = tags::split(text_);
    tags::limit_parts(parts, language, faults_);
    for (std::size_t i = 0; i < parts.size(); ++i)
        read_part(parts[i], i);
    if (!key_part_) {
        add("missing-key", 0, "The record has no p= tag, so there is no key in it");
        usable_ = false;
    } else {
        read_key(*key_part_);
        check_key();
    }
    base::Linted<KeyRecord> out;
    out.faults = faults_.take();
    if (usable_) out.record = std::move(record_);
    return out;
}

void KeyReader::read_part(const tags::Part& part, std::size_t index) {
    if (part.text.empty())
        return add("empty-tag", part.offset, "There are two semicolons with nothing between them");
    // n= is free text for people; elsewhere the shared rules name what went wrong inside a part.
    // Values may be folded with spaces and tabs (RFC 6376 section 3.2).
    const bool folded = part.value.find('\t') != std::string_view::npos;
    for (auto& fault : tags::inspect(part, language)) {
        if (fault.rule == "control-byte" ? folded : part.name == "n") continue;
        faults_.add(std::move(fault));
    }
    if (!part.has_value) {
        usable_ = false;
        return add("bad-syntax", part.offset,
                   fmt::format("{} is not tag=value", tags::quoted(part.text)));
    }
    const std::string name(part.name);
    if (std::ranges::find(seen_, name) != seen_.end()) {
        usable_ = false;  // RFC 6376 section 3.2: the whole tag list is invalid
        return add("duplicate-tag", part.offset, fmt::format("The tag {}= stands twice", name),
                   "RFC 6376 section 3.2");
    }
    seen_.push_back(name);
    if (name == "v") return read_version(part, index);
    if (name == "p") {
        key_part_ = part;
    } else if (name == "k") {
        record_.key_type_text = std::string(part.value);
        record_.key_type = part.value == "rsa"       ? KeyType::rsa
                           : part.value == "ed25519" ? KeyType::ed25519
                                                     : KeyType::unknown;
        if (record_.key_type == KeyType::unknown) {
            add("unknown-key-type", part.value_offset,
                fmt::format("The key type {} is not known; receivers know rsa and ed25519",
                            tags::quoted(part.value)));
        }
    } else if (name == "n") {
        record_.notes = std::string(part.value);
    } else if (name == "h" || name == "s" || name == "t") {
        read_list(part);
    } else if (name != "g") {
        add("unknown-tag", part.offset,
            fmt::format("The tag {}= is not known, so receivers ignore it", tags::quoted(name)));
    }
}

void KeyReader::read_version(const tags::Part& part, std::size_t index) {
    if (part.value != "DKIM1") {
        usable_ = false;
        add("bad-version", part.value_offset,
            fmt::format("The version is {}, and must be exactly DKIM1", tags::quoted(part.value)));
    } else if (index != 0) {
        add("version-not-first", part.offset,
            "v=DKIM1 must be the first tag, where it stands at all");
    }
}

void KeyReader::read_list(const tags::Part& part) {
    auto values = colon_list(part.value);
    const auto unknown = [&](std::string_view rule, std::string_view what,
                             std::initializer_list<std::string_view> known) {
        for (const auto& value : values) {
            if (std::ranges::find(known, value) == known.end()) {
                add(rule, part.value_offset,
                    fmt::format("{} is not a {} that receivers know", tags::quoted(value), what));
            }
        }
    };
    if (part.name == "h") {
        unknown("unknown-hash", "hash", {"sha1", "sha256"});
        const bool modern = values.empty() || std::ranges::find(values, "sha256") != values.end();
        if (!modern && std::ranges::find(values, "sha1") != values.end()) {
            add("sha1-only", part.value_offset,
                "The key allows only SHA-1, which receivers no longer accept",
                "RFC 8301 section 3.1");
        } else if (!modern) {
            add("no-usable-hash", part.value_offset,
                fmt::format("h={} allows no hash that receivers know; leave h= out, or write "
                            "h=sha256",
                            tags::quoted(part.value)),
                "RFC 6376 section 6.1.2");
        }
        record_.hashes = std::move(values);
    } else if (part.name == "s") {
        unknown("unknown-service", "service", {"*", "email", "tlsrpt"});
        record_.services = std::move(values);
        if (!record_.is_for_mail()) {
            add("not-for-mail", part.value_offset,
                fmt::format("s={} does not allow the key for mail; leave s= out, or write s=email",
                            tags::quoted(part.value)));
        }
    } else {
        unknown("unknown-flag", "flag", {"y", "s"});
        record_.flags = std::move(values);
    }
}

void KeyReader::read_key(const tags::Part& part) {
    if (part.value.empty()) return;  // revoked
    const auto bytes = base::base64_decode(part.value);
    if (!bytes || bytes->empty()) {
        usable_ = false;
        const bool pem = part.value.find("-----") != std::string_view::npos;
        const bool quote = part.value.find('"') != std::string_view::npos;
        add("bad-base64", part.value_offset,
            pem ? "p= holds the BEGIN and END lines of a key file; leave only the letters between "
                  "them"
            : quote ? "There are quotation marks inside p=; they belong around the strings of the "
                      "record, not into the key"
                    : "p= is not base64");
        return;
    }
    record_.public_key = *bytes;
}

void KeyReader::check_key() {
    const auto& key = record_.public_key;
    const std::size_t at = key_part_->value_offset;
    if (key.empty() || record_.key_type == KeyType::unknown) return;
    if (record_.key_type == KeyType::ed25519) {
        if (key.size() == ed25519_octets) {
            record_.key_bits = 256;
        } else {
            const bool wrapped = key.size() == ed25519_octets + 12 && key.front() == 0x30;
            add("bad-key", at,
                wrapped ? "p= holds the key with a wrapping around it; an ed25519 key is the 32 "
                          "raw octets alone"
                        : fmt::format("An ed25519 key has 32 octets, and this has {}", key.size()),
                "RFC 8463 section 4.2");
        }
        return;
    }
    const auto rsa = read_rsa_key(key);
    if (!rsa) {
        // An outer length that runs past the end shows that the text was cut.
        const bool cut = key.size() > 4 && key[0] == 0x30 && key[1] == 0x82 &&
                         static_cast<std::size_t>(key[2] << 8 | key[3]) + 4 > key.size();
        add("bad-key", at,
            cut ? "The key is cut off: publish it in full, in strings of at most 255 octets"
            : key.size() == ed25519_octets ? "This is an ed25519 key: say so with k=ed25519"
                                           : "p= is base64, but not an RSA public key");
        return;
    }
    record_.key_bits = rsa->bits;
    record_.public_exponent = rsa->exponent;
    if (rsa->bits < rsa_bits_min) {
        add("weak-key", at,
            fmt::format("The key has {} bits; receivers ignore keys under {}", rsa->bits,
                        rsa_bits_min),
            "RFC 8301 section 3.2");
    } else if (rsa->bits < rsa_bits_advised) {
        add("short-key", at,
            fmt::format("The key has {} bits; use at least {}", rsa->bits, rsa_bits_advised),
            "RFC 8301 section 3.2");
    } else if (rsa->bits > rsa_bits_max) {
        add("long-key", at,
            fmt::format("The key has {} bits; receivers need not verify with more than {}",
                        rsa->bits, rsa_bits_max),
            "RFC 8301 section 3.2");
    }
}

}  // namespace

bool KeyRecord::is_testing() const {
    return std::ranges::find(flags, "y") != flags.end();
}

bool KeyRecord::is_for_mail() const {
    return services.empty() || lists_service("*") || lists_service("email");
}

bool KeyRecord::lists_service(std::string_view service) const {
    return std::ranges::find(services, service) != services.end();
}

bool claims(std::string_view text) {
    for (const auto& part : tags::split(text.substr(0, tags::text_octets_max))) {
        if (part.has_value && part.name == "p") return true;
        if (part.has_value && part.name == "v" && part.offset == text.find_first_not_of(" \t")) {
            return base::starts_with_ignoring_case(part.value, "DKIM");  // others: v=spf1, v=DMARC1
        }
    }
    return false;
}

base::Linted<KeyRecord> lint(std::string_view text) {
    if (!claims(text)) return {};
    // Records of other protocols (v=spf1, v=DMARC1) may hold "p=" as well: another version is no
    // key.
    return KeyReader(text).read();
}

bool is_live(std::string_view text) {
    const auto key = lint(text).record;
    return key && !key->is_revoked() && key->is_for_mail();
}

bool is_error(const base::Fault& fault) {
    return std::ranges::find(advice, fault.rule) == std::end(advice);
}

std::expected<KeyRecord, base::Fault> parse(std::string_view text) {
    auto linted = lint(text);
    if (linted.record) return *std::move(linted.record);
    const auto stop = std::ranges::find_if(linted.faults, is_error);
    if (stop != linted.faults.end()) return std::unexpected(*stop);
    return std::unexpected(
        base::Fault{"missing-key", std::string(cite), 0, "The text is not a DKIM key record"});
}

std::string print(const KeyRecord& record) {
    std::string out = "v=DKIM1";
    if (record.key_type_text != "rsa") out += "; k=" + record.key_type_text;
    if (!record.hashes.empty()) out += "; h=" + base::join(record.hashes, ":");
    if (!record.services.empty()) out += "; s=" + base::join(record.services, ":");
    if (!record.flags.empty()) out += "; t=" + base::join(record.flags, ":");
    if (record.notes) out += "; n=" + *record.notes;
    return out + "; p=" + base::base64_encode(record.public_key);
}

}  // namespace assay::codec::dkim
