// Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/keys.hpp"
#include "prove/merkle.hpp"

namespace assay::prove {

inline constexpr std::size_t note_octets_max = 16'384;  // ours: a checkpoint has some 500
inline constexpr std::size_t note_signatures_max = 16;  // ours

enum class NoteKind : std::uint8_t { ed25519 = 0x01, cosignature = 0x04 };

// A public key with its name: "name+hash+base64(type || key)".
struct Verifier {
    std::string name;
    NoteKind kind = NoteKind::ed25519;
    crypto::PublicKey key;
    std::uint32_t id() const;  // the first four bytes of SHA-256(name || 0A || type || key)
};
base::Result<Verifier> parse_verifier(std::string_view text);  // error: malformed
std::string print(const Verifier& verifier);

struct NoteSignature {
    std::string name;
    std::uint32_t key_id = 0;
    std::string bytes;
    bool operator==(const NoteSignature&) const = default;
};

struct Note {
    std::string text;  // ends with a line end
    std::vector<NoteSignature> signatures;
    bool operator==(const Note&) const = default;
};

// Strict: print(*parse_note(text)) == text. Error: malformed, limit.
base::Result<Note> parse_note(std::string_view text);
std::string print(const Note& note);

base::Result<NoteSignature> sign_note(std::string_view text, std::string_view name,
                                      const crypto::PrivateKey& key);
// A witness says that it saw this checkpoint at `at`, consistent with all that it saw before.
base::Result<NoteSignature> cosign(std::string_view text, std::string_view name,
                                   const crypto::PrivateKey& key, base::Moment at);
// Is there a valid signature of this verifier? For cosignatures: when it was made.
bool is_signed_by(const Note& note, const Verifier& verifier);
std::optional<base::Moment> cosigned_at(const Note& note, const Verifier& verifier);

struct Checkpoint {
    std::string origin;
    std::uint64_t size = 0;
    Hash root{};
    bool operator==(const Checkpoint&) const = default;
};

// The text of the note. Extension lines are refused: nothing here writes them.
base::Result<Checkpoint> parse_checkpoint(std::string_view text);
std::string print(const Checkpoint& checkpoint);

}  // namespace assay::prove
