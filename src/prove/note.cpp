#include "prove/note.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace assay::prove {

namespace {

constexpr std::string_view dash = "\xe2\x80\x94 ";  // an em dash and a blank begin a signature

std::unexpected<base::Error> malformed(std::string_view what) {
    return base::fail(base::ErrorKind::malformed,
                      fmt::format("this is not a signed note: {}", what));
}

std::string base64(std::string_view bytes) {
    return base::base64_encode({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
}

// Exactly the canonical text, so that no byte of a note can change unseen.
std::optional<std::string> strict_base64(std::string_view text) {
    const auto bytes = base::base64_decode(text);
    if (!bytes) return std::nullopt;
    std::string out(bytes->begin(), bytes->end());
    if (base64(out) != text) return std::nullopt;
    return out;
}

std::string big_endian(std::uint64_t value, unsigned octets) {
    std::string out;
    for (unsigned i = octets; i-- > 0;)
        out += static_cast<char>(value >> (8 * i) & 0xff);
    return out;
}

std::uint64_t from_big_endian(std::string_view bytes) {
    std::uint64_t out = 0;
    for (const char c : bytes)
        out = out << 8 | static_cast<std::uint8_t>(c);
    return out;
}

// C2SP signed-note: no blank, no plus sign.
bool is_name(std::string_view text) {
    return !text.empty() && text.size() <= 255 && base::is_utf8(text) &&
           std::ranges::none_of(text, [](char c) {
               return base::is_space(c) || c == '+' || static_cast<unsigned char>(c) < 0x20;
           });
}

std::uint32_t key_id(std::string_view name, NoteKind kind, std::string_view key) {
    std::string whole(name);
    whole += '\n';
    whole += static_cast<char>(kind);
    whole += key;
    const auto hash = crypto::sha256(whole);
    return static_cast<std::uint32_t>(
        from_big_endian({reinterpret_cast<const char*>(hash.data()), 4}));
}

std::string cosigned_message(std::string_view text, std::uint64_t seconds) {
    return fmt::format("cosignature/v1\ntime {}\n{}", seconds, text);
}

std::span<const std::uint8_t> octets(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

std::uint32_t Verifier::id() const {
    return key_id(name, kind, key.bytes());
}

base::Result<Verifier> parse_verifier(std::string_view text) {
    const auto wrong = [&] {
        return base::fail(base::ErrorKind::malformed,
                          fmt::format("'{}' is not a verifier key, such as name+1a2b3c4d+AZ...",
                                      base::quote_for_display(text, 80)));
    };
    // The name has no plus sign, and neither has the hash; base64 may have some.
    const auto first = text.find('+');
    const auto second = first == text.npos ? text.npos : text.find('+', first + 1);
    if (second == text.npos || second - first != 9) return wrong();
    const auto bytes = strict_base64(text.substr(second + 1));
    if (!bytes || bytes->size() != 33 || !is_name(text.substr(0, first))) return wrong();
    const auto kind = static_cast<NoteKind>((*bytes)[0]);
    if (kind != NoteKind::ed25519 && kind != NoteKind::cosignature) return wrong();
    auto key = crypto::PublicKey::from_bytes(crypto::KeyKind::ed25519, octets(*bytes).subspan(1));
    if (!key) return wrong();
    Verifier out{std::string(text.substr(0, first)), kind, *std::move(key)};
    if (fmt::format("{:08x}", out.id()) != text.substr(first + 1, 8)) return wrong();
    return out;
}

std::string print(const Verifier& verifier) {
    const auto bytes = std::string(1, static_cast<char>(verifier.kind)) + verifier.key.bytes();
    return fmt::format("{}+{:08x}+{}", verifier.name, verifier.id(), base64(bytes));
}

base::Result<Note> parse_note(std::string_view text) {
    if (text.size() > note_octets_max)
        return base::fail(base::ErrorKind::limit, "the signed note is longer than 16 kB");
    const auto end = text.rfind("\n\n");
    if (end == text.npos || !base::is_utf8(text)) return malformed("it has no signatures");
    const bool control = std::ranges::any_of(
        text, [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
    if (control) return malformed("it has control characters");
    Note out;
    out.text = text.substr(0, end + 1);
    auto rest = text.substr(end + 2);
    while (!rest.empty()) {
        const auto line_end = rest.find('\n');
        if (line_end == rest.npos) return malformed("its last line has no end");
        auto line = rest.substr(0, line_end);
        rest.remove_prefix(line_end + 1);
        if (!line.starts_with(dash)) return malformed("a signature line has no dash");
        line.remove_prefix(dash.size());
        const auto blank = line.find(' ');
        if (blank == line.npos || !is_name(line.substr(0, blank)))
            return malformed("a signature line has no name");
        const auto bytes = strict_base64(line.substr(blank + 1));
        if (!bytes || bytes->size() < 5) return malformed("a signature is not base64");
        if (out.signatures.size() >= note_signatures_max)
            return base::fail(base::ErrorKind::limit, "the note has more than 16 signatures");
        out.signatures.push_back(
            {std::string(line.substr(0, blank)),
             static_cast<std::uint32_t>(from_big_endian(std::string_view(*bytes).substr(0, 4))),
             bytes->substr(4)});
    }
    if (out.signatures.empty()) return malformed("it has no signatures");
    return out;
}

std::string print(const Note& note) {
    std::string out = note.text + "\n";
    for (const auto& one : note.signatures)
        out +=
            fmt::format("{}{} {}\n", dash, one.name, base64(big_endian(one.key_id, 4) + one.bytes));
    return out;
}

base::Result<NoteSignature> sign_note(std::string_view text, std::string_view name,
                                      const crypto::PrivateKey& key) {
    ASSAY_TRY(const auto bytes, key.sign(text));
    return NoteSignature{std::string(name),
                         key_id(name, NoteKind::ed25519, key.public_key().bytes()),
                         std::string(bytes.begin(), bytes.end())};
}

base::Result<NoteSignature> cosign(std::string_view text, std::string_view name,
                                   const crypto::PrivateKey& key, base::Moment at) {
    const auto seconds = static_cast<std::uint64_t>(at.time_since_epoch().count());
    ASSAY_TRY(const auto bytes, key.sign(cosigned_message(text, seconds)));
    return NoteSignature{std::string(name),
                         key_id(name, NoteKind::cosignature, key.public_key().bytes()),
                         big_endian(seconds, 8) + std::string(bytes.begin(), bytes.end())};
}

bool is_signed_by(const Note& note, const Verifier& verifier) {
    if (verifier.kind == NoteKind::cosignature) return cosigned_at(note, verifier).has_value();
    return std::ranges::any_of(note.signatures, [&](const NoteSignature& one) {
        return one.name == verifier.name && one.key_id == verifier.id() &&
               verifier.key.verify(note.text, octets(one.bytes));
    });
}

std::optional<base::Moment> cosigned_at(const Note& note, const Verifier& verifier) {
    for (const auto& one : note.signatures) {
        if (one.name != verifier.name || one.key_id != verifier.id() || one.bytes.size() != 72)
            continue;
        const auto seconds = from_big_endian(std::string_view(one.bytes).substr(0, 8));
        const bool valid =
            seconds < (1ull << 40) &&
            verifier.key.verify(cosigned_message(note.text, seconds), octets(one.bytes).subspan(8));
        if (valid) return base::Moment(std::chrono::seconds(seconds));
    }
    return std::nullopt;
}

base::Result<Checkpoint> parse_checkpoint(std::string_view text) {
    const auto lines = base::split(text, '\n');
    Checkpoint out;
    if (lines.size() == 4 && lines[3].empty() && !lines[0].empty()) {
        const auto size = base::parse_decimal(lines[1], UINT64_MAX);
        const auto root = strict_base64(lines[2]);
        if (size && root && root->size() == out.root.size()) {
            out.origin = lines[0];
            out.size = *size;
            std::copy(root->begin(), root->end(), out.root.begin());
            if (print(out) == text) return out;
        }
    }
    return base::fail(base::ErrorKind::malformed,
                      "a checkpoint has three lines: the log's name, its size, its root hash");
}

std::string print(const Checkpoint& checkpoint) {
    return fmt::format("{}\n{}\n{}\n", checkpoint.origin, checkpoint.size,
                       base::base64_encode(checkpoint.root));
}

}  // namespace assay::prove
